package chaos

import (
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"sync"
	"testing"
)

// inCI are the seeds of `make test`, and a random one. Rounds in which a lock is
// taken over or a file system is made are not among them, because these last
// minutes.
func inCI() []uint64 {
	list := []uint64{1, 9, 21}
	for {
		seed := uint64(rand.Uint32())
		if !weatherOf(seed).takeover && !projectOf(seed).slow {
			return append(list, seed)
		}
	}
}

// seeds are those to play: that of BERTH_CHAOS_SEED, as many random ones as
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
	text := os.Getenv("BERTH_CHAOS_ROUNDS")
	if text == "" {
		return inCI()
	}
	rounds, err := strconv.Atoi(text)
	if err != nil {
		t.Fatalf("BERTH_CHAOS_ROUNDS: %v", err)
	}
	var list []uint64
	for range rounds {
		list = append(list, uint64(rand.Uint32()))
	}
	return list
}

// perMoto is how many rounds share a moto: it keeps all that AWS manages for
// each of its accounts, some 35 MiB.
const perMoto = 20

// TestChaos plays a round for each seed: the project converges, nothing of it is
// left in the end, nobody else's objects are touched, no run panics or prints a
// secret, and every lock is free.
func TestChaos(t *testing.T) {
	t.Parallel()
	calm := &undisturbed{counts: map[string]map[string]int{}}
	for some := range slices.Chunk(seeds(t), perMoto) {
		t.Run("moto", func(t *testing.T) {
			moto := startMoto(t)
			for _, seed := range some {
				t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
					t.Parallel()
					r := newRound(t, moto, seed, weatherOf(seed))
					defer r.report()
					same(t, r.live(), calm.of(t, moto, r.project))
					t.Logf("seed %d, %s: %d runs, %d faults", seed, r.project.name, r.runs, r.proxy.journal.faults())
				})
			}
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
	mu     sync.Mutex
	counts map[string]map[string]int
}

func (u *undisturbed) of(t *testing.T, moto string, p project) map[string]int {
	t.Helper()
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.counts[p.name] == nil {
		r := newRound(t, moto, 0, &weather{})
		defer r.report()
		r.project = p
		u.counts[p.name] = r.raise()
	}
	return u.counts[p.name]
}
