package engine

import "time"

// silence is how long an action may go on without an event before one says what
// it is doing: short enough that nobody wonders, long enough that quick actions
// say nothing.
const silence = 8 * time.Second

// phase notes what an action is doing from now on. If no other event of the
// action comes within silence, an event says it.
func (n *run) phase(a *Action, at string) {
	d := n.acts[a]
	d.silent = at
	n.later(silence, func() {
		if d.silent == at && d.left > 0 && d.err == nil {
			n.emit(a, Waiting, at, nil)
		}
	})
}
