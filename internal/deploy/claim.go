package deploy

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/berthdev/berth/internal/app"
	"github.com/berthdev/berth/internal/aws/ecs"
	"github.com/berthdev/berth/internal/aws/elasticache"
	"github.com/berthdev/berth/internal/aws/rds"
	"github.com/berthdev/berth/internal/engine"
	"github.com/berthdev/berth/internal/project"
	"github.com/berthdev/berth/internal/state"
)

// Claim says which source the stack belongs to: two projects of one name have the
// same mark, so that the marks in AWS do not distinguish them.
type Claim struct {
	// Mine is the project's own source.
	Mine string
	// Theirs is the source that the stack belongs to, if it is not Mine. The plan
	// then shows what a request with TakeOver would do; any other changes nothing.
	Theirs string
	// Unknown: the stack has objects, and no record says which source made them.
	// Those that are not in the file then stay, unless the request has
	// RemoveOrphans or TakeOver.
	Unknown bool
	// Damaged: the source is unknown because its record was damaged. The user must
	// pass TakeOver before anything is deleted.
	Damaged bool
	// Strangers are services and databases that are there and not in the file,
	// when it is unknown whose they are.
	Strangers []string

	// keeps says that the plan leaves something because of that.
	keeps bool
}

// findClaim finds out which source the stack belongs to: from the lock's record,
// where each run writes its source before it makes anything, or else from the last
// release.
func findClaim(ctx context.Context, s *session, seen sighting, found *Found) (Claim, error) {
	claim := Claim{Mine: s.app.Source.String()}
	rec := seen[s.stack()].Record
	source, assumed, lost := rec.Source, rec.SourceAssumed, rec.SourceLost
	if source == "" && rec.LastRelease != nil {
		source = rec.LastRelease.Source
	}
	if source == "" {
		if !hasObjects(found.Observed, s.stack()) {
			return claim, nil // no source yet: the stack belongs to the run that takes the lock first
		}
		last, damaged, err := s.project.Releases().Latest(ctx, s.stack(), 1)
		if err != nil {
			return claim, fmt.Errorf("finding out which source deployed %s: %w", s.stack(), err)
		}
		lost = lost || len(damaged) > 0
		for _, d := range damaged {
			found.Notices = append(found.Notices, app.Notice{Concern: project.Data, Text: d.Error() + "; it was skipped"})
		}
		if len(last) > 0 {
			source, assumed = last[0].Source, last[0].SourceAssumed
		}
	}
	switch {
	case source == "":
		claim.Unknown = true
	case !s.app.Source.Same(app.ReadSource(source)):
		claim.Theirs = app.ReadSource(source).String()
	default:
		claim.Unknown = assumed
	}
	if claim.Unknown {
		claim.Damaged = lost
		claim.Strangers = strangers(s.project, found.Observed)
	}
	return claim, nil
}

// hasObjects reports whether the stack has anything that is not about to go.
func hasObjects(w *engine.Observed, stack engine.Owner) bool {
	for _, typ := range w.Types() {
		for _, l := range w.Objects(typ) {
			if l.State != engine.StateDeleting && (l.Address.IsZero() || l.Address.Owner == stack) {
				return true
			}
		}
	}
	return false
}

// strangers are the Compose names of services and databases that exist in AWS but
// not in the app.
func strangers(p *Project, w *engine.Observed) []string {
	var names []string
	for _, typ := range []string{
		ecs.Service{}.Type(), ecs.Job{}.Type(), rds.Instance{}.Type(), elasticache.ReplicationGroup{}.Type(),
	} {
		for _, l := range w.Objects(typ) {
			gone := l.State == engine.StateDeleting || l.State == engine.StateStored
			if l.Address.Owner == p.Stack() && !gone && !slices.Contains(p.serviceNames(), l.Address.Name) {
				names = append(names, l.Address.Name)
			}
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// CheckSource refuses a plan for what another source has deployed, even a plan
// without changes. The error is an *OtherSourceError.
func (p *Plan) CheckSource() error {
	c, req := p.Claim, p.Request
	switch {
	case req.TakeOver:
		return nil
	case c.Damaged && (req.Down || p.deletesOfStack()):
	case c.Theirs != "":
	case req.Down && len(c.Strangers) > 0 && !req.RemoveOrphans:
	default:
		return nil
	}
	return &OtherSourceError{Stack: p.session.stack(), Claim: c}
}

// TakeOver makes the plan one of a request with TakeOver: the user has said so
// after seeing it.
func (p *Plan) TakeOver() { p.Request.TakeOver = true }

// deletesOfStack reports whether the plan deletes anything of the stack.
func (p *Plan) deletesOfStack() bool {
	return slices.ContainsFunc(p.Actions, func(a *engine.Action) bool {
		return a.Verb == engine.VerbDelete && !a.Owner().IsEnvironment()
	})
}

// stamp writes the stack's new source into a lock's record, before the lock is taken.
func (p *Plan) stamp(seen *state.Seen) {
	s := p.session
	if !seen.Owner.IsEnvironment() {
		seen.Record.Source, seen.Record.SourceAssumed = s.app.Source.String(), p.assumes()
		seen.Record.SourceLost = p.Claim.stillLost(p.Request)
	}
	if hasObjects(p.Observed, s.stack()) {
		begin(seen, s.clock.Now())
	}
}

// assumes reports whether the stack may still have another source's objects
// after the run.
func (p *Plan) assumes() bool {
	return p.Claim.stillLost(p.Request) || p.Claim.Unknown && !p.Request.takesAll() && (p.Claim.keeps || len(p.Request.Services) > 0)
}

// stillLost reports whether the record of the stack's source was damaged and the
// user has not taken the stack over since. A run that only changed something of the
// stack is no proof of its source.
func (c Claim) stillLost(req Request) bool { return c.Damaged && !req.TakeOver }

// changesHands reports whether the plan takes the stack over from another source.
func (p *Plan) changesHands() bool {
	return p.Request.TakeOver && (p.Claim.Theirs != "" || p.Claim.Damaged)
}

// leavesNothing reports whether a teardown leaves nothing of the stack, so that it
// belongs to no source afterwards.
func (p *Plan) leavesNothing() bool {
	return !slices.ContainsFunc(p.Actions, func(a *engine.Action) bool {
		return a.Verb == engine.VerbLeave && !a.Owner().IsEnvironment()
	})
}

// OtherSourceError says that the stack is another source's, so that this one
// changes nothing of it.
type OtherSourceError struct {
	Stack engine.Owner
	Claim Claim
}

func (e *OtherSourceError) Error() string {
	if e.Claim.Damaged {
		return fmt.Sprintf("the record of which source deployed %s was damaged: nothing was changed", e.Stack)
	}
	if e.Claim.Theirs == "" {
		return fmt.Sprintf("no record says which source deployed %s, and these are not in this file: %s", e.Stack, strings.Join(e.Claim.Strangers, ", "))
	}
	return fmt.Sprintf("%s belongs to %s, and this source is %s: nothing was changed", e.Stack, e.Claim.Theirs, e.Claim.Mine)
}

// Remedy is what the user can do.
func (e *OtherSourceError) Remedy() string {
	if e.Claim.Damaged {
		return "check the stack with `berth plan` first; if it is this project's, pass --take-over"
	}
	if e.Claim.Theirs == "" {
		return "pass --remove-orphans to delete these, too, or --take-over to make the whole stack this project's"
	}
	return "give this project another name (-p, or `name:` in the Compose file), or pass --take-over to make that stack this project's, with everything in it"
}
