package compute

import (
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"github.com/berthdev/berth/internal/sandbox/world"
)

// describeContainerInstances shows what berth reads of instances that have registered.
func (p *Clusters) describeContainerInstances(rq *world.Request, in *ecs.DescribeContainerInstancesInput) (*ecs.DescribeContainerInstancesOutput, error) {
	if _, err := p.s.clusterOf(rq, in.Cluster); err != nil {
		return nil, err
	}
	if len(in.ContainerInstances) == 0 || len(in.ContainerInstances) > 100 {
		return nil, badInput("Container instances must have between 1 and 100 items.")
	}
	out := &ecs.DescribeContainerInstancesOutput{ContainerInstances: []types.ContainerInstance{}, Failures: []types.Failure{}}
	for _, ref := range in.ContainerInstances {
		m := p.s.Machines.Get(world.LastPart(ref))
		if m == nil || rq.Now.Before(m.Registered) {
			out.Failures = append(out.Failures, missingItem(ref))
			continue
		}
		free, tasks := (&machines{s: p.s}).room(m), int32(0)
		for _, t := range p.s.Tasks.All() {
			if t.Machine == m.ID && t.Last == running {
				tasks++
			}
		}
		out.ContainerInstances = append(out.ContainerInstances, types.ContainerInstance{
			ContainerInstanceArn: &m.ARN, Ec2InstanceId: &m.EC2, CapacityProviderName: &m.Provider, Status: aws.String(active), AgentConnected: true,
			RunningTasksCount: tasks, RegisteredResources: resources(*m), RemainingResources: resources(free),
			Attributes: []types.Attribute{
				{Name: aws.String("ecs.instance-type"), Value: &m.Kind}, {Name: aws.String("ecs.availability-zone"), Value: &m.Zone},
			},
		})
	}
	return out, nil
}

// resources are what a machine has, as ECS shows it.
func resources(m machine) []types.Resource {
	out := []types.Resource{
		{Name: aws.String("CPU"), Type: aws.String("INTEGER"), IntegerValue: int32(m.CPU)},
		{Name: aws.String("MEMORY"), Type: aws.String("INTEGER"), IntegerValue: int32(m.Memory)},
	}
	if m.GPUs > 0 {
		gpus := types.Resource{Name: aws.String("GPU"), Type: aws.String("STRINGSET")}
		for i := range m.GPUs {
			gpus.StringSetValue = append(gpus.StringSetValue, fmt.Sprintf("GPU-%d", i))
		}
		out = append(out, gpus)
	}
	return out
}
