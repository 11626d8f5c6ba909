package deploy

import (
	"context"
	"fmt"
	"slices"

	"github.com/berthdev/berth/internal/app"
	"github.com/berthdev/berth/internal/aws"
	"github.com/berthdev/berth/internal/engine"
	"github.com/berthdev/berth/internal/hosts"
	"github.com/berthdev/berth/internal/project"
)

// decide makes the plan of what was found, and refuses one that cannot be
// carried out.
func decide(ctx context.Context, p *Plan) error {
	s := p.session
	s.begin(StageDecide)
	opts, err := p.options(ctx)
	if err != nil {
		return err
	}
	if err := decideAsleep(p, opts); err != nil {
		return err
	}
	p.checkState(ctx)
	sayScaled(p)
	sayOffSpot(p)
	sayRolledBack(p)
	if err := hosts.CheckNames(s.app, p.Plan); err != nil {
		return err
	}
	return s.hosts().CheckRecords(ctx, p.Plan, p.Graph, p.Observed, p.Request.Adopt)
}

// options are what the engine needs besides the graph and the observed objects.
func (p *Plan) options(ctx context.Context) (engine.PlanOptions, error) {
	s, req := p.session, p.Request
	opts := engine.PlanOptions{
		RemoveOrphans: true, KeepOrphans: p.keepOrphans,
		DeleteData: req.DeleteData, ShowValues: req.ShowValues, DeleteDuplicates: req.DeleteDuplicates,
		Traces: p.seen.died(), Untag: aws.Untag, Now: s.clock.Now(), Settling: p.seen.isNew,
	}
	var err error
	if opts.Adopt, err = s.adopted(req); err != nil {
		return opts, err
	}
	if req.Down {
		opts.Destroy = []engine.Owner{s.stack()}
		if p.KeepsEnvironment, err = s.keepsEnvironment(ctx, p.Observed); err != nil {
			return opts, err
		}
		if p.KeepsEnvironment == "" {
			opts.Destroy = append(opts.Destroy, s.environment())
		}
	}
	opts.Targets, err = s.project.targets(req.Services)
	return opts, err
}

// adopted are the addresses whose objects the user takes over.
func (s *session) adopted(req Request) (map[engine.Address]bool, error) {
	out := map[engine.Address]bool{}
	for _, text := range req.Adopt {
		for _, o := range s.owners() {
			a, err := engine.ParseAddress(o, text)
			if err != nil {
				return nil, err
			}
			out[a] = true
		}
	}
	return out, nil
}

// keepOrphans says which objects without a place in the file stay, and why:
// those of an environment that other projects may share, and those of which no
// record says whose they are.
func (p *Plan) keepOrphans(l engine.Object) string {
	switch {
	case l.Address.Owner.IsEnvironment() && p.session.app.Shared:
		return "the environment is shared"
	case p.Claim.Unknown && !p.Request.takesAll() && !l.Address.Owner.IsEnvironment():
		p.Claim.keeps = true
		return "no record says which source deployed it; --remove-orphans deletes it"
	}
	return ""
}

// keepsEnvironment says why a teardown leaves the environment; nothing if it
// does not.
func (s *session) keepsEnvironment(ctx context.Context, w *engine.Observed) (string, error) {
	others, err := s.otherStacks(ctx, w)
	switch {
	case err != nil:
		return "", err
	case len(others) > 0:
		return "used by " + join(others), nil
	case s.app.Shared:
		return "shared", nil
	}
	return "", nil
}

// otherStacks are the projects, besides this one, with security groups in the
// environment's VPC: every stack has at least one. An existing VPC can hold several
// environments.
func (s *session) otherStacks(ctx context.Context, w *engine.Observed) ([]string, error) {
	id := s.app.Settings.VPC.Value
	if vpc, ok := s.vpc(w); ok {
		id = vpc.ID
	}
	if id == "" {
		return nil, nil
	}
	marks, err := s.clients.OwnersIn(ctx, id)
	if err != nil {
		return nil, fmt.Errorf("looking for other projects in the environment: %w", err)
	}
	var others []string
	for _, mark := range marks {
		o, err := engine.ParseOwner(mark)
		if err == nil && !o.IsEnvironment() && o.Environment == s.app.Environment && o != s.stack() {
			others = append(others, o.Project)
		}
	}
	slices.Sort(others)
	return slices.Compact(others), nil
}

// checker is a store that can report changes to its security.
type checker interface {
	Check(ctx context.Context) []string
}

// checkState notices a state bucket that is less safe than berth made it: before
// a change, and for a plan that is only shown. A run with nothing to do makes no
// call for it, and neither does the first one: then there is no bucket.
func (p *Plan) checkState(ctx context.Context) {
	s := p.session
	store, ok := s.project.Target.Store.(checker)
	if !ok || p.Empty() && !p.Request.ReadOnly || !p.seen[s.stack()].Exists {
		return
	}
	p.Unsafe = store.Check(ctx)
	for _, what := range p.Unsafe {
		p.Notices = append(p.Notices, app.Notice{Concern: project.Data, Text: what})
	}
}
