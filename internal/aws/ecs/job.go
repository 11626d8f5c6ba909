package ecs

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"github.com/berthdev/berth/internal/aws/gate"
	"github.com/berthdev/berth/internal/aws/tasks"
	"github.com/berthdev/berth/internal/clock"
	"github.com/berthdev/berth/internal/concurrent"
	"github.com/berthdev/berth/internal/engine"
)

// Job is a task that must run to its end with exit code 0 whenever Trigger has
// changed: at least once, never two at once, never on Spot. The tag TagRan on
// its task definition records the last successful run. Ready means done.
// Outputs: id (the task's ARN), exit_code.
type Job struct {
	Cluster        engine.Ref   `attr:"cluster,create"`
	TaskDefinition engine.Ref   `attr:"task_definition,create"`
	Subnets        []engine.Ref `attr:"subnets,create"`
	SecurityGroups []engine.Ref `attr:"security_groups,create"`
	PublicIP       bool         `attr:"public_ip,create"`
	// Strategy places its task; empty is Fargate, on demand.
	Strategy []StrategyItem `attr:"strategy,create"`
	// Family is the task definition's family.
	Family string `attr:"family,create"`
	// Trigger is a hash of the definitions of the job and its dependents.
	Trigger string `attr:"trigger"`
	// Started are the services of which a task must run before the job does.
	Started []engine.Ref `attr:"started,create"`
	// Exec lets ECS Exec into the containers of the task.
	Exec bool `attr:"exec,create"`
}

const (
	// TagRan is the tag on a job's task definition that holds the Trigger of
	// the last run that succeeded.
	TagRan = "berth:ran"
	// TagRanTask holds that run's task.
	TagRanTask = "berth:ran-task"
	// TagFailedTask holds the id of the last task that failed: the next run
	// needs another idempotency token.
	TagFailedTask = "berth:failed-task"
	// TagLastTask holds the id of the last task that ended: it tells whether the
	// run that failed or the one that succeeded was the later one.
	TagLastTask = "berth:last-task"
)

// jobTags are the tags that a change of a task definition's tags leaves alone.
func jobTags() []string { return []string{TagRan, TagRanTask, TagFailedTask, TagLastTask} }

// stopReason marks a task that berth has stopped.
const stopReason = "stopped by berth down"

// Type implements engine.Resource.
func (Job) Type() string { return "ecs.job" }

// Jobs is the type of Job. Its objects are not tasks, which ECS forgets after
// an hour, but runs: the last one that succeeded, or one that is under way.
type Jobs struct {
	TaskDefinitions TaskDefinitions
	Clock           clock.Clock
}

// Spec implements engine.Type.
func (Jobs) Spec() engine.Spec {
	return engine.Spec{
		Name: Job{}.Type(), Identity: engine.Token, Untagged: true,
		ReadyIn: 45 * time.Second, GoneIn: 10 * time.Second,
	}
}

// List implements engine.Type. A job that has run for the wanted trigger needs
// no call beyond those for the task definitions; for the other jobs List asks
// ECS whether a run is under way.
func (t Jobs) List(ctx context.Context, q engine.Query) ([]engine.Object, error) {
	revisions, err := t.TaskDefinitions.revisions(ctx, q)
	if err != nil {
		return nil, err
	}
	wanted := map[engine.Address]Job{}
	for _, w := range q.Wanted {
		if want, ok := w.Resource.(Job); ok {
			wanted[w.Address] = want
		}
	}
	found := make([]engine.Object, len(revisions))
	err = concurrent.Each(revisions, func(i int, r revision) (err error) {
		address := r.mark.Address
		address.Type = Job{}.Type()
		if want, ok := wanted[address]; ok && r.tags[TagRan] != want.Trigger {
			found[i], err = t.underWay(ctx, address, want)
		}
		// A definition that a teardown has deregistered is made again, and the job runs with it.
		if err == nil && found[i].ID == "" && r.tags[TagRan] != "" && r.Status != types.TaskDefinitionStatusInactive {
			found[i] = ranObject(address, r)
		}
		return err
	})
	return slices.DeleteFunc(found, func(l engine.Object) bool { return l.ID == "" }), err
}

// underWay returns the run of a job that another session has started; the zero
// Object if there is none.
func (t Jobs) underWay(ctx context.Context, address engine.Address, want Job) (engine.Object, error) {
	clusters := clusterNames([]engine.Owner{address.Owner}, t.TaskDefinitions.Region, []engine.Ref{want.Cluster})
	for _, cluster := range clusters {
		tasks, err := t.running(ctx, cluster, want.Family)
		if err != nil && !gate.IsNotFound(err) {
			return engine.Object{}, fmt.Errorf("looking for a run of %s: %w", address, err)
		}
		if len(tasks) > 0 {
			return runObject(address, want, tasks[0]), nil
		}
	}
	return engine.Object{}, nil
}

// Create implements engine.Type: it runs the job, unless another session has
// done so meanwhile. If a run for the same trigger is under way, it uses that
// one; it waits for a run for another trigger.
func (t Jobs) Create(ctx context.Context, w engine.Desired[Job]) (engine.Object, error) {
	ctx = gate.JustMade(ctx)
	r, err := t.TaskDefinitions.describe(ctx, w.Want.TaskDefinition.Value())
	if err != nil {
		return engine.Object{}, err
	}
	token := w.Token
	if r != nil {
		if r.tags[TagRan] == w.Want.Trigger {
			return ranObject(w.Address, *r), nil
		}
		token = tokenAfter(w.Token, r.tags[TagFailedTask])
	}
	running, err := t.running(ctx, w.Want.Cluster.Value(), w.Want.Family)
	if err != nil {
		return engine.Object{}, fmt.Errorf("looking for earlier runs of %s: %w", w.Address.Name, err)
	}
	if len(running) > 0 {
		if aws.ToString(running[0].StartedBy) != startedBy(w.Want.Trigger) {
			return engine.Object{}, gate.Busy("an earlier run, task " + LastPart(aws.ToString(running[0].TaskArn)) + ", has not ended")
		}
		return runObject(w.Address, w.Want, running[0]), nil
	}
	if err = t.awaitTasks(ctx, w.Want); err != nil {
		return engine.Object{}, err
	}
	task, err := t.run(ctx, w, token)
	if err != nil {
		return engine.Object{}, fmt.Errorf("running %s: %w", w.Address.Name, passing(err))
	}
	return runObject(w.Address, w.Want, task), nil
}

// Update implements engine.Type: a changed trigger runs the job again.
func (t Jobs) Update(ctx context.Context, w engine.Desired[Job], object engine.Object, changed []string) (engine.Object, error) {
	if len(changed) == 0 {
		return object, nil
	}
	return t.Create(ctx, w)
}

// Delete implements engine.Type. A job only leaves a tag, which is deleted with
// the task definition; Delete stops a run that is under way.
func (t Jobs) Delete(ctx context.Context, l engine.Object) error {
	if l.State == engine.StateReady || clusterOf(l.ID) == "" {
		return nil
	}
	return tasks.Stop(ctx, t.TaskDefinitions.API, clusterOf(l.ID), l.ID, stopReason)
}

var (
	_ engine.Type[Job] = Jobs{}
	_ engine.Poller    = Jobs{}
)
