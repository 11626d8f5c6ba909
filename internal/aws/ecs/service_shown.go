package ecs

import (
	"strconv"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"github.com/berthdev/berth/internal/engine"
)

// serviceObject returns a service as ECS describes it, with its tags. What an
// answer leaves out is hidden and does not count as a change.
func serviceObject(s types.Service) engine.Object {
	count := int(s.DesiredCount)
	shown := Service{
		Name: aws.ToString(s.ServiceName), Cluster: engine.Lit(aws.ToString(s.ClusterArn)),
		TaskDefinition: engine.Lit(aws.ToString(s.TaskDefinition)), Desired: &count,
		Strategy: strategyShown(s.CapacityProviderStrategy), Exec: s.EnableExecuteCommand, Daemon: s.SchedulingStrategy == types.SchedulingStrategyDaemon,
	}
	hidden := []string{"start", "fast_metrics"}
	hide := func(names ...string) { hidden = append(hidden, names...) }
	var known bool
	if shown.Instances, known = instancesShown(s); !known {
		hide("instances")
	}
	if len(shown.Strategy) == 0 && s.LaunchType != types.LaunchTypeFargate {
		hide("strategy")
	}
	if s.NetworkConfiguration == nil || s.NetworkConfiguration.AwsvpcConfiguration == nil {
		hide("subnets", "security_groups", "public_ip")
	} else {
		net := s.NetworkConfiguration.AwsvpcConfiguration
		shown.Subnets, shown.SecurityGroups = engine.Lits(net.Subnets...), engine.Lits(net.SecurityGroups...)
		shown.PublicIP = net.AssignPublicIp == types.AssignPublicIpEnabled
	}
	for _, b := range s.LoadBalancers {
		shown.Balancers = append(shown.Balancers, Balancer{
			TargetGroup: engine.Lit(aws.ToString(b.TargetGroupArn)),
			Container:   aws.ToString(b.ContainerName), Port: int(aws.ToInt32(b.ContainerPort)),
		})
	}
	shown.Traffic = trafficShown(s.LoadBalancers)
	if len(s.ServiceRegistries) > 0 {
		shown.Registry = engine.Lit(aws.ToString(s.ServiceRegistries[0].RegistryArn))
	}
	shown.GraceSeconds = int(aws.ToInt32(s.HealthCheckGracePeriodSeconds))
	if s.HealthCheckGracePeriodSeconds == nil || len(s.LoadBalancers) == 0 {
		hide("grace_seconds") // without a balancer it means nothing
	}
	if d := s.DeploymentConfiguration; d != nil {
		shown.showDeployment(d)
		shown.Connect = connectShown(s)
	} else {
		hide("min_percent", "max_percent", "breaker", "rollback", "failures", "rollout", "connect")
	}
	shown.Rebalance = s.AvailabilityZoneRebalancing == types.AvailabilityZoneRebalancingEnabled
	if s.AvailabilityZoneRebalancing == "" {
		hide("rebalance")
	}
	return objectOf(s, engine.Shown(shown, hidden...))
}

func objectOf(s types.Service, attrs map[string]string) engine.Object {
	arn := aws.ToString(s.ServiceArn)
	tags := tagMap(s.Tags)
	attrs["prefer_spot"] = strconv.FormatBool(tags[TagSpot] == preferred)
	mark, _ := engine.MarkOf(tags)
	object := engine.Object{
		Address: mark.Address, LastApplied: mark.LastApplied, Tags: tags, ID: arn, Attrs: attrs,
		Outputs: map[string]string{"id": arn, "arn": arn, "name": aws.ToString(s.ServiceName)},
		Created: aws.ToTime(s.CreatedAt),
	}
	if d := primary(s); d != nil {
		object.Outputs[outputDeployment] = aws.ToString(d.Id)
		object.Outputs[outputBegan] = began(*d)
	}
	if s.CurrentServiceDeployment != nil && Moves(s) {
		object.Outputs[outputRecord] = *s.CurrentServiceDeployment
	}
	object.State, object.Detail = serviceState(s)
	object.Reverted = RolledBack(s)
	return object
}

func (s *Service) showDeployment(d *types.DeploymentConfiguration) {
	s.Rollout = rolloutShown(d)
	s.MinPercent, s.MaxPercent = int(aws.ToInt32(d.MinimumHealthyPercent)), int(aws.ToInt32(d.MaximumPercent))
	if e := d.EarlySuccessCriteria; e != nil && e.Enable {
		s.EarlySuccess = aws.Bool(aws.ToInt32(e.HealthyPercent) == wholly && e.SourceServiceRevisionCleanup == types.ServiceRevisionCleanupDeferred)
	}
	if b := d.DeploymentCircuitBreaker; b != nil {
		s.Breaker, s.Rollback = b.Enable, b.Rollback
		if t := b.ThresholdConfiguration; t != nil && t.Type == types.ThresholdTypeCount {
			s.Failures = int(t.Value)
		}
	}
}

// connectShown returns the Service Connect configuration of the primary
// deployment: ECS shows it nowhere else.
func connectShown(s types.Service) *Connect {
	d := primary(s)
	if d == nil || d.ServiceConnectConfiguration == nil || !d.ServiceConnectConfiguration.Enabled {
		return nil
	}
	in := d.ServiceConnectConfiguration
	out := &Connect{Namespace: engine.Lit(aws.ToString(in.Namespace))}
	if l := in.LogConfiguration; l != nil {
		out.LogGroup, out.LogRegion, out.LogPrefix = l.Options[optionGroup], l.Options[optionRegion], l.Options[optionPrefix]
	}
	for _, p := range in.Services {
		c := ConnectService{PortName: aws.ToString(p.PortName), DiscoveryName: aws.ToString(p.DiscoveryName)}
		if len(p.ClientAliases) > 0 {
			c.Alias, c.AliasPort = aws.ToString(p.ClientAliases[0].DnsName), int(aws.ToInt32(p.ClientAliases[0].Port))
		}
		out.Services = append(out.Services, c)
	}
	return out
}
