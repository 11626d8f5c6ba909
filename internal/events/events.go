package events

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	resource "github.com/berthdev/berth/internal/aws/ecs"
	"github.com/berthdev/berth/internal/aws/gate"
	"github.com/berthdev/berth/internal/aws/tasks"
	"github.com/berthdev/berth/internal/blueprint"
	"github.com/berthdev/berth/internal/concurrent"
	"github.com/berthdev/berth/internal/deploy"
)

// The kinds of events.
const (
	// OfService is ECS's own word about a service.
	OfService = "service"
	// OfTask is the end of a task.
	OfTask = "task"
	// OfDeployment is the beginning or the end of a deployment.
	OfDeployment = "deployment"
)

// Event is something that happened.
type Event struct {
	Time time.Time `json:"time"`
	// Service is the service or job in the Compose file.
	Service string `json:"service"`
	Kind    string `json:"kind"`
	// Text is what happened, in one line.
	Text string `json:"text"`
	// Task is the id of the task that stopped, ExitCode that of the container because
	// of which it did, as far as there is one.
	Task     string `json:"task,omitempty"`
	ExitCode *int32 `json:"exit_code,omitempty"`

	id string
}

// Options say which events to show.
type Options struct {
	// Since leaves older events out; zero is no limit.
	Since time.Time
	// Follow goes on until ctx ends.
	Follow bool
}

// pollEvery is the pause between two readings: three calls for each service.
const pollEvery = 5 * time.Second

// Show passes the events of the services and jobs of these names, or of all, to show,
// in the order of time. ECS keeps the last 100 events of a service, deployments for 90
// days, and a task for an hour after its end; the log group of a stack that keeps its
// events has more.
func Show(ctx context.Context, p *deploy.Project, names []string, o Options, show func(Event) error) error {
	wanted, table, err := workloads(p, names)
	if err != nil {
		return err
	}
	seen := map[string]bool{}
	for first := true; ; first = false {
		list, err := read(ctx, p, table.Cluster, wanted)
		if err != nil {
			return err
		}
		if first {
			older, err := kept(ctx, p, table, wanted, o.Since, list)
			if err != nil {
				return err
			}
			list = inOrder(append(list, older...))
		}
		for _, e := range list {
			if seen[e.id] || e.Time.Before(o.Since) {
				continue
			}
			seen[e.id] = true
			if err := show(e); err != nil {
				return err
			}
		}
		if !o.Follow {
			return nil
		}
		if err := p.Target.Clock.Sleep(ctx, pollEvery); err != nil {
			return err
		}
	}
}

// workloads are the services and jobs of these names, or all; a sidecar stands for the
// workload that it is in.
func workloads(p *deploy.Project, names []string) (list []workload, table blueprint.Outputs, err error) {
	asked, err := deploy.Asked(p, names)
	if err != nil {
		return nil, table, err
	}
	table, err = p.Outputs()
	if err != nil {
		return nil, table, err
	}
	for _, w := range table.Workloads() {
		if asked(w.Name) {
			s, _ := table.Service(w.Name)
			list = append(list, workload{w, s.ECSName})
		}
	}
	return list, table, nil
}

// workload is a service or job with its name in ECS, which a job has not.
type workload struct {
	blueprint.WorkloadOutput
	service string
}

func read(ctx context.Context, p *deploy.Project, cluster string, wanted []workload) ([]Event, error) {
	r := reader{p.Target.Clients.ECS, cluster}
	list, err := concurrent.Gather(wanted, 1, func(one []workload) ([]Event, error) { return r.of(ctx, one[0]) })
	return inOrder(list), err
}

func inOrder(list []Event) []Event {
	slices.SortStableFunc(list, func(a, b Event) int {
		return cmp.Or(a.Time.Compare(b.Time), strings.Compare(a.Service, b.Service))
	})
	return list
}

// reader reads the events of workloads of a cluster.
type reader struct {
	api     *ecs.Client
	cluster string
}

func (r reader) of(ctx context.Context, w workload) ([]Event, error) {
	out, err := r.stops(ctx, w)
	if err != nil || w.service == "" {
		return out, err
	}
	found, err := resource.Describe(ctx, r.api, r.cluster, []string{w.service})
	if gate.IsNotFound(err) {
		return out, nil
	}
	if err != nil {
		return nil, err
	}
	for _, s := range found {
		for _, e := range slices.Backward(s.Events) { // ECS has the newest first
			text := strings.TrimPrefix(aws.ToString(e.Message), "(service "+w.service+") ")
			out = append(out, Event{Time: aws.ToTime(e.CreatedAt), Service: w.Name, Kind: OfService, Text: text, id: aws.ToString(e.Id)})
		}
		out = append(out, r.deployments(ctx, w, s)...)
	}
	return out, nil
}

// stops are the tasks that have stopped within the last hour.
func (r reader) stops(ctx context.Context, w workload) ([]Event, error) {
	list, err := tasks.List(ctx, r.api, &ecs.ListTasksInput{Cluster: &r.cluster, Family: aws.String(w.Family), DesiredStatus: types.DesiredStatusStopped})
	if err != nil {
		return nil, err
	}
	var out []Event
	for _, t := range list {
		if t.StoppedAt != nil {
			out = append(out, stopOf(w, t))
		}
	}
	return out, nil
}

// stopOf is the end of a task.
func stopOf(w workload, t types.Task) Event {
	id := resource.LastPart(aws.ToString(t.TaskArn))
	e := Event{Time: *t.StoppedAt, Service: w.Name, Kind: OfTask, Task: id, id: id, Text: "stopped: " + aws.ToString(t.StoppedReason)}
	if why := resource.WhyFailed(t, w.Container); why != "" {
		e.Text = "stopped: " + why
	}
	containers := slices.DeleteFunc(slices.Clone(t.Containers), resource.IsHelper)
	if c := resource.Culprit(containers); c != nil {
		e.ExitCode = c.ExitCode
	} else if len(containers) > 0 {
		e.ExitCode = containers[0].ExitCode
	}
	return e
}

// deployments are the beginnings and ends of a service's deployments. Without the
// permission to list them, or where an endpoint has none, the service's own events
// have to do.
func (r reader) deployments(ctx context.Context, w workload, s types.Service) []Event {
	list, err := resource.Deployments(ctx, r.api, s)
	if err != nil {
		return nil
	}
	var out []Event
	for _, d := range list {
		arn := aws.ToString(d.ServiceDeploymentArn)
		begin := Event{Time: aws.ToTime(d.CreatedAt), Service: w.Name, Kind: OfDeployment, Text: "began", id: arn}
		out = append(out, begin)
		if d.FinishedAt == nil {
			continue
		}
		text := strings.ToLower(strings.ReplaceAll(string(d.Status), "_", " "))
		if why := aws.ToString(d.StatusReason); why != "" {
			text += ": " + why
		}
		out = append(out, Event{Time: *d.FinishedAt, Service: w.Name, Kind: OfDeployment, Text: text, id: arn + "/end"})
	}
	return out
}
