package engine

import (
	"time"

	"github.com/berthdev/berth/internal/values"
)

// emit sends an event about an action.
func (n *run) emit(a *Action, k Kind, detail string, err error) {
	d := n.acts[a]
	if detail == "" && err != nil {
		detail = n.Text(err)
	}
	if detail != "" {
		d.detail, d.silent = cutDetail(detail), ""
	}
	now := n.Clock.Now()
	ev := Event{Time: now, Kind: k, Address: a.Address, Verb: a.Verb, ID: d.id, Detail: cutDetail(detail), Err: err}
	if a.Address.IsZero() {
		ev.Address = Address{Owner: a.Owner(), Type: a.Type, Name: a.ID}
	}
	if d.begun {
		ev.Elapsed = now.Sub(d.began)
	}
	n.Emit(ev)
}

// longestDetail is where an event's detail is cut, in characters.
const longestDetail = 300

func cutDetail(s string) string { return values.CutTo(s, longestDetail) }

// watchedNote emits what the poller reports.
func (n *run) watchedNote(w *watched, k Kind, detail string) {
	n.tell(func() { n.emit(w.step.action, k, detail, nil) })
}

// result collects the outcomes and emits events for the actions that did not
// end.
func (n *run) result() *Result {
	r := &Result{Objects: n.objects, Elapsed: n.Clock.Now().Sub(n.began)}
	skipped := 0
	for _, a := range n.plan.Actions {
		d := n.acts[a]
		if d == nil {
			continue
		}
		o := Outcome{Action: a, Err: d.err, Elapsed: elapsed(d)}
		switch {
		case d.err != nil:
			o.Status = StatusFailed
		case d.left == 0:
			o.Status = StatusDone
		case d.begun:
			o.Status = StatusStopped
			n.emit(a, Stopped, d.detail, nil)
		default:
			o.Status = StatusSkipped
			skipped++
			n.emit(a, Skipped, "", nil)
		}
		r.Outcomes = append(r.Outcomes, o)
	}
	if err := n.stuck(skipped); err != nil {
		n.failures = append(n.failures, err)
	}
	return r
}

func elapsed(d *doing) time.Duration {
	if !d.begun || d.ended.IsZero() {
		return 0
	}
	return d.ended.Sub(d.began)
}
