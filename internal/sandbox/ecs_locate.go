package sandbox

import (
	"cmp"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/ecs"
)

// locate names what a call is about, with the resource types of
// https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticcontainerservice.html
func (p *ecsPart) locate(operation string, in any) string {
	home := cmp.Or(lastPart(fieldText(in, "Cluster")), "default")
	under := func(kind, name string) string {
		if strings.HasPrefix(name, "arn:") {
			return name
		}
		return p.account.arn("ecs", kind+"/"+home+"/"+name)
	}
	switch operation {
	case "CreateCluster":
		return p.account.arn("ecs", "cluster/"+cmp.Or(fieldText(in, "ClusterName"), "default"))
	case "UpdateCluster", "UpdateClusterSettings", "PutClusterCapacityProviders", "DeleteCluster":
		return p.account.arn("ecs", "cluster/"+home)
	case "DescribeClusters":
		return p.account.arn("ecs", "cluster/"+lastPart(firstText(in, "Clusters")))
	case "CreateService":
		return under("service", fieldText(in, "ServiceName"))
	case "UpdateService", "DeleteService", "ListServiceDeployments":
		return under("service", fieldText(in, "Service"))
	case "DescribeServices":
		return under("service", firstText(in, "Services"))
	case "StopTask":
		return under("task", fieldText(in, "Task"))
	case "DescribeTasks":
		return under("task", firstText(in, "Tasks"))
	case "RegisterTaskDefinition":
		return p.account.arn("ecs", "task-definition/"+fieldText(in, "Family")+":*")
	case "TagResource", "UntagResource", "ListTagsForResource":
		return fieldText(in, "ResourceArn")
	}
	if run, ok := in.(*ecs.RunTaskInput); ok && run.TaskDefinition != nil {
		return p.account.arn("ecs", "task-definition/"+lastPart(*run.TaskDefinition))
	}
	return ""
}

var _ locator = (*ecsPart)(nil)
