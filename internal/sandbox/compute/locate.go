package compute

import (
	"cmp"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"

	"github.com/berthdev/berth/internal/sandbox/world"
)

// Locate names what a call is about, with the resource types of
// https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticcontainerservice.html
func (p *ECS) Locate(operation string, in any) string {
	home := cmp.Or(world.LastPart(world.FieldText(in, "Cluster")), "default")
	under := func(kind, name string) string {
		if strings.HasPrefix(name, "arn:") {
			return name
		}
		return p.account.ARN("ecs", kind+"/"+home+"/"+name)
	}
	switch operation {
	case "CreateCluster":
		return p.account.ARN("ecs", "cluster/"+cmp.Or(world.FieldText(in, "ClusterName"), "default"))
	case "UpdateCluster", "UpdateClusterSettings", "PutClusterCapacityProviders", "DeleteCluster":
		return p.account.ARN("ecs", "cluster/"+home)
	case "DescribeClusters":
		return p.account.ARN("ecs", "cluster/"+world.LastPart(world.FirstText(in, "Clusters")))
	case "CreateCapacityProvider", "UpdateCapacityProvider":
		return p.account.ARN("ecs", "capacity-provider/"+world.FieldText(in, "Name"))
	case "DeleteCapacityProvider":
		return p.account.ARN("ecs", "capacity-provider/"+world.LastPart(world.FieldText(in, "CapacityProvider")))
	case "CreateService":
		return under("service", world.FieldText(in, "ServiceName"))
	case "UpdateService", "DeleteService", "ListServiceDeployments":
		return under("service", world.FieldText(in, "Service"))
	case "DescribeServices":
		return under("service", world.FirstText(in, "Services"))
	case "StopServiceDeployment", "ContinueServiceDeployment":
		return world.FieldText(in, "ServiceDeploymentArn")
	case "StopTask", "ExecuteCommand":
		return under("task", world.FieldText(in, "Task"))
	case "DescribeTasks":
		return under("task", world.FirstText(in, "Tasks"))
	case "RegisterTaskDefinition":
		return p.account.ARN("ecs", "task-definition/"+world.FieldText(in, "Family")+":*")
	case "TagResource", "UntagResource", "ListTagsForResource":
		return world.FieldText(in, "ResourceArn")
	}
	if run, ok := in.(*ecs.RunTaskInput); ok && run.TaskDefinition != nil {
		return p.account.ARN("ecs", "task-definition/"+world.LastPart(*run.TaskDefinition))
	}
	return ""
}

// Conditions implements world.Conditioned: the cluster of a task.
func (p *ECS) Conditions(_ string, in any) world.Facts {
	run, ok := in.(*ecs.RunTaskInput)
	if !ok {
		return nil
	}
	name := cmp.Or(world.LastPart(aws.ToString(run.Cluster)), "default")
	return world.Facts{"ecs:cluster": {p.account.ARN("ecs", "cluster/"+name)}}
}

var (
	_ world.Locator     = (*ECS)(nil)
	_ world.Conditioned = (*ECS)(nil)
)
