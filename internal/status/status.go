package status

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"github.com/berthdev/berth/internal/aws/autoscaling"
	resource "github.com/berthdev/berth/internal/aws/ecs"
)

// Service is one service with its tasks.
type Service struct {
	// Name is the Compose service's name.
	Name string `json:"name"`
	// State sums the service up in a word: healthy, deploying, unhealthy, failed,
	// draining, absent.
	State   string `json:"state"`
	Desired int32  `json:"desired"`
	Running int32  `json:"running"`
	Pending int32  `json:"pending"`
	// Scaling is the range in which the load decides how many tasks run; nil if the
	// number is fixed.
	Scaling *autoscaling.Range `json:"scaling,omitempty"`
	// AsleepUntil is when the clock starts tasks again that it has ended.
	AsleepUntil time.Time `json:"asleep_until,omitzero"`
	// Reason is why it is not as it should be, or why its last deployment did not
	// end well.
	Reason string `json:"reason,omitempty"`
	// Since is when the deployment began that runs now.
	Since time.Time `json:"since,omitzero"`
	// Deployment is the last deployment, unless it succeeded.
	Deployment *Deployment `json:"deployment,omitempty"`
	// Outdated says that it runs another task definition than the one that was
	// deployed last: after a rollback, or because somebody else changed it.
	Outdated bool `json:"outdated,omitempty"`
	// Image is what its tasks run, as the task definition names it.
	Image          string `json:"image,omitempty"`
	TaskDefinition string `json:"task_definition,omitempty"`
	Tasks          []Task `json:"tasks"`
	// Targets are the ports of its containers that load balancers lead to.
	Targets []int `json:"-"`
}

// The states that callers ask about: Absent is that of what is not there, Healthy
// that of a service that works.
const (
	Absent  = "absent"
	Healthy = "healthy"
)

// Wanted is a service whose status is asked for.
type Wanted struct {
	// Name is the Compose service's name, ECSName the one in the cluster, Container
	// that of its own container.
	Name, ECSName, Container string
	// Released is the ARN of the task definition that was deployed last, as far as
	// it is known.
	Released string
}

// Clients are the clients that Status needs.
type Clients struct {
	ECS *ecs.Client
	EC2 *ec2.Client
}

// Status reads services of a cluster with their running tasks. Services that
// are not there have the state absent.
func Status(ctx context.Context, c Clients, cluster string, wanted []Wanted) ([]Service, error) {
	found, err := describe(ctx, c.ECS, cluster, wanted)
	if err != nil {
		return nil, err
	}
	var running []Task
	if len(found) > 0 {
		if running, err = listed(ctx, c.ECS, &ecs.ListTasksInput{Cluster: aws.String(cluster)}); err != nil {
			return nil, err
		}
	}
	addPublicIPs(ctx, c.EC2, running)
	out := make([]Service, 0, len(wanted))
	for _, w := range wanted {
		s, ok := found[w.ECSName]
		if !ok {
			out = append(out, Service{Name: w.Name, State: Absent})
			continue
		}
		svc := Service{
			Name: w.Name, State: stateOf(s), Desired: s.DesiredCount, Running: s.RunningCount, Pending: s.PendingCount,
			TaskDefinition: resource.LastPart(aws.ToString(s.TaskDefinition)),
			Deployment:     lastDeployment(ctx, c.ECS, s, w.Name, w.Released),
			Outdated:       w.Released != "" && w.Released != aws.ToString(s.TaskDefinition),
		}
		for _, b := range s.LoadBalancers {
			svc.Targets = append(svc.Targets, int(aws.ToInt32(b.ContainerPort)))
		}
		svc.explain(ctx, c.ECS, s)
		for _, t := range running {
			if t.group == "service:"+w.ECSName {
				t.ownIs(w.Container)
				svc.Tasks = append(svc.Tasks, t)
				if t.TaskDefinition == aws.ToString(s.TaskDefinition) {
					svc.Image = t.Image
				}
			}
		}
		slices.SortFunc(svc.Tasks, func(a, b Task) int { return strings.Compare(a.ID, b.ID) })
		out = append(out, svc)
	}
	return out, nil
}

// Answering says which services clients get an answer from, by Compose name.
func Answering(ctx context.Context, api *ecs.Client, cluster string, wanted []Wanted) (map[string]bool, error) {
	found, err := describe(ctx, api, cluster, wanted)
	out := map[string]bool{}
	for _, w := range wanted {
		out[w.Name] = slices.ContainsFunc(found[w.ECSName].Deployments, answers)
	}
	return out, err
}

// answers reports whether tasks of a deployment run, and none of them is known to
// fail: those of a deployment that failed may run and never answer.
func answers(d types.Deployment) bool {
	back := strings.Contains(aws.ToString(d.RolloutStateReason), "circuit breaker")
	proved := d.RolloutState == types.DeploymentRolloutStateCompleted ||
		d.RolloutState == types.DeploymentRolloutStateInProgress && (back || d.FailedTasks == 0)
	return d.RunningCount > 0 && proved
}

// Definitions are the ARNs of the task definitions that services run, by Compose
// name.
func Definitions(ctx context.Context, api *ecs.Client, cluster string, wanted []Wanted) (map[string]string, error) {
	found, err := describe(ctx, api, cluster, wanted)
	out := map[string]string{}
	for _, w := range wanted {
		if s, ok := found[w.ECSName]; ok {
			out[w.Name] = aws.ToString(s.TaskDefinition)
		}
	}
	return out, err
}

func describe(ctx context.Context, api *ecs.Client, cluster string, wanted []Wanted) (map[string]types.Service, error) {
	names := make([]string, len(wanted))
	for i, w := range wanted {
		names[i] = w.ECSName
	}
	list, err := resource.Describe(ctx, api, cluster, names)
	var missing *types.ClusterNotFoundException
	if err != nil && !errors.As(err, &missing) {
		return nil, err
	}
	found := map[string]types.Service{}
	for _, s := range list {
		found[aws.ToString(s.ServiceName)] = s
	}
	return found, nil
}

func stateOf(s types.Service) string {
	if aws.ToString(s.Status) == "DRAINING" {
		return "draining"
	}
	for _, d := range s.Deployments {
		if aws.ToString(d.Status) != "PRIMARY" {
			continue
		}
		switch d.RolloutState {
		case types.DeploymentRolloutStateFailed:
			return "failed"
		case types.DeploymentRolloutStateInProgress:
			return "deploying"
		}
	}
	if s.RunningCount < s.DesiredCount {
		return "unhealthy"
	}
	return Healthy
}

// explain says why a service is not as it should be.
func (svc *Service) explain(ctx context.Context, api *ecs.Client, s types.Service) {
	present := Deployment{}
	for _, d := range s.Deployments {
		if aws.ToString(d.Status) == "PRIMARY" {
			svc.Since = aws.ToTime(d.CreatedAt)
			if svc.RolledBack() && d.UpdatedAt != nil && svc.Deployment.Ended.IsZero() {
				svc.Deployment.Ended = *d.UpdatedAt
			}
		}
	}
	switch d := svc.Deployment; {
	case d != nil && (d.Status != InProgress || svc.Running < svc.Desired):
		if why := stopReason(ctx, api, s, *d); why != "" {
			d.Reason = "the last task stopped: " + why
		}
		svc.Reason = d.Reason
	case svc.Running < svc.Desired:
		if why := stopReason(ctx, api, s, present); why != "" {
			svc.Reason = "the last task stopped: " + why
		}
	}
}

// addPublicIPs fills in the public addresses; without the permission to read
// network interfaces they stay empty.
func addPublicIPs(ctx context.Context, api *ec2.Client, list []Task) {
	var ids []string
	for _, t := range list {
		if t.eni != "" {
			ids = append(ids, t.eni)
		}
	}
	public, err := publicIPs(ctx, api, ids)
	if err != nil {
		return
	}
	for i := range list {
		list[i].PublicIP = public[list[i].eni]
	}
}
