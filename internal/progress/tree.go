package progress

import (
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/berthdev/berth/internal/concurrent"
	"github.com/berthdev/berth/internal/engine"
	"github.com/berthdev/berth/internal/terminal"
)

// redraw is how often a live tree is drawn, in wall time. Each time it asks for the
// size of the window, so that it follows a change at once.
const redraw = 100 * time.Millisecond

// tree draws a line for each service, and below it what takes long; failures scroll
// past above it. It never draws more lines than the terminal has.
type tree struct {
	o     Options
	start time.Time

	mu       sync.Mutex
	services []*row
	// others are the actions under way that are no service's own.
	others       []*row
	done, failed int
	stopping     string
	screen       terminal.Screen
	frame        int

	stop, stopped chan struct{}
}

// row is one action.
type row struct {
	Service
	state  rowState
	verb   engine.Verb
	began  time.Time
	took   time.Duration
	detail string
}

// rowState is how far an action is.
type rowState int

const (
	rowNext rowState = iota
	rowActive
	rowDone
	rowFailed
	// rowLeft: the run ended before the action did.
	rowLeft
)

func newTree(o Options) *tree {
	t := &tree{
		o: o, start: o.Clock.Now(), screen: terminal.Screen{Out: o.Out, Size: o.Size},
		stop: make(chan struct{}), stopped: make(chan struct{}),
	}
	for _, s := range o.Services {
		t.services = append(t.services, &row{Service: s})
	}
	go t.drawing()
	return t
}

// drawing redraws until Close. The run does not end because it cannot be drawn:
// then its failures are still told, line by line.
func (t *tree) drawing() {
	defer close(t.stopped)
	err := concurrent.Safely(func() error {
		t.redrawing()
		return nil
	})
	if err != nil {
		_ = concurrent.Safely(func() error { // what fails may be the writing
			t.Say("the run goes on, but its progress cannot be shown: " + err.Error())
			return nil
		})
	}
}

func (t *tree) redrawing() {
	tick := t.o.Tick
	if tick == nil {
		ticker := time.NewTicker(redraw)
		defer ticker.Stop()
		tick = ticker.C
	}
	for {
		select {
		case <-t.stop:
			t.draw(true)
			return
		case <-tick:
			t.draw(false)
		}
	}
}

// Close implements Renderer.
func (t *tree) Close() {
	close(t.stop)
	<-t.stopped
}

// Say implements Renderer.
func (t *tree) Say(text string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.screen.Above(text)
}

// Stopping implements Renderer.
func (t *tree) Stopping(text string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.stopping = text
}

// Event implements Renderer.
func (t *tree) Event(e engine.Event) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if e.Address.IsZero() {
		if e.Kind == engine.Waiting {
			t.screen.Above("waiting: " + e.Detail)
		}
		return
	}
	r := t.row(e)
	switch e.Kind {
	case engine.Started:
		r.state, r.verb, r.began, r.detail = rowActive, e.Verb, e.Time, ""
	case engine.Waiting, engine.Retrying, engine.Made:
		if e.Detail != "" {
			r.detail = e.Detail
		}
	case engine.Done:
		t.done++
		r.state, r.took, r.detail = rowDone, e.Elapsed, ""
	case engine.Failed:
		t.failed++
		r.state, r.took, r.detail = rowFailed, e.Elapsed, ""
		t.screen.Above(fmt.Sprintf("%s %s failed: %s", t.paint(red, "✗"), e.Address, e.Detail))
	case engine.Skipped:
		r.state, r.detail = rowLeft, "not begun"
	case engine.Stopped:
		r.state, r.took, r.detail = rowLeft, e.Elapsed, "AWS goes on with it"
	}
	t.others = slices.DeleteFunc(t.others, func(r *row) bool { return r.state != rowActive })
}

// row is the row of an event's action. Of those that are no service's, only the ones
// under way have one.
func (t *tree) row(e engine.Event) *row {
	for _, r := range t.services {
		if r.Address == e.Address {
			return r
		}
	}
	for _, r := range t.others {
		if r.Address == e.Address && r.verb == e.Verb {
			return r
		}
	}
	r := &row{Service: Service{Name: e.Address.String(), Address: e.Address}}
	if e.Kind == engine.Started {
		t.others = append(t.others, r)
	}
	return r
}

func (t *tree) draw(last bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	columns, rows := t.o.Size()
	_ = t.screen.Replace(t.text(last, columns, max(rows-2, 1)))
	if last {
		t.screen.Forget()
	}
	t.frame++
}

var _ Renderer = (*tree)(nil)
