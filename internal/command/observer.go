package command

import (
	"github.com/berthdev/berth/internal/aws/gate"
	"github.com/berthdev/berth/internal/deploy"
	"github.com/berthdev/berth/internal/engine"
	"github.com/berthdev/berth/internal/progress"
	"github.com/berthdev/berth/internal/terminal"
)

// observer shows what happens before a plan's actions begin: notices and waits, in
// words or as the JSON lines of a run's progress. With --debug it also says how
// many of the listed objects do not belong to the owners.
func (c *console) observer() deploy.Observer {
	lines := progress.New(progress.Options{Out: c.streams.Err, Mode: progress.JSON})
	return func(e deploy.Event) {
		switch e := e.(type) {
		case deploy.Noticed:
			c.printNotices(e.Notices)
		case deploy.Waiting:
			if c.json {
				lines.Event(asProgress(e))
				return
			}
			c.say("%s", e.Reason)
		case deploy.Progress:
			if c.debug && e.Kind == engine.Reading && e.Detail != "" {
				c.say("list %s: %s", e.Address.Type, e.Detail)
			}
		}
	}
}

// rendering says how the progress of a run is shown on this console.
func (c *console) rendering(s *session) progress.Options {
	o := progress.Options{
		Out: terminal.Raw(c.streams.Err), Mode: progress.Plain, Color: c.color(c.streams.Err), Size: c.size,
		Clock: s.Target.Clock,
	}
	switch {
	case c.json:
		o.Mode = progress.JSON
	case c.live():
		o.Mode = progress.Live
	}
	return o
}

// showing shows a plan's execution with a renderer. If the plan is made again, the
// notices about AWS are not repeated.
func (c *console) showing(r progress.Renderer) deploy.Observer {
	return func(e deploy.Event) {
		switch e := e.(type) {
		case deploy.Progress:
			r.Event(e.Event)
		case deploy.Waiting:
			r.Event(asProgress(e))
		case deploy.Noticed:
			if e.Stage == deploy.StageContents {
				c.printNotices(e.Notices)
			}
		}
	}
}

// asProgress turns a wait into an event for renderers.
func asProgress(w deploy.Waiting) engine.Event {
	return engine.Event{Time: w.Time, Kind: engine.Waiting, Detail: w.Reason}
}

// attempts prints every call for --debug: names and results, never contents.
func (c *console) attempts() func(gate.Attempt) {
	if !c.debug {
		return nil
	}
	return func(a gate.Attempt) {
		result := "ok"
		if a.Err != nil {
			result = gate.Text(a.Err)
		}
		c.say("call %s %s #%d waited %s took %s: %s", a.Service, a.Operation, a.Number,
			a.Waited.Round(1e6), a.Took.Round(1e6), result)
	}
}
