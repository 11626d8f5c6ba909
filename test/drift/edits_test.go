package drift

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	ec2types "github.com/aws/aws-sdk-go-v2/service/ec2/types"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	ecstypes "github.com/aws/aws-sdk-go-v2/service/ecs/types"
	elb "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
	elbtypes "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/servicediscovery"
	sdtypes "github.com/aws/aws-sdk-go-v2/service/servicediscovery/types"

	berthaws "github.com/berthdev/berth/internal/aws"
)

// place has the clients, and the outputs of objects by address, such as
// p.id("env ec2.vpc/main").
type place struct {
	*berthaws.Clients
	of func(address, output string) string
}

func (p place) id(address string) *string { return aws.String(p.of(address, "id")) }

// edit changes one attribute.
type edit struct {
	// address is the address of the edited object, for which the plan must have
	// an action.
	address, attribute string
	do                 func(ctx context.Context, p place) error
}

func edits() []edit {
	all := append(networkEdits(), balancerEdits()...)
	return append(append(all, accountEdits()...), ecsEdits()...)
}

func networkEdits() []edit {
	return []edit{
		{"ec2.vpc/main", "dns_hostnames", func(ctx context.Context, p place) error {
			_, err := p.EC2.ModifyVpcAttribute(ctx, &ec2.ModifyVpcAttributeInput{VpcId: p.id("ec2.vpc/main"),
				EnableDnsHostnames: &ec2types.AttributeBooleanValue{Value: aws.Bool(false)}})
			return err
		}},
		{"ec2.vpc/main", "dns_support", func(ctx context.Context, p place) error {
			_, err := p.EC2.ModifyVpcAttribute(ctx, &ec2.ModifyVpcAttributeInput{VpcId: p.id("ec2.vpc/main"),
				EnableDnsSupport: &ec2types.AttributeBooleanValue{Value: aws.Bool(false)}})
			return err
		}},
		{"ec2.dhcp-options/main", "vpc", func(ctx context.Context, p place) error {
			_, err := p.EC2.AssociateDhcpOptions(ctx, &ec2.AssociateDhcpOptionsInput{
				VpcId: p.id("ec2.vpc/main"), DhcpOptionsId: aws.String("default")})
			return err
		}},
		{"ec2.route/public-internet", "gone", func(ctx context.Context, p place) error {
			_, err := p.EC2.DeleteRoute(ctx, &ec2.DeleteRouteInput{
				RouteTableId: p.id("ec2.route-table/public"), DestinationCidrBlock: aws.String("0.0.0.0/0")})
			return err
		}},
		{"ec2.route-table-association/public-a", "gone", func(ctx context.Context, p place) error {
			_, err := p.EC2.DisassociateRouteTable(ctx, &ec2.DisassociateRouteTableInput{
				AssociationId: p.id("ec2.route-table-association/public-a")})
			return err
		}},
		{"ec2.vpc-endpoint/s3", "route_tables", func(ctx context.Context, p place) error {
			_, err := p.EC2.ModifyVpcEndpoint(ctx, &ec2.ModifyVpcEndpointInput{VpcEndpointId: p.id("ec2.vpc-endpoint/s3"),
				RemoveRouteTableIds: []string{p.of("ec2.route-table/public", "id")}})
			return err
		}},
		{"ec2.security-group/web", "ingress", func(ctx context.Context, p place) error {
			_, err := p.EC2.AuthorizeSecurityGroupIngress(ctx, &ec2.AuthorizeSecurityGroupIngressInput{
				GroupId: p.id("ec2.security-group/web"),
				IpPermissions: []ec2types.IpPermission{{
					IpProtocol: aws.String("tcp"), FromPort: aws.Int32(22), ToPort: aws.Int32(22),
					IpRanges: []ec2types.IpRange{{CidrIp: aws.String("0.0.0.0/0")}},
				}}})
			return err
		}},
		{"ec2.security-group/balancer", "ingress", func(ctx context.Context, p place) error {
			_, err := p.EC2.RevokeSecurityGroupIngress(ctx, &ec2.RevokeSecurityGroupIngressInput{
				GroupId: p.id("ec2.security-group/balancer"),
				IpPermissions: []ec2types.IpPermission{{
					IpProtocol: aws.String("tcp"), FromPort: aws.Int32(8080), ToPort: aws.Int32(8080),
					IpRanges: []ec2types.IpRange{{CidrIp: aws.String("0.0.0.0/0")}},
				}}})
			return err
		}},
	}
}

func balancerEdits() []edit {
	attribute := func(key, value string) func(context.Context, place) error {
		return func(ctx context.Context, p place) error {
			_, err := p.ELB.ModifyLoadBalancerAttributes(ctx, &elb.ModifyLoadBalancerAttributesInput{
				LoadBalancerArn: p.id("elb.load-balancer/main"),
				Attributes:      []elbtypes.LoadBalancerAttribute{{Key: &key, Value: &value}}})
			return err
		}
	}
	group := func(change func(*elb.ModifyTargetGroupInput)) func(context.Context, place) error {
		return func(ctx context.Context, p place) error {
			in := &elb.ModifyTargetGroupInput{TargetGroupArn: p.id("elb.target-group/web-80")}
			change(in)
			_, err := p.ELB.ModifyTargetGroup(ctx, in)
			return err
		}
	}
	const tg = "elb.target-group/web-80"
	return []edit{
		{"elb.load-balancer/main", "idle_seconds", attribute("idle_timeout.timeout_seconds", "600")},
		{"elb.load-balancer/main", "deletion_protection", attribute("deletion_protection.enabled", "true")},
		{"elb.load-balancer/main", "security_groups", func(ctx context.Context, p place) error {
			_, err := p.ELB.SetSecurityGroups(ctx, &elb.SetSecurityGroupsInput{
				LoadBalancerArn: p.id("elb.load-balancer/main"), SecurityGroups: []string{p.of("ec2.security-group/web", "id")}})
			return err
		}},
		{"elb.listener/8080", "gone", func(ctx context.Context, p place) error {
			_, err := p.ELB.DeleteListener(ctx, &elb.DeleteListenerInput{ListenerArn: p.id("elb.listener/8080")})
			return err
		}},
		{"elb.rule/web-8080", "paths", func(ctx context.Context, p place) error {
			_, err := p.ELB.ModifyRule(ctx, &elb.ModifyRuleInput{RuleArn: p.id("elb.rule/web-8080"),
				Conditions: []elbtypes.RuleCondition{{
					Field: aws.String("path-pattern"), PathPatternConfig: &elbtypes.PathPatternConditionConfig{Values: []string{"/other"}},
				}}})
			return err
		}},
		{"elb.rule/web-8080", "priority", func(ctx context.Context, p place) error {
			_, err := p.ELB.SetRulePriorities(ctx, &elb.SetRulePrioritiesInput{
				RulePriorities: []elbtypes.RulePriorityPair{{RuleArn: p.id("elb.rule/web-8080"), Priority: aws.Int32(4321)}},
			})
			return err
		}},
		{tg, "path", group(func(in *elb.ModifyTargetGroupInput) { in.HealthCheckPath = aws.String("/other") })},
		{tg, "matcher", group(func(in *elb.ModifyTargetGroupInput) { in.Matcher = &elbtypes.Matcher{HttpCode: aws.String("418")} })},
		{tg, "interval", group(func(in *elb.ModifyTargetGroupInput) { in.HealthCheckIntervalSeconds = aws.Int32(77) })},
		{tg, "timeout", group(func(in *elb.ModifyTargetGroupInput) { in.HealthCheckTimeoutSeconds = aws.Int32(3) })},
		{tg, "healthy", group(func(in *elb.ModifyTargetGroupInput) { in.HealthyThresholdCount = aws.Int32(9) })},
		{tg, "unhealthy", group(func(in *elb.ModifyTargetGroupInput) { in.UnhealthyThresholdCount = aws.Int32(9) })},
		{tg, "drain_seconds", func(ctx context.Context, p place) error {
			_, err := p.ELB.ModifyTargetGroupAttributes(ctx, &elb.ModifyTargetGroupAttributesInput{TargetGroupArn: p.id(tg),
				Attributes: []elbtypes.TargetGroupAttribute{{Key: aws.String("deregistration_delay.timeout_seconds"), Value: aws.String("99")}}})
			return err
		}},
	}
}

func accountEdits() []edit {
	return []edit{
		{"iam.role/web", "managed", func(ctx context.Context, p place) error {
			_, err := p.IAM.AttachRolePolicy(ctx, &iam.AttachRolePolicyInput{RoleName: aws.String(p.of("iam.role/web", "id")),
				PolicyArn: aws.String("arn:aws:iam::aws:policy/AdministratorAccess")})
			return err
		}},
		{"iam.role/web", "inline", func(ctx context.Context, p place) error {
			_, err := p.IAM.PutRolePolicy(ctx, &iam.PutRolePolicyInput{RoleName: aws.String(p.of("iam.role/web", "id")),
				PolicyName:     aws.String("other"),
				PolicyDocument: aws.String(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*"}]}`)})
			return err
		}},
		{"iam.role/web", "service", func(ctx context.Context, p place) error {
			_, err := p.IAM.UpdateAssumeRolePolicy(ctx, &iam.UpdateAssumeRolePolicyInput{RoleName: aws.String(p.of("iam.role/web", "id")),
				PolicyDocument: aws.String(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole","Principal":{"Service":"ec2.amazonaws.com"}}]}`)})
			return err
		}},
		{"logs.log-group/web", "retention_days", func(ctx context.Context, p place) error {
			_, err := p.Logs.PutRetentionPolicy(ctx, &cloudwatchlogs.PutRetentionPolicyInput{
				LogGroupName: aws.String(p.of("logs.log-group/web", "id")), RetentionInDays: aws.Int32(365)})
			return err
		}},
		{"sd.service/web", "ttl", func(ctx context.Context, p place) error {
			_, err := p.SD.UpdateService(ctx, &servicediscovery.UpdateServiceInput{Id: p.id("sd.service/web"),
				Service: &sdtypes.ServiceChange{DnsConfig: &sdtypes.DnsConfigChange{
					DnsRecords: []sdtypes.DnsRecord{{Type: sdtypes.RecordTypeA, TTL: aws.Int64(600)}},
				}}})
			return err
		}},
	}
}

func ecsEdits() []edit {
	service := func(change func(p place, in *ecs.UpdateServiceInput)) func(context.Context, place) error {
		return func(ctx context.Context, p place) error {
			in := &ecs.UpdateServiceInput{Cluster: aws.String(p.of("ecs.cluster/main", "arn")), Service: aws.String(p.of("ecs.service/web", "arn"))}
			change(p, in)
			_, err := p.ECS.UpdateService(ctx, in)
			return err
		}
	}
	deployment := func(low, high int32, breaker bool) *ecstypes.DeploymentConfiguration {
		return &ecstypes.DeploymentConfiguration{
			MinimumHealthyPercent: &low, MaximumPercent: &high,
			DeploymentCircuitBreaker: &ecstypes.DeploymentCircuitBreaker{Enable: breaker, Rollback: breaker},
		}
	}
	const web = "ecs.service/web"
	return []edit{
		{"ecs.cluster/main", "insights", func(ctx context.Context, p place) error {
			_, err := p.ECS.UpdateClusterSettings(ctx, &ecs.UpdateClusterSettingsInput{Cluster: aws.String(p.of("ecs.cluster/main", "arn")),
				Settings: []ecstypes.ClusterSetting{{Name: ecstypes.ClusterSettingNameContainerInsights, Value: aws.String("enabled")}}})
			return err
		}},
		{"ecs.cluster/main", "default_strategy", func(ctx context.Context, p place) error {
			_, err := p.ECS.PutClusterCapacityProviders(ctx, &ecs.PutClusterCapacityProvidersInput{
				Cluster: aws.String(p.of("ecs.cluster/main", "arn")), CapacityProviders: []string{"FARGATE"},
				DefaultCapacityProviderStrategy: []ecstypes.CapacityProviderStrategyItem{{CapacityProvider: aws.String("FARGATE"), Weight: 7}}})
			return err
		}},
		{web, "min_percent", service(func(_ place, in *ecs.UpdateServiceInput) { in.DeploymentConfiguration = deployment(0, 200, true) })},
		{web, "failures", service(func(_ place, in *ecs.UpdateServiceInput) {
			in.DeploymentConfiguration = deployment(100, 200, true)
			in.DeploymentConfiguration.DeploymentCircuitBreaker.ThresholdConfiguration = &ecstypes.ThresholdConfiguration{Type: ecstypes.ThresholdTypeCount, Value: 7}
		})},
		{web, "max_percent", service(func(_ place, in *ecs.UpdateServiceInput) { in.DeploymentConfiguration = deployment(100, 150, true) })},
		{web, "breaker", service(func(_ place, in *ecs.UpdateServiceInput) { in.DeploymentConfiguration = deployment(100, 200, false) })},
		{web, "grace_seconds", service(func(_ place, in *ecs.UpdateServiceInput) { in.HealthCheckGracePeriodSeconds = aws.Int32(999) })},
		{web, "security_groups", service(func(p place, in *ecs.UpdateServiceInput) {
			in.NetworkConfiguration = &ecstypes.NetworkConfiguration{AwsvpcConfiguration: &ecstypes.AwsVpcConfiguration{
				Subnets:        []string{p.of("ec2.subnet/public-a", "id"), p.of("ec2.subnet/public-b", "id")},
				SecurityGroups: []string{p.of("ec2.security-group/balancer", "id")}, AssignPublicIp: ecstypes.AssignPublicIpEnabled,
			}}
		})},
		{web, "public_ip", service(func(p place, in *ecs.UpdateServiceInput) {
			in.NetworkConfiguration = &ecstypes.NetworkConfiguration{AwsvpcConfiguration: &ecstypes.AwsVpcConfiguration{
				Subnets:        []string{p.of("ec2.subnet/public-a", "id"), p.of("ec2.subnet/public-b", "id")},
				SecurityGroups: []string{p.of("ec2.security-group/web", "id")}, AssignPublicIp: ecstypes.AssignPublicIpDisabled,
			}}
		})},
		{web, "strategy", service(func(_ place, in *ecs.UpdateServiceInput) {
			in.CapacityProviderStrategy = []ecstypes.CapacityProviderStrategyItem{{CapacityProvider: aws.String("FARGATE"), Weight: 9}}
			in.ForceNewDeployment = true
		})},
		{"ecs.task-definition/web", "gone", func(ctx context.Context, p place) error {
			_, err := p.ECS.DeregisterTaskDefinition(ctx, &ecs.DeregisterTaskDefinitionInput{
				TaskDefinition: aws.String(p.of("ecs.task-definition/web", "arn")),
			})
			return err
		}},
		{web, "gone", func(ctx context.Context, p place) error {
			_, err := p.ECS.DeleteService(ctx, &ecs.DeleteServiceInput{Cluster: aws.String(p.of("ecs.cluster/main", "arn")),
				Service: aws.String(p.of(web, "arn")), Force: aws.Bool(true)})
			return err
		}},
	}
}
