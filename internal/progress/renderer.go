package progress

import (
	"io"
	"time"

	"github.com/berthdev/berth/internal/clock"
	"github.com/berthdev/berth/internal/engine"
	"github.com/berthdev/berth/internal/terminal"
)

// Renderer shows the events of one run. Event may be called from several
// goroutines.
type Renderer interface {
	Event(e engine.Event)
	// Close draws the last state and leaves the cursor on a new line.
	Close()
}

// Mode is how events are shown.
type Mode string

// The modes.
const (
	// Live redraws a tree in place.
	Live Mode = "live"
	// Plain writes a line for each event that tells something new.
	Plain Mode = "plain"
	// JSON writes each event as a JSON object on a line of its own.
	JSON Mode = "json"
)

// Options say what to draw.
type Options struct {
	Out  io.Writer
	Mode Mode
	// Color switches colours on.
	Color bool
	// Size returns the terminal's columns and rows; nil stands for 80 by 24.
	Size func() (columns, rows int)
	// Clock is the clock of the run, Start its beginning.
	Clock clock.Clock
	// Total is the number of actions of the run, Estimate how long AWS will
	// take for them.
	Total    int
	Estimate time.Duration
	// Tick delivers a value whenever a live tree is to be redrawn; nil draws
	// ten times a second of wall time.
	Tick <-chan time.Time
}

// New returns the renderer of the options' mode.
func New(o Options) Renderer {
	if o.Size == nil {
		o.Size = func() (int, int) { return 80, 24 }
	}
	switch o.Mode {
	case JSON:
		return newJSONLines(o)
	case Live:
		return cleaned{newTree(o)}
	default:
		return cleaned{newLines(o)}
	}
}

// cleaned shows events whose texts cannot drive the terminal: they draw on it
// themselves, so the writer lets everything through.
type cleaned struct{ Renderer }

// Event implements Renderer.
func (c cleaned) Event(e engine.Event) {
	e.Detail, e.ID, e.Address.Name = terminal.Line(e.Detail), terminal.Line(e.ID), terminal.Line(e.Address.Name)
	c.Renderer.Event(e)
}

// group is the heading under which an address is shown.
func group(o engine.Owner) string {
	if o.IsEnvironment() {
		return "environment " + o.Environment
	}
	return "stack " + o.Project
}
