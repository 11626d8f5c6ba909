package crash

import (
	"fmt"
	"os"
	"slices"
	"sync/atomic"
	"testing"
	"testing/synctest"

	"github.com/berthdev/berth/internal/deploy"
	"github.com/berthdev/berth/internal/sandbox"
	"github.com/berthdev/berth/test/bed"
)

// points is the least number of crash points in a normal run. BERTH_CRASH=all
// runs every one.
const points = 520

// TestCrashPoints kills a run at a call, before or after its effect, and runs
// the same again in another process on another host without any memory. The
// world must be the same as after an undisturbed run. A teardown must leave
// nothing.
func TestCrashPoints(t *testing.T) {
	t.Parallel()
	var all []prepared
	total := 0
	for seed := uint64(1); seed <= 3; seed++ {
		for _, discovery := range []string{"dns", "connect"} {
			for _, s := range stories(t, discovery) {
				p := prepare(t, s, seed)
				all = append(all, p)
				total += 2 * len(p.calls)
			}
		}
	}
	ran, beyond := crashAll(t, all, max(1, total/points))
	t.Logf("%d crash points ran, of %d (%d calls were not reached again); set BERTH_CRASH=all for every one",
		ran, total, beyond)
	if ran < 500 {
		t.Errorf("only %d crash points", ran)
	}
}

// crashAll runs every stride-th crash point of all stories. It returns how many
// reached their call, and how many did not.
func crashAll(t *testing.T, all []prepared, stride int) (ran, beyond int64) {
	t.Helper()
	if os.Getenv("BERTH_CRASH") == "all" {
		stride = 1
	}
	var reachedIt, beyondIt atomic.Int64
	t.Run("points", func(t *testing.T) {
		at := 0
		for _, p := range all {
			for k := range p.calls {
				for _, kind := range []sandbox.FaultKind{sandbox.KillBefore, sandbox.KillAfter} {
					if at++; at%stride != 0 {
						continue
					}
					t.Run(fmt.Sprintf("%s/seed %d/call %d/%s", p.name, p.opt.Seed, k, modes[kind]), func(t *testing.T) {
						t.Parallel()
						p.crash(t, k, kind, func(reached bool) {
							if reached {
								reachedIt.Add(1)
							} else {
								beyondIt.Add(1)
							}
						})
					})
				}
			}
		}
	})
	return reachedIt.Load(), beyondIt.Load()
}

var modes = map[sandbox.FaultKind]string{sandbox.KillBefore: "before", sandbox.KillAfter: "after"}

// crash runs one crash point. It returns whether the run reached call k.
func (p prepared) crash(t *testing.T, k int, kind sandbox.FaultKind, tell func(reached bool)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		b := p.begin(t)
		var died sandbox.Call
		reached := false
		b.World.Inject(func(c sandbox.Call) sandbox.Fault {
			if c.Index == k {
				died, reached = c, true
				return sandbox.Fault{Kind: kind}
			}
			return sandbox.Fault{}
		})
		_, err := b.Run(t.Context(), p.app, p.req)
		tell(reached)
		if !reached {
			return
		}
		where := fmt.Sprintf("killed %s call %d, %s %s", modes[kind], k, died.Service, died.Operation)
		b.World.Inject(nil)
		b.World.Revive()
		if _, again := b.Run(t.Context(), p.app, p.req); again != nil {
			t.Errorf("%s (%v): the next run fails: %v", where, err, again)
			return
		}
		if again := p.repeat(t, b); again != nil {
			t.Errorf("%s: the run after that fails: %v", where, again)
		}
		if got := settled(b); got != p.want {
			t.Errorf("%s: the world differs:\n%s", where, differences(p.want, got))
		}
		p.end(t, b, where)
	})
}

// end tears everything down and checks that nothing is left.
func (p prepared) end(t *testing.T, b *bed.Bed, where string) {
	t.Helper()
	if !p.req.DeleteData {
		if _, err := b.Run(t.Context(), p.app, deploy.Request{Down: true, DeleteData: true}); err != nil {
			t.Errorf("%s: the teardown fails: %v", where, err)
			return
		}
	}
	if left := b.World.Leftovers(); !slices.Equal(left, p.ground) {
		t.Errorf("%s: left behind: %q", where, left)
	}
}
