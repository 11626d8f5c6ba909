package rollback

import (
	"context"
	"maps"
	"time"

	"github.com/berthdev/berth/internal/aws/ecs"
	"github.com/berthdev/berth/internal/deploy"
	"github.com/berthdev/berth/internal/engine"
	"github.com/berthdev/berth/internal/state"
	"github.com/berthdev/berth/internal/why"
)

// Apply goes back under the stack's lock, waits until the services are healthy, and
// writes a release down, also if it failed or was interrupted. The answers say why
// services did not become healthy.
func (p *Plan) Apply(ctx context.Context, timeout time.Duration, observe deploy.Observer) ([]why.Answer, error) {
	c := p.project.Target.Clients
	services := ecs.Services{API: c.ECS}
	definitions := ecs.TaskDefinitions{API: c.ECS, Region: p.project.Target.Identity.Region}
	revisions := map[string]string{} // what the services and schedules get, by name
	return p.services.Each(ctx, deploy.Work{
		Word: "rollback", Timeout: timeout, Observe: observe,
		Before: func(ctx context.Context) error {
			for _, c := range p.Changes {
				arn, err := definitions.Again(ctx, c.To)
				if err != nil {
					return err
				}
				revisions[c.Name] = arn
				if c.Kind != OfSchedule {
					continue
				}
				if err := p.hand().SetTaskDefinition(ctx, c.seen, arn); err != nil {
					return err
				}
			}
			return nil
		},
		Change: func(ctx context.Context, i int, o engine.Object) (engine.Object, error) {
			return services.RunRevision(ctx, o, revisions[p.services.Names[i]])
		},
		Record: func(ctx context.Context, end deploy.End) (*state.ReleaseMark, error) {
			rel := p.release(end, revisions)
			if err := p.project.Releases().Write(ctx, p.project.Stack(), rel); err != nil {
				return nil, err
			}
			mark := &state.ReleaseMark{ID: rel.ID, Source: rel.Source}
			if end.Outcome == state.Succeeded {
				mark.RolledBackTo = p.To.Number
			}
			return mark, nil
		},
	})
}

// release is the record of the rollback: what the last release has, with what went back.
func (p *Plan) release(end deploy.End, revisions map[string]string) state.Release {
	t := p.project.Target
	now := t.Clock.Now()
	rel := state.Release{
		ID: state.ReleaseID(now, t.Nonce()), Time: now.UTC(), Seconds: now.Sub(end.Began).Seconds(),
		Who: end.Who, Host: t.Holder.Host, Source: end.Source, SourceAssumed: p.last.SourceAssumed,
		Commit: p.To.Commit, Dirty: p.To.Dirty, RolledBackTo: p.To.ID, Outcome: end.Outcome, Error: end.Err,
		Services: map[string]state.ReleaseService{}, Jobs: map[string]state.ReleaseJob{}, Types: p.last.Types,
	}
	maps.Copy(rel.Services, p.last.Services)
	maps.Copy(rel.Jobs, p.last.Jobs)
	runs := map[string]string{}
	for i, name := range p.services.Names {
		runs[name] = ecs.RevisionOf(end.Services[i])
	}
	for _, c := range p.Changes {
		wanted := revisions[c.Name]
		if wanted == "" {
			wanted = c.To // the run did not get as far
		}
		switch was := p.last; c.Kind {
		case OfService:
			s := p.To.Services[c.Name]
			s.TaskDefinition, s.Instead = wanted, nil
			if runs[c.Name] != wanted {
				s.Instead = &state.ReleaseRevision{Image: imageOf(was.Services[c.Name].Image, was.Services[c.Name].Instead), TaskDefinition: runs[c.Name]}
			}
			rel.Services[c.Name] = s
		case OfSchedule:
			j := p.To.Jobs[c.Name]
			j.TaskDefinition, j.Instead = wanted, nil
			if revisions[c.Name] == "" {
				j.Instead = &state.ReleaseRevision{Image: imageOf(was.Jobs[c.Name].Image, was.Jobs[c.Name].Instead), TaskDefinition: c.From}
			}
			rel.Jobs[c.Name] = j
		}
	}
	return rel
}

// imageOf is the image that was in effect at the end of a release: its own, or that of what
// ran instead.
func imageOf(image string, instead *state.ReleaseRevision) string {
	if instead != nil {
		return instead.Image
	}
	return image
}
