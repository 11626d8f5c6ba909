package compute

import (
	"cmp"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"
	elbtypes "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"

	"github.com/berthdev/berth/internal/sandbox/strategy"
	"github.com/berthdev/berth/internal/sandbox/world"
)

// complete checks a revision, as CreateService and UpdateService do, and fills
// in ECS's defaults.
func (p *services) complete(rq *world.Request, c *cluster, r *revision, daemon bool) error {
	d := p.definitions.definitionOf(rq, &r.TaskDefinition)
	if d == nil {
		return badClient("Unable to find the task definition %s.", r.TaskDefinition)
	}
	if d.Shown.Status != types.TaskDefinitionStatusActive {
		return badClient("TaskDefinition is inactive")
	}
	r.TaskDefinition = *d.Shown.TaskDefinitionArn
	r.Platform = cmp.Or(r.Platform, "LATEST")
	if r.Platform != "LATEST" && r.Platform != platform {
		return &types.PlatformUnknownException{Message: aws.String("The specified platform version does not exist.")}
	}
	if daemon {
		r.LaunchType = types.LaunchTypeEc2
	} else if err := strategy.CheckCapacity(c.Providers, c.Strategy, &r.LaunchType, &r.Strategy); err != nil {
		return err
	}
	if err := p.placement.checkNetwork(rq, r.Network); err != nil {
		return err
	}
	if err := p.s.checkFit(d, r.LaunchType, r.Strategy, r.Network); err != nil {
		return err
	}
	for _, lb := range r.LoadBalancers {
		if err := p.checkBalancer(rq, d, lb); err != nil {
			return err
		}
	}
	for _, reg := range r.Registries {
		if !p.needs.Directory.FindService(rq, reg.RegistryArn) {
			return badInput("Service registry %s could not be found.", aws.ToString(reg.RegistryArn))
		}
	}
	return p.checkConnect(d, r.Connect)
}

// checkNetwork checks that the subnets and groups exist in one VPC.
func (p *placement) checkNetwork(rq *world.Request, n *types.NetworkConfiguration) error {
	vpc := ""
	if n == nil || n.AwsvpcConfiguration == nil || len(n.AwsvpcConfiguration.Subnets) == 0 {
		return badInput("Network Configuration must be provided when networkMode 'awsvpc' is specified.")
	}
	a := n.AwsvpcConfiguration
	if len(a.Subnets) > 16 {
		return badInput("subnets can have at most 16 items.")
	}
	if len(a.SecurityGroups) > 5 {
		return badInput("securityGroup can have at most 5 items.")
	}
	for _, id := range a.Subnets {
		have, _, ok := p.needs.Network.FindSubnet(rq, id)
		if !ok {
			return badInput("Error retrieving subnet information for [%s]: The subnet ID '%s' does not exist (ErrorCode: InvalidSubnetID.NotFound)",
				strings.Join(a.Subnets, ", "), id)
		}
		if vpc != "" && vpc != have {
			return badInput("subnets must belong to the same VPC.")
		}
		vpc = have
	}
	for _, id := range a.SecurityGroups {
		have, ok := p.needs.Network.FindGroup(rq, id)
		if !ok {
			return badInput("Error retrieving security group information for [%s]: The security group '%s' does not exist (ErrorCode: InvalidGroup.NotFound)",
				strings.Join(a.SecurityGroups, ", "), id)
		}
		if have != vpc {
			return badInput("security group %s does not appear to belong to the same VPC as the input subnets.", id)
		}
	}
	return nil
}

func (p *services) checkBalancer(rq *world.Request, d *taskDefinition, lb types.LoadBalancer) error {
	arn, name, port := aws.ToString(lb.TargetGroupArn), aws.ToString(lb.ContainerName), aws.ToInt32(lb.ContainerPort)
	kind, balanced, ok := p.needs.Targets.FindTargetGroup(rq, arn)
	if !ok {
		return badInput("The specified target group does not exist. Specify a valid target group and try again: %s", arn)
	}
	i := slices.IndexFunc(d.Shown.ContainerDefinitions, func(c types.ContainerDefinition) bool { return aws.ToString(c.Name) == name })
	if i < 0 {
		return badInput("The container %s does not exist in the task definition.", name)
	}
	if !slices.ContainsFunc(d.Shown.ContainerDefinitions[i].PortMappings, func(m types.PortMapping) bool {
		return aws.ToInt32(m.ContainerPort) == port
	}) {
		return badInput("The container %s did not have a container port %d defined.", name, port)
	}
	if kind != elbtypes.TargetTypeEnumIp {
		return badInput("The provided target group %s has target type %s, which is incompatible with the awsvpc network mode "+
			"specified in the task definition.", arn, kind)
	}
	if !balanced {
		return badInput("The target group with targetGroupArn %s does not have an associated load balancer.", arn)
	}
	return nil
}

// checkConnect checks a Service Connect configuration: its namespace exists, too.
func (p *services) checkConnect(d *taskDefinition, c *types.ServiceConnectConfiguration) error {
	if c == nil || !c.Enabled {
		return nil
	}
	if _, ok := p.needs.Directory.Namespace(aws.ToString(c.Namespace)); !ok {
		return &types.NamespaceNotFoundException{Message: aws.String("The specified namespace wasn't found: " + aws.ToString(c.Namespace))}
	}
	return strategy.CheckConnect(d.Shown.ContainerDefinitions, c)
}

// offer makes the Cloud Map services for the names that a service offers with
// Service Connect.
func (p *services) offer(rq *world.Request, c *types.ServiceConnectConfiguration) {
	if c == nil || !c.Enabled {
		return
	}
	var names []string
	for _, s := range c.Services {
		names = append(names, cmp.Or(aws.ToString(s.DiscoveryName), aws.ToString(s.PortName)))
	}
	p.needs.Directory.Offer(rq, aws.ToString(c.Namespace), names)
}
