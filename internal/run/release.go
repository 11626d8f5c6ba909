package run

import (
	"context"
	"errors"
	"time"

	"github.com/berthdev/berth/internal/aws/ecs"
	"github.com/berthdev/berth/internal/blueprint"
	"github.com/berthdev/berth/internal/engine"
	"github.com/berthdev/berth/internal/state"
	"github.com/berthdev/berth/internal/status"
)

// release describes the run. Image digests are those of the tasks that run.
func (s *Session) release(ctx context.Context, begin time.Time, result *engine.Result, runErr error) *state.Release {
	now := s.Clock.Now()
	rel := &state.Release{
		ID: state.ReleaseID(now, s.Locker.Nonce()), Time: now.UTC(), Seconds: now.Sub(begin).Seconds(),
		Who: s.Who, Host: s.Locker.Me.Host, Source: s.Source(), Commit: s.Commit, Dirty: s.Dirty,
		Outcome: "succeeded", Services: map[string]state.ReleaseService{}, Jobs: map[string]state.ReleaseJob{},
		Types: typesOf(result.Lives),
	}
	if runErr != nil {
		rel.Outcome, rel.Error = "failed", runErr.Error()
		if Unhealthy(runErr) {
			rel.Outcome = "unhealthy"
		}
	}
	digests := map[string]string{}
	_, made := result.Lives[engine.Address{Owner: s.Environment(), Type: "ecs.cluster", Name: "main"}]
	if made || s.App.Settings.Cluster.Value != "" {
		digests = status.Digests(ctx, s.Clients.ECS, blueprint.ClusterName(s.App, s.Region))
	}
	for _, svc := range s.App.Services {
		td, ok := s.taskDefinition(result, svc.Name)
		if !ok {
			continue
		}
		rel.Services[svc.Name] = state.ReleaseService{Image: s.image(result, svc.Workload), TaskDefinition: td, Digest: digests[td]}
	}
	for _, j := range s.App.Jobs {
		td, ok := s.taskDefinition(result, j.Name)
		if !ok {
			continue
		}
		job := result.Lives[engine.Address{Owner: s.Stack(), Type: ecs.Job{}.Type(), Name: j.Name}]
		rel.Jobs[j.Name] = state.ReleaseJob{
			Image: s.image(result, j.Workload), TaskDefinition: td, Task: job.Outputs["id"], ExitCode: job.Outputs["exit_code"],
		}
	}
	return rel
}

func (s *Session) taskDefinition(result *engine.Result, name string) (string, bool) {
	l, ok := result.Lives[engine.Address{Owner: s.Stack(), Type: ecs.TaskDefinition{}.Type(), Name: name}]
	return l.Output("arn"), ok
}

// mark is what the lock record remembers of the run. A teardown that left
// nothing of the stack forgets the last release and whose it was.
func (s *Session) mark(p *Prepared, out *Outcome, runErr error) *state.ReleaseMark {
	switch {
	case p.Request.Down && runErr == nil && s.leavesNothing(p):
		return &state.ReleaseMark{}
	case out.Release == nil:
		return nil
	}
	return &state.ReleaseMark{ID: out.Release.ID, Source: out.Release.Source}
}

// Unhealthy says whether all that went wrong is services that did not become
// healthy: everything was deployed.
func Unhealthy(err error) bool {
	failed := Failures(err)
	for _, f := range failed {
		var notReady *engine.NotReadyError
		if f.Address.Type != (ecs.Service{}).Type() || !errors.As(f.Err, &notReady) {
			return false
		}
	}
	return len(failed) > 0
}

// Failures are the failed actions in an error of Execute.
func Failures(err error) []*engine.ActionError {
	var out []*engine.ActionError
	var walk func(error)
	walk = func(err error) {
		if err == nil {
			return
		}
		//nolint:errorlint // every branch of the tree is visited
		switch e := err.(type) {
		case *engine.ActionError:
			out = append(out, e)
		case interface{ Unwrap() []error }:
			for _, inner := range e.Unwrap() {
				walk(inner)
			}
		case interface{ Unwrap() error }:
			walk(e.Unwrap())
		}
	}
	walk(err)
	return out
}
