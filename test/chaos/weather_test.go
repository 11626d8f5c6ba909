package chaos

import (
	"hash/fnv"
	"math/rand/v2"
	"strconv"
	"time"
)

// weather is what a round's seed decides about the way to AWS.
type weather struct {
	seed uint64
	// rate is the share of requests that meet a fault, of the kinds that the
	// round has.
	rate  float64
	kinds []fault
	// skew is how far AWS's clock is ahead of this machine's.
	skew time.Duration
	// lists is the share of lists that are of some time ago, lag for how long
	// after its creation an object is not found.
	lists float64
	lag   time.Duration
	// refresh says that the credentials are a container's, which are new every
	// few seconds, and not those of the environment.
	refresh bool
	// takeover says that a run is stopped for longer than its lease: one round in
	// sixteen, because that takes most of a minute.
	takeover bool
}

// longestLag bounds how late AWS shows things in a round. berth allows for 15 s
// (state.Settle); a shorter lag makes shorter rounds: the locks are dated back
// by the rest (see clock_test.go).
const (
	longestLag = 2500 * time.Millisecond
	datedBack  = 12 * time.Second
)

// weatherOf makes the weather of a seed.
func weatherOf(seed uint64) *weather {
	r := rand.New(rand.NewPCG(seed, 1))
	w := &weather{seed: seed, rate: 0.01 + 0.07*r.Float64()}
	for _, f := range faults() {
		if r.IntN(2) == 0 {
			w.kinds = append(w.kinds, f)
		}
	}
	if r.IntN(4) == 0 {
		w.skew = time.Duration(r.IntN(80)-40) * time.Minute
	}
	if r.IntN(2) == 0 {
		w.lists = 0.3 * r.Float64()
		w.lag = time.Duration(r.Int64N(int64(longestLag)))
	}
	w.refresh = r.IntN(3) == 0
	w.takeover = r.IntN(16) == 0
	return w
}

// dice are the dice of one event, which the seed and its names decide alone.
func (w *weather) dice(names ...string) *rand.Rand {
	h := fnv.New64a()
	for _, n := range names {
		_, _ = h.Write([]byte(n + "\n"))
	}
	return rand.New(rand.NewPCG(w.seed, h.Sum64()))
}

// meet is the fault of the nth call of an operation by a run; false for none.
func (w *weather) meet(c call, n int) (fault, bool) {
	d := w.dice("fault", c.run, c.String(), strconv.Itoa(n))
	if len(w.kinds) == 0 || d.Float64() >= w.rate {
		return fault{}, false
	}
	total := 0
	for _, f := range w.kinds {
		total += f.weight
	}
	at := d.IntN(total)
	for _, f := range w.kinds {
		if at -= f.weight; at < 0 {
			return f, true
		}
	}
	return fault{}, false
}
