package scheduler

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/scheduler"
	"github.com/aws/aws-sdk-go-v2/service/scheduler/types"

	"github.com/berthdev/berth/internal/aws/gate"
	"github.com/berthdev/berth/internal/concurrent"
	"github.com/berthdev/berth/internal/engine"
)

// Schedule runs a task, or stops or starts a database, at the times of an expression.
// Outputs: id (GROUP/NAME), arn.
type Schedule struct {
	// Group is the name of the schedule's group.
	Group engine.Ref `attr:"group,replace,own"`
	Name  string     `attr:"name,replace,own"`
	// Expression is cron(...), rate(...) or at(...), in the time of Zone.
	Expression string `attr:"expression"`
	Zone       string `attr:"zone"`
	// JitterMinutes spreads the runs over so many minutes; 0 is exact.
	JitterMinutes int `attr:"jitter"`
	// State is ENABLED or DISABLED. People pause a schedule by hand, which is no
	// drift: only a change of the desired state counts.
	State string `attr:"state,external"`
	// Retries is how often AWS repeats a call that failed, MaxAge for how many
	// seconds.
	Retries int `attr:"retries"`
	MaxAge  int `attr:"max_age"`
	// DeadLetter is the ARN of the queue for firings that failed; empty for none.
	DeadLetter string     `attr:"dead_letter"`
	Role       engine.Ref `attr:"role"`
	// Call is what the schedule calls: RunTask, StopDatabase or StartDatabase.
	Call string `attr:"target"`
	// Database is the database that is stopped or started; the attributes below are for
	// tasks.
	Database       engine.Ref   `attr:"database,silent"`
	Cluster        engine.Ref   `attr:"cluster"`
	TaskDefinition engine.Ref   `attr:"task_definition"`
	Subnets        []engine.Ref `attr:"subnets,set"`
	SecurityGroups []engine.Ref `attr:"security_groups,set"`
	PublicIP       bool         `attr:"public_ip"`
	// Provider is the capacity provider that places its tasks; empty is Fargate.
	Provider string `attr:"provider,silent"`
	// Exec lets ECS Exec into the containers of its tasks.
	Exec bool `attr:"exec"`
	// Container is the container that Environment is for: variables of the schedule.
	Container   string            `attr:"container"`
	Environment map[string]string `attr:"environment"`
}

// The states of a schedule.
const (
	Enabled  = string(types.ScheduleStateEnabled)
	Disabled = string(types.ScheduleStateDisabled)
)

// The calls of schedules.
const (
	RunTask       = "ecs:runTask"
	StopDatabase  = "rds:stopDBInstance"
	StartDatabase = "rds:startDBInstance"
)

// Type implements engine.Resource.
func (Schedule) Type() string { return "scheduler.schedule" }

// Schedules is the type of Schedule.
type Schedules struct {
	Groups
	ECS       *ecs.Client
	Partition string
}

// Spec implements engine.Type. A deletion also stops the tasks that the schedule has
// started.
func (Schedules) Spec() engine.Spec {
	return engine.Spec{
		Name: Schedule{}.Type(), Identity: engine.ByParent, GoneIn: time.Second, GoneBy: 3 * time.Minute,
	}
}

// List implements engine.Type: one call for a hundred schedules of each group, which
// shows their names, and one for each schedule.
func (t Schedules) List(ctx context.Context, q engine.Query) ([]engine.Object, error) {
	groups, err := t.found(ctx, q)
	if err != nil {
		return nil, err
	}
	wanted := map[string]engine.Address{}
	for _, w := range q.Wanted {
		if want, ok := w.Resource.(Schedule); ok {
			wanted[want.Name] = w.Address
		}
	}
	var objects []engine.Object
	for _, g := range groups {
		names, err := names(ctx, t.API, g.object.ID)
		if err != nil {
			return nil, err
		}
		found := make([]engine.Object, len(names))
		err = concurrent.Each(names, func(i int, name string) (err error) {
			found[i], err = t.get(ctx, g.object.ID, name)
			if _, ok := engine.ParseMark(found[i].Detail); !ok && found[i].ID != "" {
				found[i].Address = engine.Address{Owner: g.owner, Type: Schedule{}.Type(), Name: name}
				if a, ok := wanted[name]; ok {
					found[i].Address = a // its description was edited
				} else {
					found[i].Foreign = "it does not carry berth's mark"
				}
			}
			found[i].Detail = ""
			return err
		})
		if err != nil {
			return nil, err
		}
		objects = append(objects, slices.DeleteFunc(found, func(o engine.Object) bool { return o.ID == "" })...)
	}
	return objects, nil
}

// names are the names of the schedules in a group.
func names(ctx context.Context, api *scheduler.Client, group string) ([]string, error) {
	var out []string
	pages := scheduler.NewListSchedulesPaginator(api, &scheduler.ListSchedulesInput{
		GroupName: &group, MaxResults: aws.Int32(100), // AWS's maximum
	})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if gate.IsNotFound(err) {
			return nil, nil
		}
		if err != nil {
			return nil, fmt.Errorf("listing the schedules of group %s: %w", group, err)
		}
		for _, s := range page.Schedules {
			if aws.ToString(s.GroupName) == group {
				out = append(out, aws.ToString(s.Name))
			}
		}
	}
	return out, nil
}

// get reads a schedule; the zero Object if there is none. Detail is its description.
func (t Schedules) get(ctx context.Context, group, name string) (engine.Object, error) {
	out, err := t.API.GetSchedule(ctx, &scheduler.GetScheduleInput{GroupName: &group, Name: &name})
	if gate.IsNotFound(err) {
		return engine.Object{}, nil
	}
	if err != nil {
		return engine.Object{}, fmt.Errorf("reading schedule %s: %w", name, err)
	}
	mark, _ := engine.ParseMark(aws.ToString(out.Description))
	return engine.Object{
		Address: mark.Address, ID: group + "/" + name, Outputs: map[string]string{"arn": aws.ToString(out.Arn)},
		Attrs: engine.Shown(t.shown(out)), LastApplied: mark.LastApplied, State: engine.StateReady,
		Detail: aws.ToString(out.Description), Created: aws.ToTime(out.CreationDate),
	}, nil
}

// Create implements engine.Type. A schedule of the name is the desired one, after a
// creation without an answer, or one that the user adopts.
func (t Schedules) Create(ctx context.Context, w engine.Desired[Schedule]) (engine.Object, error) {
	in, err := t.input(w, w.Want.State)
	if err != nil {
		return engine.Object{}, err
	}
	out, err := t.API.CreateSchedule(gate.JustMade(ctx), in)
	if gate.Code(err) == conflict {
		return t.take(ctx, w)
	}
	if err != nil {
		return engine.Object{}, fmt.Errorf("creating schedule %s: %w", w.Want.Name, err)
	}
	return engine.AsDesired(w, idOf(w.Want), map[string]string{"arn": aws.ToString(out.ScheduleArn)}), nil
}

func idOf(s Schedule) string { return s.Group.Value() + "/" + s.Name }

func (t Schedules) take(ctx context.Context, w engine.Desired[Schedule]) (engine.Object, error) {
	object, err := t.get(gate.JustMade(ctx), w.Want.Group.Value(), w.Want.Name)
	if err != nil {
		return engine.Object{}, err
	}
	if object.ID == "" {
		return engine.Object{}, gate.Unlisted("schedule " + w.Want.Name)
	}
	mark, _ := engine.ParseMark(object.Detail)
	if err := w.Claim(mark, w.Want.Name, object.Output("arn")); err != nil {
		return engine.Object{}, err
	}
	if mark == w.Mark() {
		object.Detail = ""
		return object, nil
	}
	return t.Update(ctx, w, object, nil)
}

// Update implements engine.Type. AWS replaces the whole schedule, so that all of it is
// sent; a state that somebody has set by hand stays unless the file's has changed.
func (t Schedules) Update(ctx context.Context, w engine.Desired[Schedule], object engine.Object, changed []string) (engine.Object, error) {
	state := object.Attrs["state"]
	if slices.Contains(changed, "state") || state == "" {
		state = w.Want.State
	}
	in, err := t.input(w, state)
	if err != nil {
		return engine.Object{}, err
	}
	_, err = t.API.UpdateSchedule(ctx, &scheduler.UpdateScheduleInput{
		Name: in.Name, GroupName: in.GroupName, ScheduleExpression: in.ScheduleExpression,
		ScheduleExpressionTimezone: in.ScheduleExpressionTimezone, FlexibleTimeWindow: in.FlexibleTimeWindow,
		Target: in.Target, ActionAfterCompletion: in.ActionAfterCompletion, Description: in.Description, State: in.State,
	})
	if err != nil {
		return engine.Object{}, fmt.Errorf("changing schedule %s: %w", w.Want.Name, err)
	}
	out := engine.AsDesired(w, object.ID, object.Outputs)
	out.Attrs["state"] = state
	return out, nil
}

// Delete implements engine.Type. Poll stops the schedule's tasks.
func (t Schedules) Delete(ctx context.Context, object engine.Object) error {
	group, name := parts(object.ID)
	_, err := t.API.DeleteSchedule(ctx, &scheduler.DeleteScheduleInput{GroupName: &group, Name: &name})
	if err != nil && !gate.IsNotFound(err) {
		return fmt.Errorf("deleting schedule %s: %w", name, err)
	}
	return nil
}

var (
	_ engine.Type[Schedule] = Schedules{}
	_ engine.Poller         = Schedules{}
)
