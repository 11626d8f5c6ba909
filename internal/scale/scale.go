package scale

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/berthdev/berth/internal/app"
	"github.com/berthdev/berth/internal/app/scaling"
	"github.com/berthdev/berth/internal/app/update"
	"github.com/berthdev/berth/internal/aws/autoscaling"
	"github.com/berthdev/berth/internal/aws/ecs"
	"github.com/berthdev/berth/internal/deploy"
	"github.com/berthdev/berth/internal/engine"
	"github.com/berthdev/berth/internal/why"
)

// Change is how the number of tasks of one service changes.
type Change struct {
	Service string `json:"service"`
	// From and To are numbers of tasks, File is the one in the files: the fewest if
	// the load decides.
	From int `json:"from"`
	To   int `json:"to"`
	File int `json:"file"`

	// Asleep says that the schedule lets no task run now.
	Asleep bool `json:"-"`

	byHand ecs.ByHand
	// suspend is whether to suspend the scaling, resume the range with which it goes on;
	// nil if it is not to.
	suspend bool
	resume  *scaling.Bounds
}

// Plan is what is to change.
type Plan struct {
	Changes []Change

	services *deploy.Restarts
	project  *deploy.Project
	word     string
}

// FixedByLoadError says that the load, or the clock, decides how many tasks a service has.
type FixedByLoadError struct {
	Service string
	Range   scaling.Scaling
}

func (e *FixedByLoadError) Error() string {
	if len(e.Range.Targets) == 0 {
		return fmt.Sprintf("the clock sets the number of tasks of %s: %s", e.Service, e.Range)
	}
	return fmt.Sprintf("%s is scaled with its load: %s", e.Service, e.Range)
}

// Remedy is what the user can do.
func (e *FixedByLoadError) Remedy() string {
	if len(e.Range.Targets) == 0 {
		return fmt.Sprintf("change deploy.replicas (%d) or x-berth.sleep and run `berth up`, or `berth pause %s`", e.Range.Max, e.Service)
	}
	return fmt.Sprintf("change x-berth.autoscaling.min (%d) and max (%d) and run `berth up`, or `berth pause %s`", e.Range.Min, e.Range.Max, e.Service)
}

// NotServiceError says that something has no number of tasks.
type NotServiceError struct{ Name string }

func (e *NotServiceError) Error() string { return e.Name + " is no service: it has no number of tasks" }

// OnEachError says that a service runs one task on each instance.
type OnEachError struct{ Service string }

func (e *OnEachError) Error() string {
	return "one task of " + e.Service + " runs on each instance, and ECS counts them (deploy.mode: global)"
}

// Remedy is what the user can do.
func (e *OnEachError) Remedy() string {
	return "take " + e.Service + " out of the file and run `berth up` to end its tasks"
}

// To plans to give services these numbers of tasks.
func To(ctx context.Context, p *deploy.Project, counts map[string]int, observe deploy.Observer) (*Plan, error) {
	for _, name := range slices.Sorted(maps.Keys(counts)) {
		if n := counts[name]; n < 0 || n > update.MaxReplicas {
			return nil, fmt.Errorf("%s=%d: ECS runs 0 to %d tasks for a service", name, n, update.MaxReplicas)
		}
	}
	return read(ctx, p, word{"scale", "scaled"}, counts, observe, func(s app.Service, c *Change, _ ecs.ByHand) error {
		if s.Scaling != nil {
			return &FixedByLoadError{s.Name, *s.Scaling}
		}
		c.To = counts[s.Name]
		c.byHand = ecs.ByHand{File: c.File, Set: c.To}
		return nil
	})
}

// Pause plans to stop all tasks of services.
func Pause(ctx context.Context, p *deploy.Project, names []string, observe deploy.Observer) (*Plan, error) {
	return read(ctx, p, word{"pause", "paused"}, keys(names), observe, func(s app.Service, c *Change, was ecs.ByHand) error {
		c.To, c.suspend = 0, s.Scaling != nil
		c.byHand = was
		if !was.Paused {
			c.byHand.Paused, c.byHand.Before = true, c.From
		}
		return nil
	})
}

// Resume plans to start as many tasks as services had before Pause, within the range that
// is to hold now: AWS has left out the entries of a schedule that came meanwhile.
func Resume(ctx context.Context, p *deploy.Project, names []string, observe deploy.Observer) (*Plan, error) {
	now := p.Target.Clock.Now()
	return read(ctx, p, word{"resume", "resumed"}, keys(names), observe, func(s app.Service, c *Change, was ecs.ByHand) error {
		if s.Scaling != nil {
			bounds := s.Scaling.At(now)
			c.resume, c.Asleep = &bounds, bounds.Max == 0
		}
		if c.From > 0 {
			c.To, c.byHand = c.From, was
			return nil
		}
		c.To = c.File
		if was.Before > 0 {
			c.To = was.Before
		}
		if c.resume != nil {
			c.To = min(max(c.To, c.resume.Min), c.resume.Max)
			return nil
		}
		c.byHand = ecs.ByHand{File: c.File, Set: c.To}
		return nil
	})
}

func keys(names []string) map[string]int {
	out := map[string]int{}
	for _, name := range names {
		out[name] = 0
	}
	return out
}

// word is a command's word in the lock, and for what it has done.
type word struct{ doing, done string }

// read reads the services and plans a change for each.
func read(ctx context.Context, p *deploy.Project, w word, of map[string]int, observe deploy.Observer,
	plan func(app.Service, *Change, ecs.ByHand) error,
) (*Plan, error) {
	names := slices.Sorted(maps.Keys(of))
	if err := p.CheckNames(names); err != nil {
		return nil, err
	}
	for _, name := range names {
		if _, ok := p.Source.App.Service(name); !ok {
			return nil, &NotServiceError{name}
		}
	}
	found, err := p.PlanWork(ctx, deploy.Asks{Names: names, Done: w.done}, observe)
	if err != nil {
		return nil, err
	}
	out := &Plan{services: found, project: p, word: w.doing}
	for i, o := range found.Objects() {
		name := found.Names[i]
		s, _ := p.Source.App.Service(name)
		if s.Global {
			return nil, &OnEachError{name}
		}
		c := Change{Service: s.Name, From: ecs.Count(o), File: s.Replicas}
		if s.Scaling != nil {
			c.File = s.Scaling.Min
		}
		if err := plan(s, &c, ecs.ByHandIn(o.Tags, c.From)); err != nil {
			return nil, err
		}
		out.Changes = append(out.Changes, c)
	}
	return out, nil
}

// Services are the names and addresses of the services.
func (p *Plan) Services() (names []string, addresses []engine.Address) {
	return p.services.Names, p.services.Addresses()
}

// Apply makes the changes under the stack's lock, and waits until as many tasks run.
func (p *Plan) Apply(ctx context.Context, timeout time.Duration, observe deploy.Observer) ([]why.Answer, error) {
	c := p.project.Target.Clients
	services, targets := ecs.Services{API: c.ECS}, autoscaling.Targets{API: c.Scaling}
	change := func(ctx context.Context, i int, o engine.Object) (engine.Object, error) {
		change := p.Changes[i]
		if change.suspend {
			if err := targets.Suspend(ctx, o.ID); err != nil {
				return o, err
			}
		}
		now, err := services.Scale(ctx, o, change.To, change.byHand)
		if r := change.resume; err == nil && r != nil {
			err = targets.Resume(ctx, o.ID, r.Min, r.Max)
		}
		return now, err
	}
	return p.services.Each(ctx, deploy.Work{Word: p.word, Timeout: timeout, Observe: observe, Change: change})
}
