package blueprint

import (
	"errors"
	"slices"
	"testing"

	"github.com/berthdev/berth/internal/app"
)

func TestPriorities(t *testing.T) {
	t.Parallel()
	routes := []Route{
		{Host: "a.example.com"}, {Host: "a.example.com", Path: "/api"}, {Host: "a.example.com", Path: "/api/v1"},
		{Host: "b.example.com"}, {Host: "*.example.com"}, {Host: "*.example.com", Path: "/api"},
	}
	got := priorities(routes, nil)
	for _, before := range [][2]int{{2, 1}, {1, 0}, {0, 4}, {3, 4}, {1, 5}, {5, 4}} {
		if got[before[0]] >= got[before[1]] {
			t.Errorf("%v has priority %d, %v has %d", routes[before[0]], got[before[0]], routes[before[1]], got[before[1]])
		}
	}
	if last := slices.Max(got); last > 40000 {
		t.Errorf("priority %d is among those of rules that match everything", last)
	}
	taken := []Route{{Priority: got[0]}, {Priority: got[0] + 1}}
	again := priorities(routes, taken)
	for i, p := range again {
		if p == got[0] || p == got[0]+1 {
			t.Errorf("%v got the priority %d, which is taken", routes[i], p)
		}
	}
	if !slices.Equal([]int{again[1], again[2], again[4], again[5]}, []int{got[1], got[2], got[4], got[5]}) {
		t.Errorf("rules of other lengths moved: %v, before %v", again, got)
	}
}

// Routes keep their order even if a band has not enough numbers for them.
func TestPrioritiesBeyondABand(t *testing.T) {
	t.Parallel()
	var routes []Route
	for i := range 60 {
		routes = append(routes, Route{Host: string(rune('a'+i/26)) + string(rune('a'+i%26)) + ".example.com", Path: "/x"})
	}
	routes = append(routes, Route{Host: routes[59].Host}, Route{Host: routes[0].Host})
	got := priorities(routes, nil)
	seen := map[int]bool{}
	for _, p := range got {
		if seen[p] {
			t.Fatalf("priority %d twice", p)
		}
		seen[p] = true
	}
	if got[60] < got[59] || got[61] < got[0] {
		t.Error("a host stands before its own path")
	}
}

func TestATakenHostIsRefused(t *testing.T) {
	t.Parallel()
	a := shop()
	a.Services[0].Hosts = []app.Host{{Name: "app.example.com", Path: "/api", Origin: "compose.yaml:7"}}
	a.Services[0].Ports[0].Hosted = true
	f := facts()
	f.Names.Taken = []Route{{Host: "app.example.com", Priority: 5, Owner: "stack/shared/blog"}}
	if _, err := Build(a, f); err != nil {
		t.Errorf("another path of the host: %v", err)
	}
	f.Names.Taken[0].Path = "/api"
	_, err := Build(a, f)
	var taken *TakenRouteError
	if !errors.As(err, &taken) || taken.Owner != "stack/shared/blog" {
		t.Errorf("got %v, want a TakenRouteError that names the owner", err)
	}
}

// The service has another name than the other project's: their rules would have
// different priorities, and one of the two would get nothing.
func TestAPortOfAnotherProjectIsRefused(t *testing.T) {
	t.Parallel()
	a, f := shop(), facts()
	port := a.Services[0].PublicPorts()[0].Published
	f.Names.Taken = []Route{
		{Port: port + 1, Priority: 48000, Owner: "stack/" + a.Environment + "/blog"},
		{Port: port, Host: "app.example.com", Priority: 5, Owner: "stack/" + a.Environment + "/blog"},
		{Port: port, Priority: 48001},
	}
	if _, err := Build(a, f); err != nil {
		t.Errorf("another port, a host on the port, and a rule of nobody: %v", err)
	}
	f.Names.Taken[2].Owner = "stack/" + a.Environment + "/blog"
	_, err := Build(a, f)
	var taken *TakenPortError
	if !errors.As(err, &taken) || taken.Project != "blog" || taken.Port != port || taken.Service != a.Services[0].Name {
		t.Errorf("got %v, want a TakenPortError that names the project", err)
	}
}

func TestANetworkPortOfAnotherProjectIsRefused(t *testing.T) {
	t.Parallel()
	a, f := shop(), facts()
	a.Services[0].Ports = append(a.Services[0].Ports, app.Port{Published: 5000, Container: 5000, Protocol: app.AppTCP, App: app.AppTCP, Public: true})
	f.Names.TakenNetwork = []TakenPort{
		{Port: 5001, Owner: "stack/" + a.Environment + "/blog"},
		{Port: 5000, Internal: true, Owner: "stack/" + a.Environment + "/blog"},
		{Port: 5000},
	}
	if _, err := Build(a, f); err != nil {
		t.Errorf("another port, the other balancer, and a listener of nobody: %v", err)
	}
	f.Names.TakenNetwork[2].Owner = "stack/" + a.Environment + "/blog"
	_, err := Build(a, f)
	var taken *TakenPortError
	if !errors.As(err, &taken) || taken.Project != "blog" || taken.Port != 5000 || !taken.Network {
		t.Errorf("got %v, want a TakenPortError that names the project", err)
	}
}
