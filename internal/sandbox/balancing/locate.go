package balancing

import (
	"github.com/berthdev/berth/internal/sandbox/world"
)

import "strings"

// Locate names what a call is about. Describes have no resources in policies:
// https://docs.aws.amazon.com/service-authorization/latest/reference/list_awselasticloadbalancingv2.html
func (p *ELB) Locate(operation string, in any) string {
	if strings.HasPrefix(operation, "Describe") {
		return ""
	}
	switch operation {
	case "CreateLoadBalancer":
		return p.account.ARN("elasticloadbalancing", "loadbalancer/"+kindPath(world.FieldText(in, "Type") == "network")+"/"+world.FieldText(in, "Name")+"/*")
	case "CreateTargetGroup":
		return p.account.ARN("elasticloadbalancing", "targetgroup/"+world.FieldText(in, "Name")+"/*")
	}
	for _, field := range []string{"RuleArn", "ListenerArn", "TargetGroupArn", "LoadBalancerArn"} {
		if arn := world.FieldText(in, field); arn != "" {
			return arn
		}
	}
	return world.FirstText(in, "ResourceArns")
}

var _ world.Locator = (*ELB)(nil)
