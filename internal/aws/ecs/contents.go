package ecs

import (
	"context"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"github.com/berthdev/berth/internal/aws/gate"
)

// Contents are the ARNs of what keeps a cluster from being deleted.
type Contents struct {
	Services, Tasks, Instances []string
}

// Empty says whether nothing is in the cluster.
func (c Contents) Empty() bool { return len(c.Services)+len(c.Tasks)+len(c.Instances) == 0 }

// String lists the contents, at most five of a kind: "2 services (a, b), 1 task
// (0f3a)".
func (c Contents) String() string {
	var parts []string
	for _, k := range []struct {
		one  string
		arns []string
	}{{"service", c.Services}, {"task", c.Tasks}, {"container instance", c.Instances}} {
		if len(k.arns) == 0 {
			continue
		}
		const most = 5
		var names []string
		for _, arn := range k.arns[:min(most, len(k.arns))] {
			names = append(names, LastPart(arn))
		}
		if len(k.arns) > most {
			names = append(names, fmt.Sprintf("and %d more", len(k.arns)-most))
		}
		plural := "s"
		if len(k.arns) == 1 {
			plural = ""
		}
		parts = append(parts, fmt.Sprintf("%d %s%s (%s)", len(k.arns), k.one, plural, strings.Join(names, ", ")))
	}
	return strings.Join(parts, ", ")
}

// Inside lists what is in a cluster. It needs ecs:ListServices, ListTasks and
// ListContainerInstances.
func (t Clusters) Inside(ctx context.Context, cluster string) (Contents, error) {
	var c Contents
	services := ecs.NewListServicesPaginator(t.API, &ecs.ListServicesInput{Cluster: &cluster})
	for services.HasMorePages() {
		page, err := services.NextPage(ctx)
		if err != nil {
			return c, fmt.Errorf("listing the services in %s: %w", cluster, err)
		}
		c.Services = append(c.Services, page.ServiceArns...)
	}
	tasks := ecs.NewListTasksPaginator(t.API, &ecs.ListTasksInput{Cluster: &cluster})
	for tasks.HasMorePages() {
		page, err := tasks.NextPage(ctx)
		if err != nil {
			return c, fmt.Errorf("listing the tasks in %s: %w", cluster, err)
		}
		c.Tasks = append(c.Tasks, page.TaskArns...)
	}
	instances := ecs.NewListContainerInstancesPaginator(t.API, &ecs.ListContainerInstancesInput{Cluster: &cluster})
	for instances.HasMorePages() {
		page, err := instances.NextPage(ctx)
		if err != nil {
			return c, fmt.Errorf("listing the container instances in %s: %w", cluster, err)
		}
		c.Instances = append(c.Instances, page.ContainerInstanceArns...)
	}
	return c, nil
}

// Drain begins to remove everything from a cluster: services are deleted with
// their tasks, other tasks stopped, instances deregistered. It returns before
// everything is gone. It needs ecs:DeleteService, StopTask and
// DeregisterContainerInstance.
func (t Clusters) Drain(ctx context.Context, cluster string, c Contents) error {
	for _, arn := range c.Services {
		_, err := t.API.DeleteService(ctx, &ecs.DeleteServiceInput{Cluster: &cluster, Service: aws.String(arn), Force: aws.Bool(true)})
		if err != nil && !gone(err) {
			return fmt.Errorf("deleting service %s: %w", LastPart(arn), err)
		}
	}
	for _, arn := range c.Tasks {
		_, err := t.API.StopTask(ctx, &ecs.StopTaskInput{Cluster: &cluster, Task: aws.String(arn), Reason: aws.String("the cluster is being deleted")})
		if err != nil && !gone(err) {
			return fmt.Errorf("stopping task %s: %w", LastPart(arn), err)
		}
	}
	for _, arn := range c.Instances {
		_, err := t.API.DeregisterContainerInstance(ctx, &ecs.DeregisterContainerInstanceInput{
			Cluster: &cluster, ContainerInstance: aws.String(arn), Force: aws.Bool(true),
		})
		if err != nil && !gone(err) {
			return fmt.Errorf("deregistering container instance %s: %w", LastPart(arn), err)
		}
	}
	return nil
}

// gone says that what Drain removes is gone already.
func gone(err error) bool {
	return gate.IsNotFound(err) || gate.Code(err) == (&types.ServiceNotActiveException{}).ErrorCode() ||
		gate.Code(err) == (&types.InvalidParameterException{}).ErrorCode() && strings.Contains(strings.ToLower(gate.Text(err)), "not found")
}
