package ecs

import (
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"github.com/berthdev/berth/internal/aws/gate"
	"github.com/berthdev/berth/internal/aws/metric"
	"github.com/berthdev/berth/internal/engine"
)

func createServiceInput(w engine.Desired[Service]) *ecs.CreateServiceInput {
	s := w.Want
	in := &ecs.CreateServiceInput{
		ServiceName: &s.Name, Cluster: aws.String(s.Cluster.Value()), ClientToken: &w.Token,
		TaskDefinition: aws.String(s.TaskDefinition.Value()), DesiredCount: int32Of(s.Count()),
		CapacityProviderStrategy:    strategyInput(s.Strategy),
		LaunchType:                  launchType(s.Strategy),
		NetworkConfiguration:        networkInput(s.Subnets, s.SecurityGroups, s.PublicIP),
		DeploymentConfiguration:     deploymentInput(s, false),
		LoadBalancers:               balancersInput(s),
		ServiceRegistries:           registriesInput(s.Registry),
		ServiceConnectConfiguration: connectInput(s.Connect),
		SchedulingStrategy:          types.SchedulingStrategyReplica,
		AvailabilityZoneRebalancing: rebalanceInput(s),
		EnableECSManagedTags:        true, PropagateTags: types.PropagateTagsService, Tags: tagsOf(s.tags(w.Tags)),
		EnableExecuteCommand: s.Exec,
	}
	s.setDaemon(in)
	if len(s.FastMetrics) > 0 {
		in.Monitoring = monitoringInput(s)
	}
	if len(s.Balancers) > 0 {
		in.HealthCheckGracePeriodSeconds = int32Of(s.GraceSeconds)
	}
	return in
}

// Count is the number of tasks of a new service.
func (s Service) Count() int {
	n := s.Desired
	if n == nil {
		n = s.Start
	}
	return aws.ToInt(n)
}

// updateServiceInput sends only the named attributes. Lists that became empty
// are sent as empty lists: ECS leaves unchanged what is not sent.
func updateServiceInput(s Service, id string, changed []string) *ecs.UpdateServiceInput {
	in := &ecs.UpdateServiceInput{Service: &id, Cluster: aws.String(clusterOf(id))}
	has := func(names ...string) bool {
		return slices.ContainsFunc(names, func(n string) bool { return slices.Contains(changed, n) })
	}
	if has("task_definition", engine.AttrState) {
		in.TaskDefinition = aws.String(s.TaskDefinition.Value())
	}
	if has("desired") && s.Desired != nil {
		in.DesiredCount = int32Of(*s.Desired)
	}
	if has("strategy") {
		in.CapacityProviderStrategy = orEmpty(strategyInput(s.Strategy))
	}
	if has("subnets", "security_groups", "public_ip") {
		in.NetworkConfiguration = networkInput(s.Subnets, s.SecurityGroups, s.PublicIP)
	}
	if has("balancers", "traffic") {
		in.LoadBalancers = orEmpty(balancersInput(s))
	}
	if has("balancers", "grace_seconds") && len(s.Balancers) > 0 {
		in.HealthCheckGracePeriodSeconds = int32Of(s.GraceSeconds)
	}
	if has("registry") {
		in.ServiceRegistries = orEmpty(registriesInput(s.Registry))
	}
	if has("connect") {
		in.ServiceConnectConfiguration = connectInput(s.Connect)
		if s.Connect == nil {
			in.ServiceConnectConfiguration = &types.ServiceConnectConfiguration{Enabled: false}
		}
	}
	if has("min_percent", "max_percent", "breaker", "rollback", "failures", "early_success", "rollout") {
		in.DeploymentConfiguration = deploymentInput(s, has("rollout"))
	}
	// ECS keeps what is not sent and checks the bounds against it.
	if has("max_percent", "rebalance") {
		in.DeploymentConfiguration, in.AvailabilityZoneRebalancing = deploymentInput(s, has("rollout")), rebalanceInput(s)
	}
	if has("early_success") && s.EarlySuccess == nil {
		in.DeploymentConfiguration.EarlySuccessCriteria = &types.DeploymentEarlySuccessCriteria{Enable: false}
	}
	if has("fast_metrics") {
		in.Monitoring = monitoringInput(s)
	}
	if has("instances") {
		in.PlacementConstraints = s.constraints()
	}
	if has("exec") {
		in.EnableExecuteCommand = &s.Exec
	}
	// A new strategy and ECS Exec only apply to new tasks, and a deployment that was
	// given up only starts again when forced.
	in.ForceNewDeployment = has("strategy", "exec", engine.AttrState)
	return in
}

func networkInput(subnets, groups []engine.Ref, public bool) *types.NetworkConfiguration {
	assign := types.AssignPublicIpDisabled
	if public {
		assign = types.AssignPublicIpEnabled
	}
	return &types.NetworkConfiguration{AwsvpcConfiguration: &types.AwsVpcConfiguration{
		Subnets: engine.Values(subnets), SecurityGroups: engine.Values(groups), AssignPublicIp: assign,
	}}
}

// deploymentInput: a task that is healthy for a moment does not reset the
// breaker's count of failures, so that a crash loop ends. strategy says that an update
// changes how the traffic moves.
func deploymentInput(s Service, strategy bool) *types.DeploymentConfiguration {
	breaker := &types.DeploymentCircuitBreaker{Enable: s.Breaker, Rollback: s.Rollback}
	if s.Breaker {
		breaker.ResetOnHealthyTask = aws.Bool(false)
		if s.Failures > 0 {
			breaker.ThresholdConfiguration = &types.ThresholdConfiguration{Type: types.ThresholdTypeCount, Value: int32(s.Failures)}
		}
	}
	out := &types.DeploymentConfiguration{
		MinimumHealthyPercent: int32Of(s.MinPercent), MaximumPercent: int32Of(s.MaxPercent),
		DeploymentCircuitBreaker: breaker,
	}
	if s.EarlySuccess != nil {
		out.EarlySuccessCriteria = &types.DeploymentEarlySuccessCriteria{
			Enable: true, HealthyPercent: aws.Int32(wholly), SourceServiceRevisionCleanup: types.ServiceRevisionCleanupDeferred,
		}
	}
	s.setRollout(out, strategy)
	return out
}

// wholly is the share of the new tasks that must be healthy, in percent.
const wholly = 100

// The resolutions of a service's metrics, in seconds.
const fastSeconds, usualSeconds = 20, 60

// monitoringInput is how often ECS measures a service. Without fast metrics it says ECS's
// default, because ECS keeps what is not sent.
func monitoringInput(s Service) *types.MonitoringConfiguration {
	names, seconds := s.FastMetrics, fastSeconds
	if len(names) == 0 {
		names, seconds = []string{metric.CPU, metric.Memory}, usualSeconds
	}
	return &types.MonitoringConfiguration{MetricConfigurations: []types.MetricConfiguration{
		{MetricNames: names, ResolutionSeconds: int32Of(seconds)},
	}}
}

func rebalanceInput(s Service) types.AvailabilityZoneRebalancing {
	if s.Rebalance {
		return types.AvailabilityZoneRebalancingEnabled
	}
	return types.AvailabilityZoneRebalancingDisabled
}

func balancersInput(s Service) []types.LoadBalancer {
	var out []types.LoadBalancer
	for _, b := range s.Balancers {
		out = append(out, types.LoadBalancer{
			TargetGroupArn: aws.String(b.TargetGroup.Value()), ContainerName: aws.String(b.Container),
			ContainerPort: int32Of(b.Port), AdvancedConfiguration: s.advanced(),
		})
	}
	return out
}

func registriesInput(registry engine.Ref) []types.ServiceRegistry {
	if registry.Value() == "" {
		return nil
	}
	return []types.ServiceRegistry{{RegistryArn: aws.String(registry.Value())}}
}

func connectInput(c *Connect) *types.ServiceConnectConfiguration {
	if c == nil {
		return nil
	}
	out := &types.ServiceConnectConfiguration{Enabled: true, Namespace: aws.String(c.Namespace.Value())}
	if c.LogGroup != "" {
		out.LogConfiguration = awslogs(c.LogGroup, c.LogRegion, c.LogPrefix, nil)
	}
	for _, s := range c.Services {
		out.Services = append(out.Services, types.ServiceConnectService{
			PortName: aws.String(s.PortName), DiscoveryName: gate.Optional(s.DiscoveryName),
			ClientAliases: []types.ServiceConnectClientAlias{{
				DnsName: gate.Optional(s.Alias), Port: int32Of(s.AliasPort),
			}},
		})
	}
	return out
}
