package deploy

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/berthdev/berth/internal/blueprint"
)

func TestReaches(t *testing.T) {
	t.Parallel()
	urls := []blueprint.URL{
		{Service: "web", Port: 443, URL: "https://Shop.example.org/a"},
		{Service: "web", Port: 80, URL: "http://new.example.org"},
		{Service: "web", Port: 443, URL: "https://lost.example.org"},
		{Service: "api", Port: 8080, URL: "http://balancer.amazonaws.com:8080"},
		{Service: "mqtt", Port: 1883, URL: "net.amazonaws.com:1883"},
	}
	got := reaches(urls, lacking{
		tasks:   map[string]string{"api": noTaskRuns},
		records: map[string]string{"lost.example.org": noRecord},
		tls:     map[string]string{"new.example.org": notIssued, "lost.example.org": notIssued},
	})
	want := []Reach{
		{"web", 443, "https://Shop.example.org/a", true, ""},
		{"web", 80, "http://new.example.org", true, "without TLS: " + notIssued},
		{"web", 443, "https://lost.example.org", false, noRecord},
		{"api", 8080, "http://balancer.amazonaws.com:8080", false, noTaskRuns},
		{"mqtt", 1883, "net.amazonaws.com:1883", true, ""},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	for address, host := range map[string]string{"https://A.b/c": "a.b", "http://a.b:80": "a.b", "x.y:1883/udp": "x.y", "": ""} {
		if got := hostOf(address); got != host {
			t.Errorf("hostOf(%q) = %q, want %q", address, got, host)
		}
	}
}
