package engine

import "time"

// silence is how long an action may be at something before that is told: soon
// enough that nobody wonders, and too late for what is over at once.
const silence = 8 * time.Second

// phase notes what an action is at from now on. If nothing else is told of it
// meanwhile, this is.
func (n *run) phase(a *Action, at string) {
	d := n.acts[a]
	d.silent = at
	n.later(silence, func() {
		if d.silent == at && d.left > 0 && d.err == nil {
			n.emit(a, Waiting, at, nil)
		}
	})
}
