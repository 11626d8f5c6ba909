package deploy

import (
	"context"

	"github.com/berthdev/berth/internal/blueprint"
	"github.com/berthdev/berth/internal/engine"
	"github.com/berthdev/berth/internal/state"
)

// Project is a source opened in a target. Its methods may be called side by
// side.
type Project struct {
	// Source and Target are the arguments of Open, with the target's defaults
	// filled in. They must not be changed.
	Source Source
	Target Target

	builders builders
}

// Open opens a source in a target. It makes no call to AWS.
func Open(ctx context.Context, source Source, target Target) (*Project, error) {
	p := &Project{Source: source, Target: target.withDefaults()}
	var err error
	if p.builders, err = p.chooseBuilder(ctx); err != nil {
		return nil, err
	}
	return p, nil
}

// Stack returns the owner of the project's own resources.
func (p *Project) Stack() engine.Owner { return blueprint.Stack(p.Source.App) }

// Environment returns the owner of what the project shares with others.
func (p *Project) Environment() engine.Owner { return blueprint.Environment(p.Source.App) }

// Owners returns both.
func (p *Project) Owners() []engine.Owner { return []engine.Owner{p.Environment(), p.Stack()} }

// Releases are the records of what was deployed.
func (p *Project) Releases() state.Releases { return state.Releases{Store: p.Target.Store} }

// Locker returns what observes, takes and breaks the project's locks.
func (p *Project) Locker() *state.Locker {
	t := p.Target
	return &state.Locker{Store: t.Store, Clock: t.Clock, Me: t.Holder, Alive: t.Alive, Nonce: t.Nonce}
}
