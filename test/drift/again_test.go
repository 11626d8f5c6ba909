package drift

import (
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/berthdev/berth/internal/deploy"
	"github.com/berthdev/berth/internal/sandbox"
	"github.com/berthdev/berth/test/bed"
)

// managed returns the images of all versions of databases that AWS runs.
func managed() []string {
	return []string{
		"postgres:13", "postgres:14", "postgres:15", "postgres:16", "postgres:17", "postgres:18", "mysql:8.0", "mysql:8.4", "mysql:9.7",
		"redis:6.2", "redis:7.0", "redis:7.1", "valkey/valkey:7.2", "valkey/valkey:8.0", "valkey/valkey:8.1", "valkey/valkey:8.2",
		"valkey/valkey:9.0", "valkey/valkey:9.1",
	}
}

// TestEveryDatabaseIsAsWished brings up each managed engine in each version, with
// and without TLS where berth has the choice: AWS must accept what berth sends
// for that version, and a second up must find nothing to do, even in a deep
// reading.
func TestEveryDatabaseIsAsWished(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	b.WriteString("name: shop\nservices:\n")
	add := func(image, settings string) {
		fmt.Fprintf(&b, "  d%d: {image: %q, x-berth: {managed: %s}}\n", b.Len(), image, settings)
	}
	for _, image := range managed() {
		add(image, "true")
		if !strings.Contains(image, "sql") && !strings.HasPrefix(image, "postgres") {
			add(image, "{tls: required}")
		}
	}
	a := bed.App(t, b.String())
	synctest.Test(t, func(t *testing.T) {
		b := bed.New(t, sandbox.Options{Seed: 1, Latency: 40 * time.Millisecond, MaxLag: 3 * time.Second, Buckets: true})
		if _, err := b.Up(t.Context(), a); err != nil {
			t.Fatal(err)
		}
		time.Sleep(bed.Quiet)
		for _, deep := range []bool{false, true} {
			p, err := b.Start(t.Context(), a)
			if err != nil {
				t.Fatal(err)
			}
			again, err := p.Plan(t.Context(), deploy.Request{Deep: deep})
			if err != nil {
				t.Fatal(err)
			}
			if !again.Empty() {
				t.Errorf("deep %v: there is something to do after an up:\n%s", deep, again.Plan)
			}
		}
	})
}
