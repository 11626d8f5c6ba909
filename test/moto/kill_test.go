package moto

import (
	"fmt"
	"testing"
)

// TestKill kills up with SIGKILL at ten moments, brings it up again without
// unlock, and expects the world of an undisturbed run; after a teardown nothing
// may be left.
func TestKill(t *testing.T) {
	t.Parallel()
	calm := start(t)
	dir := project(t, shop("affordable", "1.28"))
	before := calm.world(t)
	up := calm.berth(t, dir, "up", "--yes")
	up.mustExit(t, 0)
	want := calm.world(t)
	const moments = 10
	for i := range moments {
		call := 12 + i*(up.calls-16)/(moments-1)
		t.Run(fmt.Sprintf("call %d", call), func(t *testing.T) {
			t.Parallel()
			m := start(t)
			dir := project(t, shop("affordable", "1.28"))
			m.killAt(call)
			if r := m.berth(t, dir, "up", "--yes"); r.code != -1 {
				t.Fatalf("berth was to be killed at call %d, and ended with %d after %d calls:\n%s", call, r.code, r.calls, r.talk)
			}
			m.berth(t, dir, "up", "--yes").mustExit(t, 0)
			if got := m.world(t); got != want {
				t.Errorf("after the second up:\n%s\nan undisturbed run gives:\n%s", got, want)
			}
			m.berth(t, dir, "down", "--yes").mustExit(t, 0)
			if after := m.world(t); after != before {
				t.Errorf("left after down:\n%s", after)
			}
		})
	}
}
