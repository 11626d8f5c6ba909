package crash

import (
	"fmt"
	"regexp"
	"slices"
	"testing"
	"testing/synctest"

	"github.com/berthdev/berth/internal/deploy"
)

var ran = regexp.MustCompile(`"berth:ran":"[0-9a-f]+"`)

// born matches how often a database began empty.
var born = regexp.MustCompile(`empty the \d+\. time`)

// TestAtOnce runs one command right after the other, while AWS's lists still
// lag behind: berth must not make again what was just made, and must not treat
// as existing what was just deleted.
func TestAtOnce(t *testing.T) {
	t.Parallel()
	for seed := uint64(1); seed <= 6; seed++ {
		s := stories(t, "dns")
		up, update := prepare(t, s[0], seed), prepare(t, s[1], seed)
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				b := up.begin(t)
				down := deploy.Request{Down: true, DeleteData: true}
				for i, step := range []struct {
					p   prepared
					req deploy.Request
				}{{up, deploy.Request{}}, {update, deploy.Request{}}, {update, down}, {up, deploy.Request{}}, {up, down}} {
					b.SetSecret(t, "shop-dev", "PW", step.p.secret) // a teardown with its data deletes it
					if _, err := b.Run(t.Context(), step.p.app, step.req); err != nil {
						t.Fatalf("step %d: %v", i, err)
					}
				}
				if left := b.World.Leftovers(); !slices.Equal(left, up.ground) {
					t.Errorf("left behind: %q", left)
				}
				b.SetSecret(t, "shop-dev", "PW", up.secret)
				if _, err := b.Up(t.Context(), up.app); err != nil {
					t.Fatal(err)
				}
				// The job's trigger includes the secret's version, which differs.
				got, want := ran.ReplaceAllString(settled(b), "RAN"), ran.ReplaceAllString(up.want, "RAN")
				// The teardowns deleted the data, so the databases are new
				// ones.
				got, want = born.ReplaceAllString(got, "empty"), born.ReplaceAllString(want, "empty")
				if got != want {
					t.Errorf("the world differs:\n%s", differences(want, got))
				}
			})
		})
	}
}
