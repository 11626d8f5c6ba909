package sandbox

import "strings"

// locate names what a call is about. Describes have no resources in policies:
// https://docs.aws.amazon.com/service-authorization/latest/reference/list_awselasticloadbalancingv2.html
func (p *elbPart) locate(operation string, in any) string {
	if strings.HasPrefix(operation, "Describe") {
		return ""
	}
	switch operation {
	case "CreateLoadBalancer":
		return p.account.arn("elasticloadbalancing", "loadbalancer/"+kindPath(fieldText(in, "Type") == "network")+"/"+fieldText(in, "Name")+"/*")
	case "CreateTargetGroup":
		return p.account.arn("elasticloadbalancing", "targetgroup/"+fieldText(in, "Name")+"/*")
	}
	for _, field := range []string{"RuleArn", "ListenerArn", "TargetGroupArn", "LoadBalancerArn"} {
		if arn := fieldText(in, field); arn != "" {
			return arn
		}
	}
	return firstText(in, "ResourceArns")
}

var _ locator = (*elbPart)(nil)
