package run

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
	"github.com/berthdev/berth/internal/state"
)

// Claim says whose the stack is: two projects of one name share its mark, and
// the marks of AWS do not tell them apart.
type Claim struct {
	// Mine is the session's own source.
	Mine string
	// Theirs is the source that the stack belongs to, if that is another one.
	// Then the plan shows what would be done to it, and only a TakeOver does it.
	Theirs string
	// Unknown: there are objects, and no record says whose they are. What is
	// not in the file stays then, unless RemoveOrphans or TakeOver is asked for.
	Unknown bool
	// Damaged: it is unknown because a record that told it was damaged. Somebody
	// has to say whose it is before anything is deleted.
	Damaged bool
	// Strangers are services and databases that are there and not in the file,
	// when they are unknown.
	Strangers []string

	// keeps says that the plan leaves something because of that.
	keeps bool
}

// claim finds out whose the stack is: by the lock's record, in which each run
// writes it before it makes anything, or else by the last release.
func (s *Session) claim(ctx context.Context, p *Prepared) error {
	p.Claim = Claim{Mine: s.Source()}
	rec := p.Seen[s.Stack()].Record
	source, assumed, lost := rec.Source, rec.SourceAssumed, rec.SourceLost
	if source == "" && rec.LastRelease != nil {
		source = rec.LastRelease.Source
	}
	if source == "" {
		if !s.hasObjects(p) {
			return nil // nobody's: whoever takes the lock first has it
		}
		last, damaged, err := s.Releases.Latest(ctx, s.Stack(), 1)
		if err != nil {
			return fmt.Errorf("finding out whose %s is: %w", s.Stack(), err)
		}
		lost = lost || len(damaged) > 0
		for _, d := range damaged {
			p.Notices = append(p.Notices, app.Notice{Text: d.Error() + "; it is passed over"})
		}
		if len(last) > 0 {
			source, assumed = last[0].Source, last[0].SourceAssumed
		}
	}
	switch {
	case source == "":
		p.Claim.Unknown = true
	case !s.App.Source.Same(app.ReadSource(source)):
		p.Claim.Theirs = app.ReadSource(source).String()
	default:
		p.Claim.Unknown = assumed
	}
	if p.Claim.Unknown {
		p.Claim.Damaged = lost
		p.Claim.Strangers = s.strangers(p)
	}
	return nil
}

// hasObjects says whether the stack has anything that is not about to go.
func (s *Session) hasObjects(p *Prepared) bool {
	for _, typ := range p.World.Types() {
		for _, l := range p.World.Objects(typ) {
			if l.State != engine.StateDeleting && (l.Address.IsZero() || l.Address.Owner == s.Stack()) {
				return true
			}
		}
	}
	return false
}

// strangers are what a person calls a service and that the file does not have.
func (s *Session) strangers(p *Prepared) []string {
	var names []string
	for _, typ := range []string{
		ecs.Service{}.Type(), ecs.Job{}.Type(), rds.Instance{}.Type(), elasticache.ReplicationGroup{}.Type(),
	} {
		for _, l := range p.World.Objects(typ) {
			gone := l.State == engine.StateDeleting || l.State == engine.StateStored
			if l.Address.Owner == s.Stack() && !gone && !slices.Contains(s.serviceNames(), l.Address.Name) {
				names = append(names, l.Address.Name)
			}
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// keepOrphans says which objects without a place in the file stay: those of an
// environment that other projects may share, and those of which nobody knows
// whose they are.
func (s *Session) keepOrphans(p *Prepared) func(engine.Object) string {
	asked := p.Request.RemoveOrphans || p.Request.TakeOver
	return func(l engine.Object) string {
		switch {
		case l.Address.Owner.IsEnvironment() && s.App.Shared:
			return "the environment is shared"
		case p.Claim.Unknown && !asked && !l.Address.Owner.IsEnvironment():
			p.Claim.keeps = true
			return "no record says whose it is; --remove-orphans deletes it"
		}
		return ""
	}
}

// CheckSource refuses a run that would change, or even only keep as it is, what
// another source has deployed. It is an *OtherSourceError.
func (s *Session) CheckSource(p *Prepared) error {
	c := p.Claim
	if c.Damaged && !p.Request.TakeOver && s.deletes(p) {
		return &OtherSourceError{Stack: s.Stack(), Claim: c}
	}
	if p.Request.TakeOver || c.Theirs == "" && (!p.Request.Down || len(c.Strangers) == 0 || p.Request.RemoveOrphans) {
		return nil
	}
	return &OtherSourceError{Stack: s.Stack(), Claim: c}
}

// deletes says whether a run deletes anything of the stack.
func (s *Session) deletes(p *Prepared) bool {
	return p.Request.Down || slices.ContainsFunc(p.Plan.Actions, func(a *engine.Action) bool {
		return a.Verb == engine.VerbDelete && !a.Owner().IsEnvironment()
	})
}

// stamp writes into a lock's record, before the lock is taken, whose the stack
// is from then on.
func (s *Session) stamp(p *Prepared, seen *state.Seen) {
	if !seen.Owner.IsEnvironment() {
		seen.Record.Source, seen.Record.SourceAssumed = s.Source(), s.assumes(p)
		seen.Record.SourceLost = p.stillLost()
	}
	if !seen.Exists && s.hasObjects(p) {
		// The record was lost, and with it the generations: AWS may still know
		// their tokens, and no second of a clock is one of them.
		seen.Record.Generation = int(s.Clock.Now().Unix())
	}
}

// assumes says whether the stack may have objects of somebody else's after the
// run, too.
func (s *Session) assumes(p *Prepared) bool {
	asked := p.Request.RemoveOrphans || p.Request.TakeOver
	return p.stillLost() || p.Claim.Unknown && !asked && (p.Claim.keeps || len(p.Request.Services) > 0)
}

// stillLost says whether nobody has said yet whose the stack is, after the
// record of it was damaged: that a run changed something of it is no proof.
func (p *Prepared) stillLost() bool { return p.Claim.Damaged && !p.Request.TakeOver }

// changesHands says whether the run makes another source's stack this one's.
func (p *Prepared) changesHands() bool {
	return p.Request.TakeOver && (p.Claim.Theirs != "" || p.Claim.Damaged)
}

// leavesNothing says whether a teardown leaves nothing of the stack, so that it
// is nobody's afterwards.
func (s *Session) leavesNothing(p *Prepared) bool {
	return !slices.ContainsFunc(p.Plan.Actions, func(a *engine.Action) bool {
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
		return fmt.Sprintf("the record that said whose %s is was damaged: nothing was changed", e.Stack)
	}
	if e.Claim.Theirs == "" {
		return fmt.Sprintf("no record says whose %s is, and it has what is not in this file: %s", e.Stack, strings.Join(e.Claim.Strangers, ", "))
	}
	return fmt.Sprintf("%s belongs to %s, and this is %s: nothing was changed", e.Stack, e.Claim.Theirs, e.Claim.Mine)
}

// Remedy is what the user can do.
func (e *OtherSourceError) Remedy() string {
	if e.Claim.Damaged {
		return "look at it with `berth plan` first; if it is this project's, --take-over says so"
	}
	if e.Claim.Theirs == "" {
		return "--remove-orphans deletes that, too, and --take-over makes all of it this project's"
	}
	return "give this project another name (-p, or `name:` in the Compose file); --take-over makes that one this project's, with all that it has"
}
