package status

import (
	"context"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	resource "github.com/berthdev/berth/internal/aws/ecs"
	"github.com/berthdev/berth/internal/aws/scheduler"
	"github.com/berthdev/berth/internal/aws/tasks"
	"github.com/berthdev/berth/internal/concurrent"
	"github.com/berthdev/berth/internal/cron"
)

// Schedule is the schedule of a job.
type Schedule struct {
	// Name is the Compose service's name.
	Name string `json:"name"`
	// State is enabled, disabled (by the file), paused (by hand) or absent.
	State string `json:"state"`
	// Expression is AWS's, in the time of Zone.
	Expression string `json:"expression,omitempty"`
	Zone       string `json:"timezone,omitempty"`
	// Next are the next runs, at most three; none unless it is enabled.
	Next []time.Time `json:"next"`
	// Last is the last run that ECS still shows, which it does for about an hour.
	Last *Run `json:"last,omitempty"`
}

// Run is one task of a job.
type Run struct {
	Task string `json:"task"`
	// State is running, done or failed.
	State   string    `json:"state"`
	Started time.Time `json:"started,omitzero"`
	// Reason is why it failed.
	Reason string `json:"reason,omitempty"`
}

// The states of schedules and runs.
const (
	Enabled  = "enabled"
	Disabled = "disabled"
	Paused   = "paused"
	running  = "running"
	Done     = "done"
)

// WantedSchedule is a schedule whose state is asked for.
type WantedSchedule struct {
	// Name is the Compose service's name, Family that of its task definitions.
	Name, Family string
	// Group and Schedule are its names in EventBridge Scheduler.
	Group, Schedule string
	// Off says that the file disables it.
	Off bool
}

// nextRuns is how many runs are shown.
const nextRuns = 3

// Schedules reads schedules and their last runs.
func Schedules(ctx context.Context, h scheduler.Hand, cluster string, wanted []WantedSchedule, now time.Time) ([]Schedule, error) {
	if len(wanted) == 0 {
		return nil, nil
	}
	out := make([]Schedule, len(wanted))
	err := concurrent.Each(wanted, func(i int, w WantedSchedule) error {
		seen, ok, err := h.Read(ctx, w.Group, w.Schedule)
		if err == nil {
			out[i] = scheduleOf(w, seen, ok, now)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	running, err := scheduler.Running(ctx, h.ECS, cluster, scheduler.StartedBy(wanted[0].Group))
	if err != nil {
		return nil, err
	}
	return out, concurrent.Each(wanted, func(i int, w WantedSchedule) error {
		found := running
		if out[i].State != Absent {
			stopped, err := scheduler.Stopped(ctx, h.ECS, cluster, w.Family)
			if err != nil {
				return err
			}
			found = slices.Concat(running, stopped)
		}
		out[i].Last = lastRun(found, w.Family, w.Name)
		return nil
	})
}

func scheduleOf(w WantedSchedule, seen scheduler.Seen, ok bool, now time.Time) Schedule {
	s := Schedule{Name: w.Name, State: Absent, Next: []time.Time{}}
	if !ok {
		return s
	}
	s.Expression, s.Zone = seen.Expression, seen.Zone
	switch {
	case seen.State == scheduler.Enabled:
		s.State = Enabled
	case w.Off:
		s.State = Disabled
	default:
		s.State = Paused
	}
	e, err := cron.Parse(seen.Expression)
	loc, zoneErr := cron.Zone(seen.Zone)
	if err != nil || zoneErr != nil || s.State != Enabled {
		return s
	}
	for at := now; len(s.Next) < nextRuns; {
		next, ok := e.Next(at, seen.Begins, loc)
		if !ok {
			break
		}
		s.Next = append(s.Next, next)
		at = next
	}
	return s
}

// lastRun is the newest of some tasks that is of a family; nil if there is none. own
// is the job's own container.
func lastRun(found []types.Task, family, own string) *Run {
	var newest *types.Task
	for i, t := range found {
		if tasks.FamilyOf(aws.ToString(t.TaskDefinitionArn)) != family {
			continue
		}
		if newest == nil || aws.ToTime(newest.CreatedAt).Before(aws.ToTime(t.CreatedAt)) {
			newest = &found[i]
		}
	}
	if newest == nil {
		return nil
	}
	r := runOf(*newest, own)
	return &r
}

func runOf(t types.Task, own string) Run {
	r := Run{Task: resource.LastPart(aws.ToString(t.TaskArn)), State: running, Started: aws.ToTime(t.CreatedAt)}
	if aws.ToString(t.LastStatus) != "STOPPED" {
		return r
	}
	if r.Reason = resource.WhyFailed(t, own); r.Reason == "" {
		r.State = Done
	} else {
		r.State = Failed
	}
	return r
}
