package status

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	resource "github.com/berthdev/berth/internal/aws/ecs"
	"github.com/berthdev/berth/internal/aws/gate"
)

// Instance is an EC2 instance of a cluster, on which tasks run.
type Instance struct {
	// ID is that of EC2, Type its instance type.
	ID       string `json:"id"`
	Type     string `json:"type"`
	Zone     string `json:"zone"`
	Provider string `json:"capacity_provider,omitempty"`
	// State is ECS's: ACTIVE, DRAINING, REGISTERING and others, in lower case.
	// Connected says that ECS reaches the agent on it.
	State     string `json:"state"`
	Connected bool   `json:"connected"`
	// CPU is in CPU units, 1024 for a vCPU; Free is what no task has reserved.
	CPU       Room  `json:"cpu"`
	MemoryMiB Room  `json:"memory_mib"`
	GPUs      Room  `json:"gpus"`
	Tasks     int32 `json:"tasks"`
	Pending   int32 `json:"pending_tasks"`
}

// Room is what an instance has of something, and what is free of it.
type Room struct {
	Free  int `json:"free"`
	Total int `json:"total"`
}

// Instances are the instances of a cluster, by capacity provider and id. A cluster that
// does not exist has none.
func Instances(ctx context.Context, api *ecs.Client, cluster string) ([]Instance, error) {
	all := []Instance{}
	pages := ecs.NewListContainerInstancesPaginator(api, &ecs.ListContainerInstancesInput{Cluster: &cluster})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if gate.IsNotFound(err) {
			return all, nil
		}
		if err != nil {
			return nil, fmt.Errorf("listing the instances of cluster %s: %w", cluster, err)
		}
		if len(page.ContainerInstanceArns) == 0 {
			continue
		}
		out, err := api.DescribeContainerInstances(ctx, &ecs.DescribeContainerInstancesInput{
			Cluster: &cluster, ContainerInstances: page.ContainerInstanceArns, // at most 100, as in a page
		})
		if err != nil {
			return nil, fmt.Errorf("reading the instances of cluster %s: %w", cluster, err)
		}
		for _, i := range out.ContainerInstances {
			all = append(all, instanceOf(i))
		}
	}
	slices.SortFunc(all, func(a, b Instance) int {
		return cmp.Or(cmp.Compare(a.Provider, b.Provider), cmp.Compare(a.ID, b.ID))
	})
	return all, nil
}

// The attributes that the agent sets:
// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-placement-constraints.html#attributes
const attributeType, attributeZone = "ecs.instance-type", "ecs.availability-zone"

func instanceOf(i types.ContainerInstance) Instance {
	out := Instance{
		ID: cmp.Or(aws.ToString(i.Ec2InstanceId), resource.LastPart(aws.ToString(i.ContainerInstanceArn))), Provider: aws.ToString(i.CapacityProviderName),
		State: strings.ToLower(aws.ToString(i.Status)), Connected: i.AgentConnected, Tasks: i.RunningTasksCount, Pending: i.PendingTasksCount,
		CPU:       Room{amount(i.RemainingResources, "CPU"), amount(i.RegisteredResources, "CPU")},
		MemoryMiB: Room{amount(i.RemainingResources, "MEMORY"), amount(i.RegisteredResources, "MEMORY")},
		GPUs:      Room{amount(i.RemainingResources, "GPU"), amount(i.RegisteredResources, "GPU")},
	}
	for _, a := range i.Attributes {
		switch aws.ToString(a.Name) {
		case attributeType:
			out.Type = aws.ToString(a.Value)
		case attributeZone:
			out.Zone = aws.ToString(a.Value)
		}
	}
	return out
}

// amount is how much there is of a resource: a number, or the ids of GPUs.
func amount(list []types.Resource, name string) int {
	for _, r := range list {
		if aws.ToString(r.Name) == name {
			return max(int(r.IntegerValue), len(r.StringSetValue))
		}
	}
	return 0
}
