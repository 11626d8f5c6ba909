package status

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

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
	// Reason is ECS's word for a deployment that did not end well; of one that
	// has not ended, why the last of its tasks stopped.
	Reason         string `json:"reason,omitempty"`
	TaskDefinition string `json:"task_definition,omitempty"`
	Tasks          []Task `json:"tasks"`
}

// Wanted is a service whose status is asked for.
type Wanted struct {
	// Name is the Compose service's name, ECSName the one in the cluster.
	Name, ECSName string
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
		if running, err = tasks(ctx, c.ECS, &ecs.ListTasksInput{Cluster: aws.String(cluster)}); err != nil {
			return nil, err
		}
	}
	addPublicIPs(ctx, c.EC2, running)
	out := make([]Service, 0, len(wanted))
	for _, w := range wanted {
		s, ok := found[w.ECSName]
		if !ok {
			out = append(out, Service{Name: w.Name, State: "absent"})
			continue
		}
		svc := Service{
			Name: w.Name, State: stateOf(s), Desired: s.DesiredCount, Running: s.RunningCount, Pending: s.PendingCount,
			TaskDefinition: resource.LastPart(aws.ToString(s.TaskDefinition)),
		}
		for _, d := range s.Deployments {
			if d.RolloutState == types.DeploymentRolloutStateFailed {
				svc.Reason = aws.ToString(d.RolloutStateReason)
			}
		}
		if svc.Reason == "" && svc.Running < svc.Desired {
			svc.Reason = lastStop(ctx, c.ECS, cluster, s)
		}
		for _, t := range running {
			if t.group == "service:"+w.ECSName {
				svc.Tasks = append(svc.Tasks, t)
			}
		}
		slices.SortFunc(svc.Tasks, func(a, b Task) int { return strings.Compare(a.ID, b.ID) })
		out = append(out, svc)
	}
	return out, nil
}

func describe(ctx context.Context, api *ecs.Client, cluster string, wanted []Wanted) (map[string]types.Service, error) {
	const atOnce = 10 // what DescribeServices takes
	found := map[string]types.Service{}
	for chunk := range slices.Chunk(wanted, atOnce) {
		in := &ecs.DescribeServicesInput{Cluster: aws.String(cluster)}
		for _, w := range chunk {
			in.Services = append(in.Services, w.ECSName)
		}
		out, err := api.DescribeServices(ctx, in)
		var missing *types.ClusterNotFoundException
		if errors.As(err, &missing) {
			return found, nil
		}
		if err != nil {
			return nil, fmt.Errorf("reading services: %w", err)
		}
		for _, s := range out.Services {
			if aws.ToString(s.Status) != "INACTIVE" {
				found[aws.ToString(s.ServiceName)] = s
			}
		}
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
	return "healthy"
}

// lastStop is why the last task of a service's present deployment stopped; empty
// if none has. What cannot be read is left out.
func lastStop(ctx context.Context, api *ecs.Client, cluster string, s types.Service) string {
	list, err := tasks(ctx, api, &ecs.ListTasksInput{
		Cluster: aws.String(cluster), ServiceName: s.ServiceName, DesiredStatus: types.DesiredStatusStopped,
	})
	if err != nil {
		return ""
	}
	list = slices.DeleteFunc(list, func(t Task) bool { return t.TaskDefinition != aws.ToString(s.TaskDefinition) })
	if len(list) == 0 {
		return ""
	}
	last := slices.MaxFunc(list, func(a, b Task) int { return a.Stopped.Compare(b.Stopped) })
	return "the last task stopped: " + causeOf(last)
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
