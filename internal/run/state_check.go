package run

import (
	"context"

	"github.com/berthdev/berth/internal/app"
)

// checker is a store that can tell what of its security somebody has changed.
type checker interface {
	Check(ctx context.Context) []string
}

// checkState notices a state bucket that is less safe than berth made it: before
// a change, and for a plan that somebody reads. A run with nothing to do makes no
// call for it, and neither does the first one: then there is no bucket.
func (s *Session) checkState(ctx context.Context, p *Prepared) {
	store, ok := s.Releases.Store.(checker)
	if !ok || p.Plan.Empty() && !p.Request.ReadOnly || !p.Seen[s.Stack()].Exists {
		return
	}
	p.Unsafe = store.Check(ctx)
	for _, what := range p.Unsafe {
		p.Notices = append(p.Notices, app.Notice{Text: what})
	}
}
