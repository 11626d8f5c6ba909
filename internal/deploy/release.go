package deploy

import (
	"context"
	"time"

	"github.com/berthdev/berth/internal/aws/ecs"
	"github.com/berthdev/berth/internal/blueprint"
	"github.com/berthdev/berth/internal/engine"
	"github.com/berthdev/berth/internal/state"
	"github.com/berthdev/berth/internal/status"
)

// release describes the run. Image digests are those of the tasks that run.
func (p *Plan) release(ctx context.Context, begun time.Time, result *engine.Result, runErr error) *state.Release {
	s := p.session
	now, source, holder := s.clock.Now(), s.project.Source, s.project.Target.Holder
	rel := &state.Release{
		ID: state.ReleaseID(now, s.project.Target.Nonce()), Time: now.UTC(), Seconds: now.Sub(begun).Seconds(),
		Who: s.id.ARN, Host: holder.Host, Source: s.app.Source.String(), SourceAssumed: p.assumes(),
		Commit: source.Commit, Dirty: source.Dirty,
		Outcome: "succeeded", Services: map[string]state.ReleaseService{}, Jobs: map[string]state.ReleaseJob{},
		Types: typesOf(result.Lives),
	}
	if runErr != nil {
		rel.Outcome, rel.Error = "failed", runErr.Error()
		if Unhealthy(runErr) {
			rel.Outcome = "unhealthy"
		}
	}
	table := p.outputs(blueprint.In(result))
	digests := map[string]string{}
	_, made := result.Lives[engine.Address{Owner: s.environment(), Type: "ecs.cluster", Name: "main"}]
	if made || s.app.Settings.Cluster.Value != "" {
		digests = status.Digests(ctx, s.clients.ECS, table.Cluster)
	}
	for _, svc := range table.Services {
		if td, ok := s.taskDefinition(result, svc.Name); ok {
			rel.Services[svc.Name] = state.ReleaseService{Image: svc.Image.Value(), TaskDefinition: td, Digest: digests[td]}
		}
	}
	for _, j := range table.Jobs {
		if td, ok := s.taskDefinition(result, j.Name); ok {
			task, code := ecs.TaskOf(result.Lives[j.Address])
			rel.Jobs[j.Name] = state.ReleaseJob{Image: j.Image.Value(), TaskDefinition: td, Task: task, ExitCode: code}
		}
	}
	return rel
}

func (s *session) taskDefinition(result *engine.Result, name string) (string, bool) {
	l, ok := result.Lives[engine.Address{Owner: s.stack(), Type: ecs.TaskDefinition{}.Type(), Name: name}]
	return l.Output("arn"), ok
}

// mark is what the lock record remembers of the run. A teardown that left
// nothing of the stack forgets the last release and whose it was.
func (p *Plan) mark(rel *state.Release, runErr error) *state.ReleaseMark {
	switch {
	case p.Request.Down && runErr == nil && p.leavesNothing():
		return &state.ReleaseMark{}
	case rel == nil:
		return nil
	}
	return &state.ReleaseMark{ID: rel.ID, Source: rel.Source}
}
