package deploy

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/berthdev/berth/internal/app"
	"github.com/berthdev/berth/internal/aws/gate"
	"github.com/berthdev/berth/internal/aws/scheduler"
	"github.com/berthdev/berth/internal/blueprint"
	"github.com/berthdev/berth/internal/concurrent"
	"github.com/berthdev/berth/internal/engine"
	"github.com/berthdev/berth/internal/project"
	"github.com/berthdev/berth/internal/status"
)

// NoScheduleError says that a name is not that of a job with a schedule.
type NoScheduleError struct {
	// Name is empty if one had to be given. Known are the jobs with a schedule.
	Name  string
	Known []string
}

func (e *NoScheduleError) Error() string {
	switch {
	case e.Name == "" && len(e.Known) == 0:
		return "the files have no schedule"
	case e.Name == "":
		return "there are several schedules: " + join(e.Known)
	}
	return e.Name + " has no schedule"
}

// Remedy is what the user can do.
func (e *NoScheduleError) Remedy() string {
	if len(e.Known) == 0 {
		return `x-berth: {schedule: "0 3 * * *"} in a service gives it one`
	}
	return "name one of " + join(e.Known)
}

// NotScheduledError says that schedules of the files are not deployed.
type NotScheduledError struct{ Names []string }

func (e *NotScheduledError) Error() string {
	return fmt.Sprintf("not deployed here: %s", join(e.Names))
}

// Remedy is what the user can do.
func (e *NotScheduledError) Remedy() string { return "`berth up` deploys them" }

// Scheduling is what people do with the schedules of a project by hand.
type Scheduling struct{ p *Project }

// Scheduling is about the schedules of the project's jobs.
func (p *Project) Scheduling() Scheduling { return Scheduling{p} }

// Schedules reads the schedules of the jobs of these names, or of all.
func (x Scheduling) Schedules(ctx context.Context, names []string) ([]status.Schedule, error) {
	wanted, o, err := x.schedules(names)
	if err != nil {
		return nil, err
	}
	return status.Schedules(ctx, x.hand(), o.Cluster, wanted, x.p.Target.Clock.Now())
}

func (x Scheduling) hand() scheduler.Hand {
	return scheduler.Hand{API: x.p.Target.Clients.Scheduler, ECS: x.p.Target.Clients.ECS}
}

// schedules are the schedules in the files of these names, or all.
func (x Scheduling) schedules(names []string) ([]status.WantedSchedule, blueprint.Outputs, error) {
	o, err := x.p.Outputs()
	if err != nil {
		return nil, o, err
	}
	var known []string
	var out []status.WantedSchedule
	for _, j := range x.p.Source.App.JobsOn(app.OnSchedule) {
		known = append(known, j.Name)
		found, ok := o.Job(j.Name)
		if ok && concerns(names, j.Name) {
			out = append(out, status.WantedSchedule{
				Name: j.Name, Family: found.Family, Group: found.Group, Schedule: found.Schedule, Off: !j.Trigger.Schedule.Enabled,
			})
		}
	}
	for _, name := range names {
		if !slices.Contains(known, name) {
			return nil, o, &NoScheduleError{name, known}
		}
	}
	return out, o, nil
}

// SetSchedules pauses or resumes the schedules of the jobs of these names, or all,
// under the stack's lock. It returns the names of those that were otherwise before. A run
// of up keeps what it sets, until the file's enabled changes.
func (x Scheduling) SetSchedules(ctx context.Context, names []string, pause bool, observe Observer) (changed []string, err error) {
	wanted, _, err := x.schedules(names)
	if err != nil {
		return nil, err
	}
	if len(wanted) == 0 {
		return nil, &NoScheduleError{}
	}
	verb, state := "schedule resume", scheduler.Enabled
	if pause {
		verb, state = "schedule pause", scheduler.Disabled
	}
	err = x.underLock(ctx, verb, observe, func(ctx context.Context) error {
		var missing []string
		for _, w := range wanted {
			seen, ok, err := x.hand().Read(ctx, w.Group, w.Schedule)
			switch {
			case err != nil:
				return err
			case !ok:
				missing = append(missing, w.Name)
			case seen.State != state:
				if err := x.hand().SetState(ctx, seen, state); err != nil {
					return err
				}
				changed = append(changed, w.Name)
			}
		}
		if len(missing) > 0 {
			return &NotScheduledError{missing}
		}
		return nil
	})
	return changed, err
}

// underLock calls f while this process holds the stack's lock, if the stack is of the
// same source.
func (x Scheduling) underLock(ctx context.Context, verb string, observe Observer, f func(context.Context) error) error {
	s, err := x.p.newSession(observe)
	if err != nil {
		return err
	}
	seen, err := observeAll(ctx, s)
	if err != nil {
		return err
	}
	if err := checkSource(s, seen); err != nil {
		return err
	}
	held, err := lockStack(ctx, s, seen, verb)
	if err != nil {
		return err
	}
	err = concurrent.Safely(func() error { return f(gate.WithGuard(ctx, held.guard)) })
	return errors.Join(err, freeStack(ctx, s, held, seen, nil))
}

// ScheduleRun is a run that RunSchedule has started.
type ScheduleRun struct {
	// Name is the job, Task the task's ARN.
	Name, Task string
}

// RunSchedule starts what the schedule of a job starts, now; with an empty name that of
// the only one.
func (x Scheduling) RunSchedule(ctx context.Context, name string) (*ScheduleRun, error) {
	var names []string
	if name != "" {
		names = []string{name}
	}
	wanted, _, err := x.schedules(names)
	if err != nil {
		return nil, err
	}
	if len(wanted) != 1 {
		e := &NoScheduleError{}
		for _, w := range wanted {
			e.Known = append(e.Known, w.Name)
		}
		return nil, e
	}
	w := wanted[0]
	seen, ok, err := x.hand().Read(ctx, w.Group, w.Schedule)
	if err != nil {
		return nil, err
	}
	if !ok {
		return nil, &NotScheduledError{[]string{w.Name}}
	}
	task, err := x.hand().Start(ctx, seen, x.p.Target.Clock.Now())
	if err != nil {
		return nil, err
	}
	return &ScheduleRun{Name: w.Name, Task: task}, nil
}

// pausedNotices say which schedules are paused by hand: a plan leaves them so.
func pausedNotices(p *Plan) []app.Notice {
	if p.Request.Down || p.Observed == nil {
		return nil
	}
	var out []app.Notice
	for _, j := range p.session.app.JobsOn(app.OnSchedule) {
		a := engine.Address{Owner: p.session.stack(), Type: scheduler.Schedule{}.Type(), Name: j.Name}
		o, ok := p.Observed.Object(a)
		if !ok || o.Attrs["state"] != scheduler.Disabled || !j.Trigger.Schedule.Enabled || enables(p, a) {
			continue
		}
		out = append(out, app.Notice{
			At: app.ParsePosition(j.Origin), Concern: project.Failure, Kind: "job", Names: []string{j.Name},
			Text: fmt.Sprintf("paused by hand (`berth schedule pause`), and stays so; `berth schedule resume %s` starts it again", j.Name),
		})
	}
	return out
}

// enables says whether the plan changes the state of a schedule.
func enables(p *Plan, a engine.Address) bool {
	for _, act := range p.Actions {
		if act.Address == a && slices.ContainsFunc(act.Reasons, func(r engine.Reason) bool { return r.Attr == "state" }) {
			return true
		}
	}
	return false
}
