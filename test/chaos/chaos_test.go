package chaos

import (
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
	"sync"
	"testing"
)

// inCI are the seeds of `make test`; a random one is added.
func inCI() []uint64 { return []uint64{1, 2, 3, 4} }

// seeds are those to play: one of BERTH_CHAOS_SEED, as many random ones as
// BERTH_CHAOS_ROUNDS says, or those of CI.
func seeds(t *testing.T) []uint64 {
	t.Helper()
	if text := os.Getenv("BERTH_CHAOS_SEED"); text != "" {
		seed, err := strconv.ParseUint(text, 10, 64)
		if err != nil {
			t.Fatalf("BERTH_CHAOS_SEED: %v", err)
		}
		return []uint64{seed}
	}
	rounds, list := 1, inCI()
	if text := os.Getenv("BERTH_CHAOS_ROUNDS"); text != "" {
		var err error
		if rounds, err = strconv.Atoi(text); err != nil {
			t.Fatalf("BERTH_CHAOS_ROUNDS: %v", err)
		}
		list = nil
	}
	for range rounds {
		list = append(list, uint64(rand.Uint32()))
	}
	return list
}

// TestChaos plays a round for each seed: the project converges, nothing of it is
// left in the end, nobody else's objects are touched, no run panics or prints a
// secret, and every lock is free.
func TestChaos(t *testing.T) {
	t.Parallel()
	moto := startMoto(t)
	calm := &undisturbed{moto: moto, counts: map[string]map[string]int{}}
	for _, seed := range seeds(t) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			r := newRound(t, moto, seed, weatherOf(seed))
			defer r.report()
			got := r.live(r.weather.takeover)
			same(t, got, calm.of(t, r.project))
		})
	}
}

// report says all that a failed round needs to be played again.
func (r *round) report() {
	if !r.t.Failed() {
		return
	}
	r.t.Logf("seed %d, project %s, account %s. To play it again:\n\n    make chaos SEED=%d\n\nWhat happened:\n%s",
		r.seed, r.project.name, r.account, r.seed, r.proxy.journal)
}

// undisturbed are the counts of each project's objects in good weather, made
// when they are first asked for.
type undisturbed struct {
	moto   string
	mu     sync.Mutex
	counts map[string]map[string]int
}

func (u *undisturbed) of(t *testing.T, p project) map[string]int {
	t.Helper()
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.counts[p.name] == nil {
		r := newRound(t, u.moto, 0, &weather{})
		defer r.report()
		r.project = p
		u.counts[p.name] = r.live(false)
	}
	return u.counts[p.name]
}
