package docs

import (
	"os"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/berthdev/berth/internal/deploy"
	"github.com/berthdev/berth/internal/sandbox"
	"github.com/berthdev/berth/test/bed"
)

// TestTheSecretsPage deploys the file on docs/secrets.md.
func TestTheSecretsPage(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../../docs/secrets.md")
	if err != nil {
		t.Fatal(err)
	}
	a := bed.App(t, blocks(string(text))[0])
	synctest.Test(t, func(t *testing.T) {
		b := bed.New(t, sandbox.Options{Seed: 1})
		_, err := b.Up(t.Context(), a)
		for _, name := range []string{"API_KEY", "DB_PASSWORD", "tls_key", "/team/token"} {
			if err == nil || !strings.Contains(err.Error(), name) {
				t.Errorf("%s is missing, and the error is %v", name, err)
			}
		}
		b.SetNeeds(t, a, "marker")
		if _, err := b.Up(t.Context(), a); err != nil {
			t.Fatal(err)
		}
		if got, _ := b.World.Parameter("/berth/shop-dev/shop/api/DATABASE_URL"); got != "postgres://shop:marker@db/shop" {
			t.Errorf("the assembled value is %q", got)
		}
		again, err := b.Up(t.Context(), a)
		if err != nil || again.Changing > 0 {
			t.Errorf("a second up makes %d changing calls: %v", again.Changing, err)
		}
		if _, err := b.Run(t.Context(), a, deploy.Request{Down: true}); err != nil {
			t.Fatal(err)
		}
		if _, ok := b.World.Parameter("/berth/shop-dev/API_KEY"); !ok {
			t.Error("down took a secret")
		}
		if _, ok := b.World.Parameter("/berth/shop-dev/shop/api/DATABASE_URL"); ok {
			t.Error("down left an assembled value")
		}
	})
}
