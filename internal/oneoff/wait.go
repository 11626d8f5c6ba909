package oneoff

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"github.com/berthdev/berth/internal/aws/ecs"
	"github.com/berthdev/berth/internal/aws/tasks"
	"github.com/berthdev/berth/internal/status"
)

const (
	// runPoll is how often tasks and their logs are read.
	runPoll = time.Second
	// lastPoll is how often the logs are read after the end.
	lastPoll = 500 * time.Millisecond
	// lastLines is how long after the end of a task its last lines may still appear:
	// they reach CloudWatch Logs within a few seconds.
	lastLines = 5 * time.Second
	// stopping is how long Stop tries after an interrupt.
	stopping = 10 * time.Second
	// unseen is how long a task may be unknown to DescribeTasks after its start.
	unseen = time.Minute
)

// End is how one task of a Run ended.
type End struct {
	Task string
	ecs.End
}

// TimeoutError says that one-off tasks still ran at their deadline.
type TimeoutError struct {
	After time.Duration
	Tasks []string
}

func (e *TimeoutError) Error() string {
	return fmt.Sprintf("%s: still running after %s, and stopped", strings.Join(e.Tasks, ", "), e.After)
}

// Wait shows the log lines of the tasks as they arrive, until all tasks have ended
// and their last lines are there; it returns how they ended, in the order of Tasks.
// After a timeout above zero it stops them and fails with a *TimeoutError. It does
// not stop them when ctx ends: see Stop. progress receives each change of a task.
func (r *Run) Wait(ctx context.Context, timeout time.Duration, show func(status.Line) error, progress func(task, state string)) ([]End, error) {
	clk := r.project.Target.Clock
	began := clk.Now()
	w := &wait{Run: r, ends: map[string]End{}, states: map[string]string{}, progress: progress, began: began}
	w.log = status.Follower{API: r.project.Target.Clients.Logs, Sources: r.logs, Clock: clk, From: began.Add(-time.Minute), Show: show}
	for len(w.ends) < len(r.Tasks) {
		if timeout > 0 && clk.Now().Sub(began) >= timeout {
			return nil, w.late(ctx, timeout)
		}
		if err := clk.Sleep(ctx, runPoll); err != nil {
			return nil, err
		}
		if err := w.look(ctx); err != nil {
			return nil, err
		}
	}
	if err := w.rest(ctx); err != nil {
		return nil, err
	}
	var out []End
	for _, id := range r.Tasks {
		out = append(out, w.ends[id])
	}
	return out, nil
}

// Stop stops the tasks that have not ended, also if ctx has.
func (r *Run) Stop(ctx context.Context, reason string) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopping)
	defer cancel()
	for _, id := range r.Tasks {
		if err := tasks.Stop(ctx, r.project.Target.Clients.ECS, r.cluster, id, reason); err != nil {
			return err
		}
	}
	return nil
}

// wait waits for a Run.
type wait struct {
	*Run
	log    status.Follower
	began  time.Time
	ends   map[string]End
	states map[string]string
	// lines is how many lines were shown, and quiet says that the last look found none.
	lines int
	quiet bool

	progress func(task, state string)
}

// look reads the tasks and the lines that are new.
func (w *wait) look(ctx context.Context) error {
	found, err := tasks.Describe(ctx, w.project.Target.Clients.ECS, w.cluster, w.Tasks)
	if err != nil {
		return err
	}
	for _, t := range found {
		w.judge(t)
	}
	if len(found) < len(w.Tasks) && w.project.Target.Clock.Now().Sub(w.began) > unseen {
		for _, id := range w.Tasks {
			known := slices.ContainsFunc(found, func(t types.Task) bool { return ecs.LastPart(aws.ToString(t.TaskArn)) == id })
			if _, ended := w.ends[id]; !known && !ended {
				w.ends[id] = End{Task: id, End: ecs.End{Why: "ECS no longer knows the task"}}
			}
		}
	}
	return w.read(ctx)
}

// read shows the lines that are new.
func (w *wait) read(ctx context.Context) error {
	n, err := w.log.Look(ctx)
	w.lines += n
	w.quiet = n == 0
	return err
}

func (w *wait) judge(t types.Task) {
	id := ecs.LastPart(aws.ToString(t.TaskArn))
	if end, ok := ecs.EndOf(t); ok {
		w.ends[id] = End{Task: id, End: end}
	}
	if state := strings.ToLower(aws.ToString(t.LastStatus)); w.states[id] != state {
		w.states[id] = state
		w.progress(id, state)
	}
}

// rest shows the last lines, which may arrive after the end: until none is new, or
// none has come for some seconds. ECS usually takes longer to clean up after a task.
func (w *wait) rest(ctx context.Context) error {
	clk := w.project.Target.Clock
	if len(w.logs) == 0 {
		return nil
	}
	var until time.Time
	for _, e := range w.ends {
		if at := e.Exited.Add(lastLines); !e.Exited.IsZero() && at.After(until) {
			until = at
		}
	}
	for clk.Now().Before(until) && (w.lines == 0 || !w.quiet) {
		if err := clk.Sleep(ctx, lastPoll); err != nil {
			return err
		}
		if err := w.read(ctx); err != nil {
			return err
		}
	}
	return nil
}

// late stops what still runs at the deadline.
func (w *wait) late(ctx context.Context, after time.Duration) error {
	e := &TimeoutError{After: after}
	for _, id := range w.Tasks {
		if _, ended := w.ends[id]; !ended {
			e.Tasks = append(e.Tasks, id)
		}
	}
	if err := w.Stop(ctx, fmt.Sprintf("stopped by berth run after %s", after)); err != nil {
		return fmt.Errorf("%w; %w", e, err)
	}
	return e
}
