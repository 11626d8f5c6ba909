package oneoff

import (
	"cmp"
	"context"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/berthdev/berth/internal/app/capacity"
	"github.com/berthdev/berth/internal/aws/ecs"
	"github.com/berthdev/berth/internal/aws/scheduler"
	"github.com/berthdev/berth/internal/blueprint"
	"github.com/berthdev/berth/internal/deploy"
	"github.com/berthdev/berth/internal/engine"
	"github.com/berthdev/berth/internal/status"
)

// Request says which one-off tasks to start.
type Request struct {
	// Name is the service or job whose task definition, network and roles they have.
	Name string
	// Command replaces the image's command; nil keeps it. Variables are set besides
	// those of the definition, and take precedence.
	Command   []string
	Variables map[string]string
	// Size is what the tasks have at least; zero fields keep the definition's.
	Size capacity.Size
	// Spot runs the tasks on Fargate Spot.
	Spot bool
	// Count is how many tasks to start, 1 to 10.
	Count int
}

// mostRuns is how many tasks one RunTask call starts:
// https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RunTask.html
const mostRuns = 10

// Run is a number of one-off tasks that were started together.
type Run struct {
	// Tasks are their ids, Definition the revision that they run, such as web:3.
	Tasks      []string
	Definition string
	// Refused are the reasons why ECS started fewer than were asked for.
	Refused []string

	project  *deploy.Project
	cluster  string
	workload blueprint.WorkloadOutput
	logs     []status.Source
}

// NotDeployedError says that a service or job is not deployed, so that it has no task
// definition to run.
type NotDeployedError struct{ Name string }

func (e *NotDeployedError) Error() string { return e.Name + " is not deployed here" }

// Remedy is what the user can do.
func (e *NotDeployedError) Remedy() string { return "`berth up` deploys it" }

// Start starts one-off tasks. Each call starts them once, however often it has to be
// repeated on the way to AWS. The tasks are stopped when the definition is deleted.
func Start(ctx context.Context, p *deploy.Project, req Request, observe deploy.Observer) (*Run, error) {
	table, err := p.Outputs()
	if err != nil {
		return nil, err
	}
	w, err := runnable(p, table, req)
	if err != nil {
		return nil, err
	}
	size, err := sized(p, req)
	if err != nil {
		return nil, err
	}
	var o ecs.OneOff
	if s, ok := table.Service(req.Name); ok {
		o, err = likeService(ctx, p, table.Cluster, s)
	} else {
		o, err = likeJob(ctx, p, table.Cluster, w, observe)
	}
	if err != nil {
		return nil, err
	}
	o.Container, o.Command, o.Variables = w.Container, req.Command, req.Variables
	o.CPU, o.Memory, o.Count = size.CPU, size.Memory, max(req.Count, 1)
	if o.Strategy, err = placing(w, req.Spot); err != nil {
		return nil, err
	}
	o.StartedBy, o.Token = ecs.StartedByStack(p.Stack()), p.Target.Nonce()
	return start(ctx, p, o, w)
}

// runnable is what a request is about, if it can be run.
func runnable(p *deploy.Project, table blueprint.Outputs, req Request) (blueprint.WorkloadOutput, error) {
	var none blueprint.WorkloadOutput
	if err := p.CheckNames([]string{req.Name}); err != nil {
		return none, err
	}
	if _, ok := p.Source.App.Database(req.Name); ok {
		return none, fmt.Errorf("%s cannot be run: it is a managed database", req.Name)
	}
	if task, ok := p.Source.App.TaskOf(req.Name); ok && task != req.Name {
		return none, fmt.Errorf("%s cannot be run alone: it is a sidecar in the tasks of %s", req.Name, task)
	}
	if req.Count > mostRuns {
		return none, fmt.Errorf("%d tasks are too many: at most %d can be started at once", req.Count, mostRuns)
	}
	for _, w := range table.Workloads() {
		if w.Name == req.Name {
			return w, nil
		}
	}
	return none, &NotDeployedError{req.Name}
}

// likeService is a task like those of a service that runs.
func likeService(ctx context.Context, p *deploy.Project, cluster string, s blueprint.ServiceOutput) (ecs.OneOff, error) {
	o, there, err := ecs.Services{API: p.Target.Clients.ECS}.Runs(ctx, cluster, s.ECSName)
	if err == nil && !there {
		err = &NotDeployedError{s.Name}
	}
	return o, err
}

// likeJob is a task like those of a job: nothing in ECS tells its network between two
// runs, so it is read as for a plan.
func likeJob(ctx context.Context, p *deploy.Project, cluster string, w blueprint.WorkloadOutput, observe deploy.Observer) (ecs.OneOff, error) {
	plan, err := p.Plan(ctx, deploy.Request{ReadOnly: true, Lenient: true}, waits(observe))
	if err != nil {
		return ecs.OneOff{}, err
	}
	node := plan.Graph.Node(w.Address)
	if node == nil {
		return ecs.OneOff{}, &NotDeployedError{w.Name}
	}
	var job ecs.Job
	switch r := node.Resource.(type) {
	case ecs.Job:
		job = r
	case scheduler.Schedule:
		job = ecs.Job{TaskDefinition: r.TaskDefinition, Subnets: r.Subnets, SecurityGroups: r.SecurityGroups, PublicIP: r.PublicIP, Exec: r.Exec}
	default:
		return ecs.OneOff{}, fmt.Errorf("%s is no job: %s", w.Name, w.Address)
	}
	o := ecs.OneOff{Cluster: cluster, PublicIP: job.PublicIP, Exec: job.Exec}
	known := true
	value := func(ref engine.Ref) string {
		text := blueprint.Resolved(ref, plan.Observed.Object).Value()
		known = known && text != ""
		return text
	}
	o.Definition = value(job.TaskDefinition)
	for _, ref := range job.Subnets {
		o.Subnets = append(o.Subnets, value(ref))
	}
	for _, ref := range job.SecurityGroups {
		o.Groups = append(o.Groups, value(ref))
	}
	if !known {
		return ecs.OneOff{}, &NotDeployedError{w.Name}
	}
	return o, nil
}

// placing is the strategy of the tasks of a request: their own capacity provider, or
// Fargate Spot if that is asked for.
func placing(w blueprint.WorkloadOutput, onSpot bool) ([]ecs.StrategyItem, error) {
	switch {
	case w.Provider != "" && onSpot:
		return nil, fmt.Errorf("%s cannot run on Fargate Spot: its tasks are for the capacity provider %s", w.Name, w.Provider)
	case w.Provider != "":
		return []ecs.StrategyItem{{Provider: w.Provider, Weight: 1}}, nil
	case onSpot:
		return []ecs.StrategyItem{{Provider: "FARGATE_SPOT", Weight: 1}}, nil
	}
	return nil, nil
}

// waits passes on only what the plan waits for: the plan is not about to be carried
// out, so its notices would confuse.
func waits(observe deploy.Observer) deploy.Observer {
	return func(e deploy.Event) {
		if _, ok := e.(deploy.Waiting); ok && observe != nil {
			observe(e)
		}
	}
}

func start(ctx context.Context, p *deploy.Project, o ecs.OneOff, w blueprint.WorkloadOutput) (*Run, error) {
	started, refused, err := ecs.OneOffs{API: p.Target.Clients.ECS}.Start(ctx, o)
	if err != nil {
		return nil, err
	}
	r := like(p, o.Cluster, w)
	r.Refused, r.Definition = refused, ecs.LastPart(aws.ToString(started[0].TaskDefinitionArn))
	for _, t := range started {
		r.add(ecs.LastPart(aws.ToString(t.TaskArn)))
	}
	return r, nil
}

// Of is a task of a job that was started elsewhere, to be waited for.
func Of(p *deploy.Project, job, task string) (*Run, error) {
	table, err := p.Outputs()
	if err != nil {
		return nil, err
	}
	for _, w := range table.Workloads() {
		if w.Name == job {
			r := like(p, table.Cluster, w)
			r.add(ecs.LastPart(task))
			return r, nil
		}
	}
	return nil, &NotDeployedError{job}
}

func like(p *deploy.Project, cluster string, w blueprint.WorkloadOutput) *Run {
	return &Run{project: p, cluster: cluster, workload: w}
}

// add adds a task, and its log.
func (r *Run) add(id string) {
	r.Tasks = append(r.Tasks, id)
	if w := r.workload; w.LogGroup != "" {
		r.logs = append(r.logs, status.Source{
			Name: w.Name, Group: w.LogGroup, Task: id,
			Stream: strings.Join([]string{blueprint.LogPrefix, w.Container, id}, "/"),
		})
	}
}

// sized is the size of the tasks of a request: zero if it is the definition's.
func sized(p *deploy.Project, req Request) (capacity.Size, error) {
	want := req.Size
	if want == (capacity.Size{}) {
		return want, nil
	}
	on := capacity.Fargate()
	for _, w := range p.Source.App.Workloads() {
		if w.Name == req.Name {
			on = w.On()
			want = capacity.Size{CPU: cmp.Or(want.CPU, w.CPU), Memory: cmp.Or(want.Memory, w.Memory)}
		}
	}
	fit, refused := on.Fit(want)
	if refused != nil {
		return want, fmt.Errorf("%s: %s", refused.What, refused.Why)
	}
	return fit, nil
}
