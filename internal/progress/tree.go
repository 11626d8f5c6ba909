package progress

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/charmbracelet/x/ansi"

	"github.com/berthdev/berth/internal/clock"
	"github.com/berthdev/berth/internal/engine"
)

// redraw is how often a live tree is drawn, in wall time.
const redraw = 100 * time.Millisecond

// tree draws what is under way, grouped by owner, and scrolls failures past
// above it. It never draws more lines than the terminal has.
type tree struct {
	o     Options
	start time.Time

	mu     sync.Mutex
	owners []engine.Owner
	groups map[engine.Owner]*branch
	drawn  int // lines on the screen that the next drawing replaces
	frame  int

	stop, stopped chan struct{}
}

// branch is one owner's part of the tree.
type branch struct {
	begun, done, failed int
	active              []*leaf
}

// leaf is one action under way.
type leaf struct {
	address engine.Address
	verb    engine.Verb
	began   time.Time
	detail  string
}

func newTree(o Options) *tree {
	t := &tree{
		o: o, start: o.Clock.Now(), groups: map[engine.Owner]*branch{},
		stop: make(chan struct{}), stopped: make(chan struct{}),
	}
	go t.drawing()
	return t
}

// drawing redraws until Close. The run does not end because it cannot be drawn:
// then its failures are still told, line by line.
func (t *tree) drawing() {
	defer close(t.stopped)
	err := engine.Safely(func() error {
		t.redrawing()
		return nil
	})
	if err != nil {
		_ = engine.Safely(func() error { // what fails may be the writing
			t.mu.Lock()
			defer t.mu.Unlock()
			t.above("the run goes on, but its progress cannot be shown: " + err.Error())
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

// Event implements Renderer.
func (t *tree) Event(e engine.Event) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if e.Address.IsZero() {
		if e.Kind == engine.Waiting {
			t.above("waiting: " + e.Detail)
		}
		return
	}
	b := t.branch(e.Address.Owner)
	i := slices.IndexFunc(b.active, func(l *leaf) bool { return l.address == e.Address && l.verb == e.Verb })
	switch e.Kind {
	case engine.Started:
		b.begun++
		if i < 0 {
			b.active = append(b.active, &leaf{address: e.Address, verb: e.Verb, began: e.Time})
		}
	case engine.Waiting, engine.Retrying, engine.Made:
		if i >= 0 && e.Detail != "" {
			b.active[i].detail = e.Detail
		}
	case engine.Done, engine.Failed:
		b.done++
		if i >= 0 {
			b.active = slices.Delete(b.active, i, i+1)
		}
		if e.Kind == engine.Failed {
			b.failed++
			t.above(fmt.Sprintf("%s %s failed: %s", t.paint(red, "✗"), e.Address, e.Detail))
		}
	}
}

func (t *tree) branch(o engine.Owner) *branch {
	b, ok := t.groups[o]
	if !ok {
		b = &branch{}
		t.groups[o] = b
		t.owners = append(t.owners, o)
		slices.SortFunc(t.owners, func(a, b engine.Owner) int { return strings.Compare(a.String(), b.String()) })
	}
	return b
}

// above writes a line that stays, over the tree.
func (t *tree) above(s string) {
	t.erase()
	writeLine(t.o.Out, s)
}

func (t *tree) erase() {
	if t.drawn > 0 {
		_, _ = fmt.Fprint(t.o.Out, ansi.CursorUp(t.drawn), "\r", ansi.EraseScreenBelow)
		t.drawn = 0
	}
}

func (t *tree) draw(last bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	columns, rows := t.o.Size()
	text := t.text(last, max(rows-2, 5))
	for i := range text {
		text[i] = ansi.Truncate(text[i], max(columns-1, 20), "…")
	}
	t.erase()
	_, _ = fmt.Fprint(t.o.Out, strings.Join(text, "\n")+"\n")
	t.drawn = len(text)
	if last {
		t.drawn = 0
	}
	t.frame++
}

func (t *tree) text(last bool, room int) []string {
	done, now := 0, t.o.Clock.Now()
	var out []string
	perGroup := max((room-1-2*len(t.owners))/max(len(t.owners), 1), 1)
	for _, o := range t.owners {
		b := t.groups[o]
		done += b.done
		mark := t.paint(cyan, spinner[t.frame%len(spinner)])
		if len(b.active) == 0 {
			mark = t.paint(green, "✓")
		}
		if b.failed > 0 {
			mark = t.paint(red, "✗")
		}
		out = append(out, fmt.Sprintf("%s %s  %d of %d begun", mark, group(o), b.done, b.begun))
		for i, l := range b.active {
			if i == perGroup && len(b.active) > perGroup+1 {
				out = append(out, fmt.Sprintf("    and %d more", len(b.active)-i))
				break
			}
			out = append(out, fmt.Sprintf("    %-40s %6s  %s", l.address, clock.Span(now.Sub(l.began)), l.detail))
		}
	}
	foot := fmt.Sprintf("%d of %d done, %s", done, t.o.Total, clock.Span(now.Sub(t.start)))
	if rest := t.o.Estimate - now.Sub(t.start); !last && rest > 0 {
		foot += fmt.Sprintf(", about %s to go", clock.Span(rest))
	}
	return append(out, t.paint(faint, foot))
}

var spinner = [...]string{"⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"}

// The colours of the tree, as SGR parameters.
const (
	red   = "31"
	green = "32"
	cyan  = "36"
	faint = "2"
)

func (t *tree) paint(color, s string) string {
	if !t.o.Color {
		return s
	}
	return "\x1b[" + color + "m" + s + "\x1b[0m"
}

var _ Renderer = (*tree)(nil)
