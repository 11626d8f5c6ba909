package deploy

import (
	"context"
	"errors"

	"github.com/berthdev/berth/internal/aws/ecs"
	"github.com/berthdev/berth/internal/blueprint"
	"github.com/berthdev/berth/internal/concurrent"
	"github.com/berthdev/berth/internal/engine"
	"github.com/berthdev/berth/internal/state"
	"github.com/berthdev/berth/internal/status"
)

// record writes the release down and frees the locks. It does so when the run
// has failed, or was stopped, too. runErr is what went wrong so far.
func (x *execution) record(ctx context.Context, runErr error) error {
	s := x.session
	runErr = errors.Join(runErr, concurrent.Safely(func() error {
		s.begin(StageRecord)
		return nil
	}))
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), state.Lease)
	defer cancel()
	if !x.Request.Down {
		runErr = errors.Join(runErr, concurrent.Safely(func() error {
			x.out.Release = x.release(ctx, runErr)
			return nil
		}))
	}
	if x.out.Release != nil {
		x.held.beside(func() error { return s.project.Releases().Write(ctx, s.stack(), *x.out.Release) })
	}
	var mark *state.ReleaseMark
	runErr = errors.Join(runErr, concurrent.Safely(func() error {
		if runErr == nil {
			x.noteZones()
		}
		x.held.noteAll(s.clock.Now(), runErr != nil && !Unhealthy(runErr))
		mark = x.mark(runErr)
		return nil
	}))
	return errors.Join(runErr, x.held.release(ctx, mark))
}

// release describes the run. Image digests are those of the tasks that run.
func (x *execution) release(ctx context.Context, runErr error) *state.Release {
	s, result := x.session, x.out.Result
	now, source, holder := s.clock.Now(), s.project.Source, s.project.Target.Holder
	rel := &state.Release{
		ID: state.ReleaseID(now, s.project.Target.Nonce()), Time: now.UTC(), Seconds: now.Sub(x.begun).Seconds(),
		Who: s.id.ARN, Host: holder.Host, Source: s.app.Source.String(), SourceAssumed: x.assumes(),
		Commit: source.Commit, Dirty: source.Dirty,
		Services: map[string]state.ReleaseService{}, Jobs: map[string]state.ReleaseJob{},
		Types: typesOf(result.Objects),
	}
	rel.Outcome, rel.Error = outcomeOf(runErr)
	table := x.outputs(blueprint.In(result))
	digests := map[string]map[string]string{}
	_, made := result.Objects[engine.Address{Owner: s.environment(), Type: "ecs.cluster", Name: "main"}]
	if made || s.app.Settings.Cluster.Value != "" {
		digests = status.Digests(ctx, s.clients.ECS, table.Cluster)
	}
	for _, svc := range table.Services {
		if td, ok := taskDefinition(result, svc.Address); ok {
			rel.Services[svc.Name] = state.ReleaseService{Image: svc.Image.Value(), TaskDefinition: td, Digest: digests[td][svc.Container], Instead: instead(x, svc.Address, td)}
		}
	}
	for _, j := range table.Jobs {
		if td, ok := taskDefinition(result, j.Address); ok {
			task, code := "", "" // the run of a schedule belongs to no release
			if j.Schedule == "" {
				task, code = ecs.TaskOf(result.Objects[j.Address])
			}
			rel.Jobs[j.Name] = state.ReleaseJob{Image: j.Image.Value(), TaskDefinition: td, Task: task, ExitCode: code, Instead: instead(x, j.Address, td)}
		}
	}
	return rel
}

// outcomeOf is how a run ended, and why.
func outcomeOf(err error) (outcome, why string) {
	switch {
	case err == nil:
		return state.Succeeded, ""
	case Unhealthy(err):
		return state.Unhealthy, err.Error()
	}
	return state.Failed, err.Error()
}

// instead is the revision that a service or job has at the end of the run; nil if it
// is the one that was to be deployed.
func instead(x *execution, of engine.Address, wanted string) *state.ReleaseRevision {
	object, there := x.out.Result.Objects[of]
	arn, shown := object.Attrs["task_definition"]
	if arn == wanted || there && !shown {
		return nil
	}
	out := &state.ReleaseRevision{TaskDefinition: arn}
	latest, _ := x.Observed.Object(definitionOf(of))
	for _, revision := range []engine.Object{latest, x.running[definitionOf(of)]} {
		if c := engine.ShownAs[ecs.TaskDefinition](revision).Containers; revision.ID == arn && len(c) > 0 {
			out.Image = c[0].Image.Value()
		}
	}
	return out
}

// taskDefinition is the ARN of the task definition of a service or job.
func taskDefinition(result *engine.Result, of engine.Address) (arn string, ok bool) {
	l, ok := result.Objects[definitionOf(of)]
	return l.Output("arn"), ok
}

// mark is what the lock record remembers of the run. A teardown that left nothing
// of the stack forgets its last release and its source.
func (x *execution) mark(runErr error) *state.ReleaseMark {
	rel := x.out.Release
	switch {
	case x.Request.Down && runErr == nil && x.leavesNothing():
		return &state.ReleaseMark{}
	case rel == nil:
		return nil
	}
	return &state.ReleaseMark{ID: rel.ID, Source: rel.Source}
}
