package cli

import (
	"github.com/berthdev/berth/internal/aws/gate"
	"github.com/berthdev/berth/internal/deploy"
	"github.com/berthdev/berth/internal/engine"
	"github.com/berthdev/berth/internal/progress"
	"github.com/berthdev/berth/internal/terminal"
)

// Observer shows what happens before a plan's actions begin: notices and waits, in
// words or as the JSON lines of a run's progress. With --debug it also says how
// many of the listed objects do not belong to the owners.
func (c *Console) Observer() deploy.Observer {
	lines := progress.New(progress.Options{Out: c.Streams.Err, Mode: progress.JSON})
	return func(e deploy.Event) {
		switch e := e.(type) {
		case deploy.Noticed:
			c.PrintNotices(e.Notices)
		case deploy.Waiting:
			if c.JSON {
				lines.Event(asProgress(e))
				return
			}
			c.Say("%s", e.Reason)
		case deploy.Progress:
			if c.Debug && e.Kind == engine.Reading && e.Detail != "" {
				c.Say("list %s: %s", e.Address.Type, e.Detail)
			}
		}
	}
}

// Rendering says how the progress of a run is shown on this console.
func (c *Console) Rendering(s *Session) progress.Options {
	o := progress.Options{
		Out: terminal.Raw(c.Streams.Err), Mode: progress.Plain, Color: c.Color(c.Streams.Err), Size: c.Size,
		Clock: s.Target.Clock,
	}
	switch {
	case c.JSON:
		o.Mode = progress.JSON
	case c.live():
		o.Mode = progress.Live
	}
	return o
}

// Showing shows a plan's execution with a renderer. If the plan is made again, the
// notices about AWS are not repeated.
func (c *Console) Showing(r progress.Renderer) deploy.Observer {
	return func(e deploy.Event) {
		switch e := e.(type) {
		case deploy.Progress:
			r.Event(e.Event)
		case deploy.Waiting:
			r.Event(asProgress(e))
		case deploy.Noticed:
			if e.Stage == deploy.StageContents {
				c.PrintNotices(e.Notices)
			}
		}
	}
}

// asProgress turns a wait into an event for renderers.
func asProgress(w deploy.Waiting) engine.Event {
	return engine.Event{Time: w.Time, Kind: engine.Waiting, Detail: w.Reason}
}

// Attempts prints every call for --debug: names and results, never contents.
func (c *Console) Attempts() func(gate.Attempt) {
	if !c.Debug {
		return nil
	}
	return func(a gate.Attempt) {
		result := "ok"
		if a.Err != nil {
			result = gate.Text(a.Err)
		}
		c.Say("call %s %s #%d waited %s took %s: %s", a.Service, a.Operation, a.Number,
			a.Waited.Round(1e6), a.Took.Round(1e6), result)
	}
}
