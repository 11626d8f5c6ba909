package moto

import (
	"slices"

	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"
)

const (
	noTask     = "arn:aws:ecs:eu-central-1:123456789012:task/a/0123456789abcdef0123456789abcdef"
	noRevision = "none:1"
)

func (s *script) cluster(n *network, role *string, sp *space, b *balancer) {
	c := s.c.ECS
	in := &ecs.CreateClusterInput{
		ClusterName: p("a"), CapacityProviders: []string{"FARGATE", "FARGATE_SPOT"},
		DefaultCapacityProviderStrategy: []types.CapacityProviderStrategyItem{{CapacityProvider: p("FARGATE"), Base: 1, Weight: 1}},
		Tags:                            []types.Tag{{Key: p("berth:owner"), Value: p("env/a")}},
	}
	show := func(o *ecs.CreateClusterOutput) []any {
		return []any{o.Cluster.ClusterArn, o.Cluster.Status, o.Cluster.CapacityProviders, len(o.Cluster.DefaultCapacityProviderStrategy)}
	}
	try(s, success, c.CreateCluster, in, show)
	try(s, duplicate, c.CreateCluster, in, show)
	list := func(o *ecs.DescribeClustersOutput) []any {
		out := []any{len(o.Clusters), first(o.Clusters).Status, len(first(o.Clusters).Tags)}
		for _, f := range o.Failures {
			out = append(out, f.Arn, f.Reason)
		}
		return out
	}
	with := []types.ClusterField{types.ClusterFieldTags}
	try(s, success, c.DescribeClusters, &ecs.DescribeClustersInput{Clusters: []string{"a"}, Include: with}, list)
	try(s, notFound, c.DescribeClusters, &ecs.DescribeClustersInput{Clusters: []string{"none"}, Include: with}, list)
	s.revisions(role)
	s.service(n, sp, b)
	s.tasks(n)
	s.clusterEnds()
}

func (s *script) revisions(role *string) {
	c := s.c.ECS
	in := &ecs.RegisterTaskDefinitionInput{
		Family: p("web"), NetworkMode: types.NetworkModeAwsvpc, RequiresCompatibilities: []types.Compatibility{types.CompatibilityFargate},
		Cpu: p("256"), Memory: p("512"), ExecutionRoleArn: role, TaskRoleArn: role,
		ContainerDefinitions: []types.ContainerDefinition{{
			Name: p("web"), Image: p("nginx:1.29"), Essential: p(true), Memory: p(int32(384)),
			PortMappings: []types.PortMapping{{ContainerPort: p(int32(80)), Protocol: types.TransportProtocolTcp}},
		}, {
			Name: p("agent"), Image: p("agent:1"), Essential: p(false), Cpu: 64, MemoryReservation: p(int32(128)), StartTimeout: p(int32(30)),
			DependsOn:     []types.ContainerDependency{{ContainerName: p("web"), Condition: types.ContainerConditionStart}},
			RestartPolicy: &types.ContainerRestartPolicy{Enabled: p(true), IgnoredExitCodes: []int32{0}, RestartAttemptPeriod: p(int32(60))},
		}},
		Tags: []types.Tag{{Key: p("berth:owner"), Value: p("env/a")}},
	}
	show := func(o *ecs.RegisterTaskDefinitionOutput) []any {
		d := o.TaskDefinition
		return []any{d.TaskDefinitionArn, d.Family, d.Revision, d.Status, d.Cpu, d.Memory, d.NetworkMode, len(d.ContainerDefinitions)}
	}
	try(s, success, c.RegisterTaskDefinition, in, show)
	try(s, duplicate, c.RegisterTaskDefinition, in, show)
	bad := *in
	bad.Family, bad.Cpu = p("bad"), p("257")
	try(s, dependency, c.RegisterTaskDefinition, &bad, show)
	one := func(o *ecs.DescribeTaskDefinitionOutput) []any {
		d := first(o.TaskDefinition.ContainerDefinitions)
		out := []any{o.TaskDefinition.Revision, o.TaskDefinition.Status, d.Name, d.Image, d.Memory, len(o.Tags)}
		for _, c := range o.TaskDefinition.ContainerDefinitions[min(1, len(o.TaskDefinition.ContainerDefinitions)):] {
			r := c.RestartPolicy
			out = append(out, c.Name, c.Essential, c.Cpu, c.MemoryReservation, c.StartTimeout, first(c.DependsOn).ContainerName, first(c.DependsOn).Condition)
			out = append(out, r != nil && *r.Enabled && len(r.IgnoredExitCodes) == 1 && *r.RestartAttemptPeriod == 60)
		}
		return out
	}
	with := []types.TaskDefinitionField{types.TaskDefinitionFieldTags}
	try(s, success, c.DescribeTaskDefinition, &ecs.DescribeTaskDefinitionInput{TaskDefinition: p("web"), Include: with}, one)
	try(s, notFound, c.DescribeTaskDefinition, &ecs.DescribeTaskDefinitionInput{TaskDefinition: p("none")}, one)
	list := func(o *ecs.ListTaskDefinitionsOutput) []any { return []any{o.TaskDefinitionArns} }
	try(s, success, c.ListTaskDefinitions, &ecs.ListTaskDefinitionsInput{FamilyPrefix: p("web")}, list)
	try(s, notFound, c.ListTaskDefinitions, &ecs.ListTaskDefinitionsInput{FamilyPrefix: p("none")}, list)
	families := func(o *ecs.ListTaskDefinitionFamiliesOutput) []any { return []any{o.Families} }
	try(s, success, c.ListTaskDefinitionFamilies, &ecs.ListTaskDefinitionFamiliesInput{FamilyPrefix: p("web"), Status: types.TaskDefinitionFamilyStatusActive}, families)
	try(s, notFound, c.ListTaskDefinitionFamilies, &ecs.ListTaskDefinitionFamiliesInput{FamilyPrefix: p("none"), Status: types.TaskDefinitionFamilyStatusActive}, families)
}

func networked(n *network) *types.NetworkConfiguration {
	return &types.NetworkConfiguration{AwsvpcConfiguration: &types.AwsVpcConfiguration{
		Subnets: n.subnets, SecurityGroups: []string{*n.group}, AssignPublicIp: types.AssignPublicIpEnabled,
	}}
}

func (s *script) service(n *network, sp *space, b *balancer) {
	c := s.c.ECS
	in := &ecs.CreateServiceInput{
		Cluster: p("a"), ServiceName: p("web"), TaskDefinition: p("web:1"), DesiredCount: p(int32(1)), LaunchType: types.LaunchTypeFargate,
		NetworkConfiguration: networked(n), ClientToken: p("token-10"), HealthCheckGracePeriodSeconds: p(int32(120)),
		LoadBalancers:     []types.LoadBalancer{{TargetGroupArn: b.target, ContainerName: p("web"), ContainerPort: p(int32(80))}},
		ServiceRegistries: []types.ServiceRegistry{{RegistryArn: sp.arn}},
		Tags:              []types.Tag{{Key: p("berth:owner"), Value: p("env/a")}},
	}
	show := func(o *ecs.CreateServiceOutput) []any {
		v := o.Service
		return []any{v.ServiceArn, v.ServiceName, v.Status, v.DesiredCount, v.LaunchType, v.TaskDefinition, len(v.LoadBalancers), len(v.Deployments), len(v.Tags)}
	}
	lost := func(change func(*ecs.CreateServiceInput)) *ecs.CreateServiceInput {
		other := *in
		other.ServiceName, other.ClientToken = p("lost"), p("token-11")
		change(&other)
		return &other
	}
	try(s, dependency, c.CreateService, lost(func(i *ecs.CreateServiceInput) { i.TaskDefinition = p(noRevision) }), nil)
	try(s, notFound, c.CreateService, lost(func(i *ecs.CreateServiceInput) { i.Cluster = p("none") }), nil)
	try(s, "no target group", c.CreateService, lost(func(i *ecs.CreateServiceInput) {
		i.LoadBalancers = []types.LoadBalancer{{TargetGroupArn: p(noTarget), ContainerName: p("web"), ContainerPort: p(int32(80))}}
	}), nil)
	try(s, "a group without a balancer", c.CreateService, lost(func(i *ecs.CreateServiceInput) {
		i.LoadBalancers = []types.LoadBalancer{{TargetGroupArn: b.loose, ContainerName: p("web"), ContainerPort: p(int32(80))}}
	}), nil)
	try(s, success, c.CreateService, in, show)
	again := *in
	again.ClientToken = p("token-12")
	try(s, duplicate, c.CreateService, &again, nil)
	list := func(o *ecs.DescribeServicesOutput) []any {
		v := first(o.Services)
		out := []any{len(o.Services), v.Status, v.TaskDefinition, len(v.Tags)}
		for _, f := range o.Failures {
			out = append(out, f.Reason)
		}
		for _, d := range v.Deployments {
			out = append(out, d.Status, d.TaskDefinition)
		}
		return out
	}
	with := []types.ServiceField{types.ServiceFieldTags}
	try(s, success, c.DescribeServices, &ecs.DescribeServicesInput{Cluster: p("a"), Services: []string{"web"}, Include: with}, list)
	try(s, notFound, c.DescribeServices, &ecs.DescribeServicesInput{Cluster: p("a"), Services: []string{"none"}, Include: with}, list)
	try(s, "no cluster", c.DescribeServices, &ecs.DescribeServicesInput{Cluster: p("none"), Services: []string{"none"}}, list)
	arns := func(o *ecs.ListServicesOutput) []any {
		return []any{slices.Contains(o.ServiceArns, "arn:aws:ecs:eu-central-1:123456789012:service/a/web")}
	}
	try(s, success, c.ListServices, &ecs.ListServicesInput{Cluster: p("a")}, arns)
	try(s, notFound, c.ListServices, &ecs.ListServicesInput{Cluster: p("none")}, arns)
	up := &ecs.UpdateServiceInput{Cluster: p("a"), Service: p("web"), TaskDefinition: p("web:2")}
	updated := func(o *ecs.UpdateServiceOutput) []any { return []any{o.Service.TaskDefinition, o.Service.Status} }
	try(s, success, c.UpdateService, up, updated)
	try(s, "after an update", c.DescribeServices, &ecs.DescribeServicesInput{Cluster: p("a"), Services: []string{"web"}}, list)
	try(s, duplicate, c.UpdateService, up, updated)
	try(s, notFound, c.UpdateService, &ecs.UpdateServiceInput{Cluster: p("a"), Service: p("none"), TaskDefinition: p("web:2")}, nil)
	try(s, "no task definition", c.UpdateService, &ecs.UpdateServiceInput{Cluster: p("a"), Service: p("web"), TaskDefinition: p(noRevision)}, nil)
	try(s, dependency, c.DeleteCluster, &ecs.DeleteClusterInput{Cluster: p("a")}, nil)
	s.serviceTags()
	s.scaling()
	try(s, dependency, c.DeleteService, &ecs.DeleteServiceInput{Cluster: p("a"), Service: p("web")}, nil)
	try(s, notFound, c.DeleteService, &ecs.DeleteServiceInput{Cluster: p("a"), Service: p("none"), Force: p(true)}, nil)
	try(s, success, c.DeleteService, &ecs.DeleteServiceInput{Cluster: p("a"), Service: p("web"), Force: p(true)}, func(o *ecs.DeleteServiceOutput) []any {
		return []any{o.Service.ServiceName}
	})
	try(s, "deleted", c.DescribeServices, &ecs.DescribeServicesInput{Cluster: p("a"), Services: []string{"web"}}, func(o *ecs.DescribeServicesOutput) []any {
		return []any{len(o.Services), first(o.Services).Status}
	})
}

func (s *script) serviceTags() {
	c := s.c.ECS
	arn, none := p("arn:aws:ecs:eu-central-1:123456789012:service/a/web"), p("arn:aws:ecs:eu-central-1:123456789012:service/a/none")
	tags := []types.Tag{{Key: p("berth:asked"), Value: p("v1")}}
	try(s, success, c.TagResource, &ecs.TagResourceInput{ResourceArn: arn, Tags: tags}, nil)
	try(s, duplicate, c.TagResource, &ecs.TagResourceInput{ResourceArn: arn, Tags: tags}, nil)
	try(s, notFound, c.TagResource, &ecs.TagResourceInput{ResourceArn: none, Tags: tags}, nil)
	count := func(o *ecs.ListTagsForResourceOutput) []any { return []any{len(o.Tags)} }
	try(s, success, c.ListTagsForResource, &ecs.ListTagsForResourceInput{ResourceArn: arn}, count)
	try(s, notFound, c.ListTagsForResource, &ecs.ListTagsForResourceInput{ResourceArn: none}, count)
}

func (s *script) tasks(n *network) {
	c := s.c.ECS
	in := &ecs.RunTaskInput{
		Cluster: p("a"), TaskDefinition: p("web:1"), LaunchType: types.LaunchTypeFargate, Count: p(int32(1)), StartedBy: p("berth"),
		NetworkConfiguration: networked(n), ClientToken: p("token-13"),
	}
	show := func(o *ecs.RunTaskOutput) []any {
		t := first(o.Tasks)
		return []any{len(o.Tasks), len(o.Failures), t.StartedBy, t.TaskDefinitionArn, t.DesiredStatus, t.LaunchType}
	}
	arn := s.name("task", first(try(s, success, c.RunTask, in, show).Tasks).TaskArn)
	try(s, duplicate, c.RunTask, in, func(o *ecs.RunTaskOutput) []any {
		return []any{"same", len(o.Tasks) == 1 && *o.Tasks[0].TaskArn == *arn}
	})
	lost := *in
	lost.TaskDefinition, lost.ClientToken = p(noRevision), p("token-14")
	try(s, dependency, c.RunTask, &lost, nil)
	lost = *in
	lost.Cluster, lost.ClientToken = p("none"), p("token-15")
	try(s, notFound, c.RunTask, &lost, nil)
	// The number of running tasks differs: moto's tasks make no progress by
	// themselves.
	try(s, success, c.ListTasks, &ecs.ListTasksInput{Cluster: p("a"), Family: p("web"), DesiredStatus: types.DesiredStatusRunning}, nil)
	try(s, notFound, c.ListTasks, &ecs.ListTasksInput{Cluster: p("none")}, nil)
	one := func(o *ecs.DescribeTasksOutput) []any {
		t := first(o.Tasks)
		out := []any{len(o.Tasks), t.TaskDefinitionArn, t.StartedBy, len(t.Containers)}
		for _, f := range o.Failures {
			out = append(out, f.Reason)
		}
		return out
	}
	try(s, success, c.DescribeTasks, &ecs.DescribeTasksInput{Cluster: p("a"), Tasks: []string{*arn}}, one)
	try(s, notFound, c.DescribeTasks, &ecs.DescribeTasksInput{Cluster: p("a"), Tasks: []string{noTask}}, one)
	try(s, success, c.StopTask, &ecs.StopTaskInput{Cluster: p("a"), Task: arn, Reason: p("berth")}, func(o *ecs.StopTaskOutput) []any {
		return []any{o.Task.DesiredStatus}
	})
	try(s, notFound, c.StopTask, &ecs.StopTaskInput{Cluster: p("a"), Task: p(noTask)}, nil)
}

func (s *script) clusterEnds() {
	c := s.c.ECS
	gone := func(o *ecs.DeregisterTaskDefinitionOutput) []any { return []any{o.TaskDefinition.Status} }
	remove := func(o *ecs.DeleteTaskDefinitionsOutput) []any {
		out := []any{len(o.TaskDefinitions), first(o.TaskDefinitions).Status}
		for _, f := range o.Failures {
			out = append(out, f.Reason)
		}
		return out
	}
	try(s, dependency, c.DeleteTaskDefinitions, &ecs.DeleteTaskDefinitionsInput{TaskDefinitions: []string{"web:1"}}, remove)
	for _, revision := range []string{"web:1", "web:2"} {
		try(s, success, c.DeregisterTaskDefinition, &ecs.DeregisterTaskDefinitionInput{TaskDefinition: &revision}, gone)
	}
	try(s, notFound, c.DeregisterTaskDefinition, &ecs.DeregisterTaskDefinitionInput{TaskDefinition: p(noRevision)}, gone)
	try(s, success, c.DeleteTaskDefinitions, &ecs.DeleteTaskDefinitionsInput{TaskDefinitions: []string{"web:1", "web:2"}}, remove)
	try(s, notFound, c.DeleteTaskDefinitions, &ecs.DeleteTaskDefinitionsInput{TaskDefinitions: []string{noRevision}}, remove)
	try(s, notFound, c.DeleteCluster, &ecs.DeleteClusterInput{Cluster: p("none")}, nil)
	try(s, success, c.DeleteCluster, &ecs.DeleteClusterInput{Cluster: p("a")}, func(o *ecs.DeleteClusterOutput) []any { return []any{o.Cluster.Status} })
	try(s, "deleted", c.DescribeClusters, &ecs.DescribeClustersInput{Clusters: []string{"a"}}, func(o *ecs.DescribeClustersOutput) []any {
		return []any{len(o.Clusters), first(o.Clusters).Status}
	})
}
