package account

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"github.com/berthdev/berth/internal/clock"
	"github.com/berthdev/berth/internal/concurrent"
	"github.com/berthdev/berth/internal/engine"
)

const (
	// readAtOnce is how many objects one reading takes in: what one
	// DescribeClusters call does.
	readAtOnce = 100
	// readTimeout bounds one reading.
	readTimeout = 2 * time.Minute
	// gatherFor is how long the first of several objects waits for the others.
	gatherFor = 5 * time.Millisecond
)

// Reading is what AWS showed of an object.
type Reading struct {
	// At is when AWS was asked.
	At time.Time
	// Lives are the objects with the desired names, of any owner.
	Lives []engine.Object
	Err   error
}

// Readings reads many objects with few calls. Whoever needs a reading gets one
// together with those that need one at the same moment, and the rest of the
// call is filled with the objects that are due next: they find their reading
// made. It is safe for use by many goroutines. Make it with NewReadings.
type Readings struct {
	registry *engine.Registry
	clock    clock.Clock

	mu      sync.Mutex
	entries map[string]*entry
	// asking are the entries that a goroutine waits for; busy says that a reading
	// is under way.
	asking []*entry
	busy   bool
}

// entry is one object that is read again and again.
type entry struct {
	wanted  []engine.Wanted
	reading Reading
	// due is when its next reading is needed, slack how long before that it may
	// be made; zero if nobody has said.
	due   time.Time
	slack time.Duration
	// waiting are those who wait for the next reading.
	waiting []chan Reading
	// began is when the reading under way began, zero if there is none; joined
	// are those who wait for that one.
	began  time.Time
	joined []chan Reading
}

// NewReadings returns readings of a registry's types.
func NewReadings(r *engine.Registry, c clock.Clock) *Readings {
	return &Readings{registry: r, clock: c, entries: map[string]*entry{}}
}

// Read returns a reading of the wanted resources that was made at since or
// later. The key names the object. A failure is Reading.Err.
func (r *Readings) Read(ctx context.Context, key string, wanted []engine.Wanted, since time.Time) Reading {
	done, ready := r.ask(key, wanted, since)
	if done == nil {
		return ready
	}
	select {
	case reading := <-done:
		return reading
	case <-ctx.Done():
		return Reading{Err: context.Cause(ctx)}
	}
}

// Expect says when an object will be read next, and how long before that its
// reading may be made.
func (r *Readings) Expect(key string, due time.Time, slack time.Duration) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if e, ok := r.entries[key]; ok {
		e.due, e.slack = due, slack
	}
}

// Forget drops an object that will not be read any more.
func (r *Readings) Forget(key string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if e, ok := r.entries[key]; ok && len(e.waiting)+len(e.joined) == 0 {
		delete(r.entries, key)
	}
}

func (r *Readings) ask(key string, wanted []engine.Wanted, since time.Time) (done chan Reading, ready Reading) {
	r.mu.Lock()
	defer r.mu.Unlock()
	e, ok := r.entries[key]
	if !ok {
		e = &entry{}
		r.entries[key] = e
	}
	e.wanted = wanted
	if !e.reading.At.IsZero() && !e.reading.At.Before(since) {
		ready = e.reading
		return nil, ready
	}
	done = make(chan Reading, 1)
	if !e.began.IsZero() && !e.began.Before(since) {
		e.joined = append(e.joined, done)
		return done, Reading{}
	}
	if len(e.waiting) == 0 {
		r.asking = append(r.asking, e)
	}
	e.waiting = append(e.waiting, done)
	if !r.busy {
		r.busy = true
		go r.work()
	}
	return done, Reading{}
}

// work reads until no goroutine waits any more.
func (r *Readings) work() {
	ctx := context.Background()
	_ = r.clock.Sleep(ctx, gatherFor) // the background context never ends
	for {
		batch := r.next()
		if len(batch) == 0 {
			return
		}
		r.read(ctx, batch)
	}
}

// job is one entry of a batch as it was when the reading began. The first
// reading of a batch may be repeated in parts.
type job struct {
	*entry
	began  time.Time
	wanted []engine.Wanted
}

// next takes the entries that are asked for and fills the batch with those that
// will be.
func (r *Readings) next() []job {
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.asking) == 0 {
		r.busy = false
		return nil
	}
	n := min(len(r.asking), readAtOnce)
	taken := r.asking[:n]
	r.asking = slices.Clone(r.asking[n:])
	if n < readAtOnce {
		taken = slices.Concat(taken, r.dueNext(readAtOnce-n))
	}
	now := r.clock.Now()
	var batch []job
	for _, e := range taken {
		batch = append(batch, job{e, now, e.wanted})
		e.began, e.joined, e.waiting = now, e.waiting, nil
	}
	return batch
}

// dueNext are the entries whose reading is due soonest, among those that may be
// made already.
func (r *Readings) dueNext(n int) []*entry {
	now := r.clock.Now()
	var out []*entry
	for _, e := range r.entries {
		opens := e.due.Add(-e.slack)
		if len(e.waiting) == 0 && !e.due.IsZero() && !now.Before(opens) && e.reading.At.Before(opens) {
			out = append(out, e)
		}
	}
	slices.SortFunc(out, func(a, b *entry) int { return cmp.Compare(a.due.UnixNano(), b.due.UnixNano()) })
	return out[:min(n, len(out))]
}

// read reads a batch. One object can make the answer for its whole batch fail: the
// batch is then read in halves, down to that object.
func (r *Readings) read(ctx context.Context, batch []job) {
	found, err := r.findSafely(ctx, batch)
	if err != nil && len(batch) > 1 && mayBeOne(err) && (engine.ClassOf(err) != engine.Denied || !r.deniedAll(ctx, batch)) {
		r.read(ctx, batch[:len(batch)/2])
		r.read(ctx, batch[len(batch)/2:])
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, j := range batch {
		reading := Reading{At: j.began, Err: err}
		for _, w := range j.wanted {
			reading.Lives = append(reading.Lives, found[key(w.Resource)]...)
		}
		if err == nil {
			j.reading = reading
		}
		for _, c := range j.joined {
			c <- reading
		}
		j.entry.began, j.joined = time.Time{}, nil
	}
}

// deniedAll says that a denial is for all of a batch, as far as three of them
// tell: reading every one alone would not help.
func (r *Readings) deniedAll(ctx context.Context, batch []job) bool {
	if len(batch) <= 3 {
		return false
	}
	for _, i := range []int{0, len(batch) / 2, len(batch) - 1} {
		if _, err := r.findSafely(ctx, batch[i:i+1]); err == nil || engine.ClassOf(err) != engine.Denied {
			return false
		}
	}
	return true
}

// mayBeOne says that a single object may have spoilt the answer.
func mayBeOne(err error) bool {
	switch engine.ClassOf(err) {
	case engine.Denied, engine.Terminal, engine.NotFound:
		return !errors.Is(err, context.Canceled) && !errors.Is(err, context.DeadlineExceeded)
	}
	return false
}

// findSafely is find, with an error for a panic: otherwise the waiting goroutines
// would never get an answer.
func (r *Readings) findSafely(ctx context.Context, batch []job) (found map[string][]engine.Object, err error) {
	err = concurrent.Safely(func() (err error) {
		found, err = r.find(ctx, batch)
		return err
	})
	return found, err
}

// find asks every type once, by the identity that Find's answers carry.
func (r *Readings) find(ctx context.Context, batch []job) (map[string][]engine.Object, error) {
	ctx, cancel := context.WithTimeout(ctx, readTimeout)
	defer cancel()
	byType := map[string][]engine.Wanted{}
	for _, j := range batch {
		for _, w := range j.wanted {
			byType[w.Resource.Type()] = append(byType[w.Resource.Type()], w)
		}
	}
	out := map[string][]engine.Object{}
	for typ, wanted := range byType {
		t, ok := r.registry.Lookup(typ)
		if !ok {
			continue
		}
		finder, ok := t.Finder()
		if !ok {
			continue
		}
		objects, err := finder.Find(ctx, engine.Query{Wanted: wanted})
		if err != nil {
			return nil, err
		}
		for _, l := range objects {
			out[typ+" "+l.ID] = append(out[typ+" "+l.ID], l)
		}
	}
	return out, nil
}

// key is the type and the name of a wanted resource: its attribute "name",
// which is the id of the objects that are found by it.
func key(r engine.Resource) string {
	for _, a := range engine.AttrsOf(r) {
		if a.Name == "name" {
			return r.Type() + " " + a.Value
		}
	}
	return r.Type()
}
