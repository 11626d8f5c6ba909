package engine

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/berthdev/berth/internal/clock"
	"github.com/berthdev/berth/internal/concurrent"
	"github.com/berthdev/berth/internal/engine/pace"
)

// lagBound is how long after a change the provider's answers may still not show it.
const lagBound = 15 * time.Second

// pollLoop polls the objects that a run waits for, in one goroutine per type. It ends with the
// context that it was started with.
type pollLoop struct {
	clock clock.Clock
	// note receives news about a waiting object.
	note   func(w *watched, k Kind, detail string)
	inbox  map[string]chan *watched
	closed <-chan struct{}
	wg     sync.WaitGroup
}

// watched is one object that is waited for.
type watched struct {
	step   *step
	object Object
	// gone says that the wait is for absence, not for readiness.
	gone bool
	// retried says that the object had failed before: for a while, answers may
	// still show that failure.
	retried bool
	typical time.Duration
	began   time.Time
	// next is the time of the next poll, gap the time between it and the one
	// before.
	next   time.Time
	gap    time.Duration
	faults int
	detail string
	result chan polled
}

// polled is the end of a wait.
type polled struct {
	object Object
	err    error
}

// startPoller starts a goroutine for each type that has a Poller and occurs in
// the steps. broken receives a panic in one of them.
func startPoller(ctx context.Context, c clock.Clock, steps []*step, note func(*watched, Kind, string), broken func(error)) *pollLoop {
	p := &pollLoop{clock: c, note: note, inbox: map[string]chan *watched{}, closed: ctx.Done()}
	for _, s := range steps {
		poller, ok := s.typ.Poller()
		if name := s.action.Type; ok && p.inbox[name] == nil {
			inbox := make(chan *watched)
			p.inbox[name] = inbox
			p.wg.Go(func() {
				err := concurrent.Safely(func() error {
					p.watch(ctx, poller, inbox)
					return nil
				})
				if err != nil {
					broken(fmt.Errorf("waiting for %s: %w", name, err))
				}
			})
		}
	}
	return p
}

// wait adds an object to the poller; the end of the wait comes through
// w.result.
func (p *pollLoop) wait(w *watched) {
	w.result = make(chan polled, 1)
	w.began = p.clock.Now()
	p.schedule(w, w.began)
	select {
	case p.inbox[w.step.action.Type] <- w:
	case <-p.closed:
	}
}

// schedule sets the time of the next poll after one at now.
func (p *pollLoop) schedule(w *watched, now time.Time) {
	w.next = w.began.Add(pace.Next(now.Sub(w.began), w.typical))
	w.gap = w.next.Sub(now)
}

func (p *pollLoop) watch(ctx context.Context, poller Poller, inbox <-chan *watched) {
	var waiting []*watched
	var last time.Time
	for {
		tick, stop := p.tick(ctx, waiting, last)
		select {
		case <-ctx.Done():
			stop()
			return
		case w := <-inbox:
			waiting = append(waiting, w)
		case <-tick:
			waiting = p.poll(ctx, poller, waiting)
			last = p.clock.Now()
		}
		stop()
	}
}

// tick returns a channel that is closed when the next poll is due.
func (p *pollLoop) tick(ctx context.Context, waiting []*watched, last time.Time) (<-chan struct{}, context.CancelFunc) {
	if len(waiting) == 0 {
		return nil, func() {}
	}
	next := waiting[0].next
	for _, w := range waiting {
		if w.next.Before(next) {
			next = w.next
		}
	}
	if soonest := last.Add(pace.Gap(len(waiting))); next.Before(soonest) {
		next = soonest
	}
	d := next.Sub(p.clock.Now())
	ctx, cancel := context.WithCancel(ctx)
	due := make(chan struct{})
	p.wg.Go(func() {
		if p.clock.Sleep(ctx, d) == nil {
			close(due)
		}
	})
	return due, cancel
}

// poll polls the objects that are due or nearly due, and returns those that
// must still be waited for.
func (p *pollLoop) poll(ctx context.Context, poller Poller, waiting []*watched) []*watched {
	now := p.clock.Now()
	var batch, rest []*watched
	for _, w := range waiting {
		if w.next.Add(-w.gap / 2).After(now) {
			rest = append(rest, w)
		} else {
			batch = append(batch, w)
		}
	}
	return append(rest, p.pollBatch(ctx, poller, batch)...)
}

func (p *pollLoop) pollBatch(ctx context.Context, poller Poller, batch []*watched) []*watched {
	objects := make([]Object, len(batch))
	for i, w := range batch {
		objects[i] = w.object
	}
	var found []Object
	err := concurrent.Safely(func() (err error) {
		found, err = poller.Poll(ctx, objects)
		return err
	})
	if ClassOf(err) == NotFound && err != nil {
		if len(batch) > 1 {
			// One of them does not exist, so the call failed for all of them.
			var rest []*watched
			for _, w := range batch {
				rest = append(rest, p.pollBatch(ctx, poller, []*watched{w})...)
			}
			return rest
		}
		found, err = nil, nil
	}
	if err != nil {
		return p.pollFailed(batch, err)
	}
	present := map[string]Object{}
	for _, l := range found {
		present[l.ID] = l
	}
	var rest []*watched
	now := p.clock.Now()
	for _, w := range batch {
		l, there := present[w.object.ID]
		end, over := p.judge(w, l, there, now)
		if over {
			w.result <- end
			continue
		}
		w.faults = 0
		p.schedule(w, now)
		rest = append(rest, w)
	}
	return rest
}

// pollFailed ends the waits on a lasting error; after other errors it polls
// again later.
func (p *pollLoop) pollFailed(batch []*watched, err error) []*watched {
	var rest []*watched
	for _, w := range batch {
		switch ClassOf(err) {
		case Throttled, NotYet, Conflict, Unknown, NotFound:
			w.faults++
			w.gap = min(time.Duration(w.faults)*time.Second, 5*time.Second)
			w.next = p.clock.Now().Add(w.gap)
			p.note(w, Retrying, "polling again: "+err.Error())
			rest = append(rest, w)
		default:
			w.result <- polled{err: fmt.Errorf("polling until it is %s: %w", w.goal(), err)}
		}
	}
	return rest
}

func (w *watched) goal() string {
	if w.gone {
		return "gone"
	}
	return "ready"
}

// judge says whether a wait is over, and how it ended.
func (p *pollLoop) judge(w *watched, l Object, there bool, now time.Time) (end polled, over bool) {
	settled := now.Sub(w.began) >= lagBound
	if w.gone {
		if there {
			p.tell(w, l.Detail)
		}
		return polled{}, !there
	}
	fail := func(detail string) (polled, bool) {
		return polled{object: merge(w.object, l), err: &NotReadyError{
			Address: w.step.action.Address, ID: w.object.ID, Detail: detail}}, true
	}
	switch {
	case !there && settled:
		return fail("it no longer exists")
	case !there:
	case l.State == StateReady:
		return polled{object: merge(w.object, l)}, true
	case l.State == StateFailed && (settled || !w.retried):
		return fail(l.Detail)
	case l.State == StateDeleting && settled:
		return fail("it is being deleted")
	default:
		w.object = merge(w.object, l)
		p.tell(w, l.Detail)
	}
	return polled{}, false
}

// tell notes a detail if it is new.
func (p *pollLoop) tell(w *watched, detail string) {
	if detail != "" && detail != w.detail {
		w.detail = detail
		p.note(w, Waiting, detail)
	}
}

// merge returns what a poll showed; what it did not show is taken from before.
func merge(before, now Object) Object {
	out := now
	out.Address = before.Address
	if out.ID == "" {
		out.ID = before.ID
	}
	if out.Outputs == nil {
		out.Outputs = before.Outputs
	}
	if out.Attrs == nil {
		out.Attrs = before.Attrs
	}
	if out.Tags == nil {
		out.Tags = before.Tags
	}
	if out.LastApplied == "" {
		out.LastApplied = before.LastApplied
	}
	if out.Created.IsZero() {
		out.Created = before.Created
	}
	return out
}
