package docs

import (
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/berthdev/berth/internal/sandbox"
	"github.com/berthdev/berth/test/bed"
)

// TestFortyServices measures what docs/forty-services.md says: four teams, each with
// ten services, in one environment.
func TestFortyServices(t *testing.T) {
	t.Parallel()
	quotas := map[string]int{}
	for _, q := range sandbox.Quotas() {
		quotas[q.Name] = max(q.Value, 800)
	}
	teams := []string{"accounts", "orders", "search", "web"}
	synctest.Test(t, func(t *testing.T) {
		b := bed.New(t, sandbox.Options{Seed: 1, Latency: 50 * time.Millisecond, MaxLag: 3 * time.Second, Buckets: true, Quotas: quotas})
		var took []time.Duration
		for _, team := range teams {
			f, err := b.Up(t.Context(), bed.App(t, teamOf(team)))
			if err != nil {
				t.Fatalf("%s: %v", team, err)
			}
			t.Logf("%s: %.0f s, %d calls", team, f.Took.Seconds(), f.Calls)
			took = append(took, f.Took)
			time.Sleep(time.Minute)
		}
		if took[0] > 150*time.Second || took[1] > 100*time.Second || took[3] > 100*time.Second {
			t.Errorf("the teams take %v: docs/forty-services.md says less", took)
		}
		f, err := b.Up(t.Context(), bed.App(t, teamOf("orders")))
		if err != nil || f.Changing > 0 {
			t.Errorf("without changes: %d changing calls, %v", f.Changing, err)
		}
		t.Logf("without changes: %.1f s, %d calls", f.Took.Seconds(), f.Calls)
		changed := strings.Replace(teamOf("orders"), "example/orders0:1", "example/orders0:2", 1)
		f, err = b.Up(t.Context(), bed.App(t, changed))
		if err != nil {
			t.Fatal(err)
		}
		t.Logf("one image: %.0f s, %d calls, %d actions", f.Took.Seconds(), f.Calls, len(f.Plan.Actions))
	})
}

// teamOf is a project of ten services in the shared environment, five of them public.
func teamOf(name string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "name: %s\nx-berth: { environment: platform, discovery: connect }\nservices:\n", name)
	for i := range 10 {
		fmt.Fprintf(&b, "  %s%d:\n    image: example/%[1]s%[2]d:1\n    expose: [\"3000\"]\n    healthcheck: { test: [CMD, \"true\"] }\n", name, i)
		if i%2 == 0 {
			fmt.Fprintf(&b, "    x-berth: { host: www.example.com/%s%d, protocol: http, health: { path: /up } }\n", name, i)
		}
	}
	return b.String()
}
