package progress

import (
	"io"
	"slices"
	"time"

	"github.com/berthdev/berth/internal/clock"
	"github.com/berthdev/berth/internal/engine"
	"github.com/berthdev/berth/internal/terminal"
)

// Renderer shows the events of one run. Event may be called from several
// goroutines.
type Renderer interface {
	Event(e engine.Event)
	// Say writes a line of talk that is no event, where it is not painted over.
	Say(text string)
	// Stopping says that the user has interrupted the run, and what happens now.
	Stopping(text string)
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
	// Services are what a live tree has a line for from the beginning, in their
	// order.
	Services []Service
	// Tick delivers a value whenever a live tree is to be redrawn; nil draws
	// ten times a second of wall time.
	Tick <-chan time.Time
}

// Service is a service, a job or a database of the run.
type Service struct {
	Name    string
	Address engine.Address
	// Outlook is when it will typically be done, and what it waits for before.
	engine.Outlook
	// Doing is what is said of it while it is under way, before how far it is; empty
	// stands for the verb, said until something is known.
	Doing string
	// Ended is what is said of it once it is done; empty stands for the verb.
	Ended string
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
		o.Services = cleanServices(o.Services)
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

// cleanServices cleans names as those in events are.
func cleanServices(list []Service) []Service {
	list = slices.Clone(list)
	for i, s := range list {
		list[i].Name, list[i].Address.Name = terminal.Line(s.Name), terminal.Line(s.Address.Name)
		list[i].Needs = slices.Clone(s.Needs)
		for j, a := range list[i].Needs {
			list[i].Needs[j].Name = terminal.Line(a.Name)
		}
	}
	return list
}

// Say implements Renderer.
func (c cleaned) Say(text string) { c.Renderer.Say(terminal.Clean(text)) }

// Stopping implements Renderer.
func (c cleaned) Stopping(text string) { c.Renderer.Stopping(terminal.Line(text)) }

// nowOf is the time of the options' clock, if they have one.
func nowOf(o Options) time.Time {
	if o.Clock == nil {
		return time.Time{}
	}
	return o.Clock.Now().UTC()
}
