package compute

import (
	"cmp"
	"reflect"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"github.com/berthdev/berth/internal/sandbox/definition"
	"github.com/berthdev/berth/internal/sandbox/strategy"
	"github.com/berthdev/berth/internal/sandbox/world"
)

// services has the calls on services. The scheduler carries out what they ask
// for.
type services struct {
	account     *world.Account
	s           *state
	needs       *Needs
	definitions *definitions
	deployments *deployments
	scheduler   *scheduler
	placement   *placement
}

func (p *services) serviceRoutes(r *world.Router) {
	world.On(r, p.createService)
	world.On(r, p.updateService)
	world.On(r, p.deleteService)
	world.On(r, p.describeServices)
	world.On(r, p.listServices)
	r.Event("ecs.service.look", p.scheduler.look)
}

// platform is the platform version for LATEST.
const platform = "1.4.0"

func (p *services) createService(rq *world.Request, in *ecs.CreateServiceInput) (*ecs.CreateServiceOutput, error) {
	c, err := p.s.clusterOf(rq, in.Cluster)
	if err != nil {
		return nil, err
	}
	name := aws.ToString(in.ServiceName)
	if !definition.Name.MatchString(name) {
		return nil, badInput("Invalid service name: '%s'.", name)
	}
	arn := p.account.ARN("ecs", "service/"+c.Name+"/"+name)
	if known, mismatch := rq.Once(in.ClientToken, in); known == arn && !mismatch {
		if s := p.s.Services.Get(arn); s != nil && s.Status != inactive {
			return &ecs.CreateServiceOutput{Service: p.shownService(s, true)}, nil
		}
	}
	if s := p.s.Services.Get(arn); s != nil && s.Status == active {
		return nil, badInput("Creation of service was not idempotent.")
	} else if s != nil && s.Status == draining {
		return nil, badInput("Unable to Start a service that is still Draining.")
	}
	if err := p.needs.linkedRole(rq); err != nil {
		return nil, err
	}
	config := revision{
		LaunchType: in.LaunchType, Strategy: in.CapacityProviderStrategy, Platform: aws.ToString(in.PlatformVersion),
		Network: in.NetworkConfiguration, LoadBalancers: in.LoadBalancers, Registries: in.ServiceRegistries,
		Connect: in.ServiceConnectConfiguration, TaskDefinition: aws.ToString(in.TaskDefinition),
	}
	if err := strategy.CheckKind(in); err != nil {
		return nil, err
	}
	if err := p.complete(rq, c, &config, in.SchedulingStrategy == types.SchedulingStrategyDaemon); err != nil {
		return nil, err
	}
	deployment := strategy.With(in.DeploymentConfiguration, types.DeploymentConfiguration{})
	if err := p.rollouts().CheckRollout(rq, in.DeploymentConfiguration, deployment, config.parts()); err != nil {
		return nil, err
	}
	rebalance := strategy.Rebalance(in.AvailabilityZoneRebalancing, deployment)
	if err := strategy.CheckBounds(deployment, rebalance, config.LoadBalancers, in.HealthCheckGracePeriodSeconds); err != nil {
		return nil, err
	}
	if p.s.servicesOf(c) >= p.account.Quota("services per cluster", 5000) {
		return nil, badInput("The maximum number of services per cluster has been reached.")
	}
	if err := strategy.CheckMonitoring(in.Monitoring); err != nil {
		return nil, badInput("%s.", err)
	}
	s := &service{
		ARN: arn, Name: name, Cluster: c.ARN, Status: active, Created: rq.Now, Desired: aws.ToInt32(in.DesiredCount),
		Config: config, Deployment: deployment,
		Grace: in.HealthCheckGracePeriodSeconds, Propagate: cmp.Or(in.PropagateTags, types.PropagateTagsNone),
		ExecuteOn: in.EnableExecuteCommand, ManagedTag: in.EnableECSManagedTags, Tags: in.Tags,
		Rebalance: rebalance, Monitoring: in.Monitoring, Scheduling: cmp.Or(in.SchedulingStrategy, types.SchedulingStrategyReplica),
		Constraints: in.PlacementConstraints,
	}
	if in.DesiredCount == nil && !s.daemon() {
		s.Desired = 1
	}
	p.s.Services.Put(p.account, rq.Now, arn, s)
	p.offer(rq, config.Connect)
	p.deployments.deploy(rq.Now, s)
	p.soon(rq, s)
	rq.Remember(in.ClientToken, in, arn)
	return &ecs.CreateServiceOutput{Service: p.shownService(s, true)}, nil
}

func (s *state) servicesOf(c *cluster) int {
	n := 0
	for _, s := range s.Services.All() {
		if s.Cluster == c.ARN && s.Status != inactive {
			n++
		}
	}
	return n
}

// soon calls the scheduler for a service whose configuration has changed.
func (p *services) soon(rq *world.Request, s *service) {
	p.account.Schedule(rq.Now.Add(p.account.Takes(world.ServiceScheduler)), "ecs.service.look", s.ARN)
}

// serviceOf is the service of a cluster that a call names; nil when the call does
// not find it.
func (s *state) serviceOf(rq *world.Request, c *cluster, nameOrARN *string) *service {
	return s.Services.Find(rq, c.serviceARN(world.LastPart(aws.ToString(nameOrARN))))
}

func (p *services) updateService(rq *world.Request, in *ecs.UpdateServiceInput) (*ecs.UpdateServiceOutput, error) {
	c, err := p.s.clusterOf(rq, in.Cluster)
	if err != nil {
		return nil, err
	}
	s := p.s.serviceOf(rq, c, in.Service)
	if s == nil {
		return nil, &types.ServiceNotFoundException{Message: aws.String("Service not found.")}
	}
	if s.Status != active {
		return nil, &types.ServiceNotActiveException{Message: aws.String("Service was not ACTIVE.")}
	}
	if s.daemon() && in.DesiredCount != nil {
		return nil, badInput("A desired count cannot be specified with the daemon scheduling strategy.")
	}
	if in.PlacementConstraints != nil {
		if err := strategy.CheckConstraints(in.PlacementConstraints); err != nil {
			return nil, err
		}
		s.Constraints = in.PlacementConstraints
	}
	next := *world.Clone(&s.Config)
	if err := p.change(in, s, &next); err != nil {
		return nil, err
	}
	// "Existing services that reference an INACTIVE task definition can still scale up or down":
	// https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeregisterTaskDefinition.html
	if in.ForceNewDeployment || !sameRevision(s.Config, next) {
		if err := p.complete(rq, c, &next, s.daemon()); err != nil {
			return nil, err
		}
	}
	deployment := strategy.With(in.DeploymentConfiguration, s.Deployment)
	if err := p.rollouts().CheckRollout(rq, in.DeploymentConfiguration, deployment, next.parts()); err != nil {
		return nil, err
	}
	rebalance := cmp.Or(in.AvailabilityZoneRebalancing, s.Rebalance)
	if err := strategy.CheckBounds(deployment, rebalance, next.LoadBalancers, in.HealthCheckGracePeriodSeconds); err != nil {
		return nil, err
	}
	if err := strategy.CheckMonitoring(in.Monitoring); err != nil {
		return nil, badInput("%s.", err)
	}
	s.Deployment, s.Rebalance, s.Monitoring = deployment, rebalance, cmp.Or(in.Monitoring, s.Monitoring)
	s.Grace = cmp.Or(in.HealthCheckGracePeriodSeconds, s.Grace)
	s.Propagate = cmp.Or(in.PropagateTags, s.Propagate)
	if in.EnableExecuteCommand != nil {
		s.ExecuteOn = *in.EnableExecuteCommand
	}
	if in.EnableECSManagedTags != nil {
		s.ManagedTag = *in.EnableECSManagedTags
	}
	if in.DesiredCount != nil && *in.DesiredCount != s.Desired {
		s.Desired, s.Steady = *in.DesiredCount, false
	}
	// Only a change of the tasks' definition, or force, makes a new deployment.
	if in.ForceNewDeployment || !sameRevision(s.Config, next) {
		s.Config = next
		p.offer(rq, next.Connect)
		p.deployments.deploy(rq.Now, s)
	}
	p.soon(rq, s)
	return &ecs.UpdateServiceOutput{Service: p.shownService(s, true)}, nil
}

// change applies an update to a service's configuration. An empty list clears
// the present one; a missing list keeps it.
func (p *services) change(in *ecs.UpdateServiceInput, s *service, next *revision) error {
	if in.CapacityProviderStrategy != nil {
		if !in.ForceNewDeployment && s.Config.LaunchType != "" {
			return badInput("A force new deployment is required when the service changes from a launch type to a capacity provider strategy.")
		}
		next.Strategy = in.CapacityProviderStrategy
		if len(in.CapacityProviderStrategy) > 0 {
			next.LaunchType = ""
		}
	}
	if in.LoadBalancers != nil {
		next.LoadBalancers = in.LoadBalancers
	}
	if in.ServiceRegistries != nil {
		next.Registries = in.ServiceRegistries
	}
	next.TaskDefinition = cmp.Or(aws.ToString(in.TaskDefinition), next.TaskDefinition)
	next.Platform = cmp.Or(aws.ToString(in.PlatformVersion), next.Platform)
	next.Network = cmp.Or(in.NetworkConfiguration, next.Network)
	next.Connect = cmp.Or(in.ServiceConnectConfiguration, next.Connect)
	return nil
}

// sameRevision reports whether tasks of two revisions are the same.
func sameRevision(a, b revision) bool {
	plain := func(r revision) revision {
		r = *world.Clone(&r)
		r.ARN, r.Digests = "", nil
		if len(r.LoadBalancers) == 0 {
			r.LoadBalancers = nil
		}
		if len(r.Registries) == 0 {
			r.Registries = nil
		}
		if r.Network != nil && r.Network.AwsvpcConfiguration != nil {
			slices.Sort(r.Network.AwsvpcConfiguration.Subnets)
			slices.Sort(r.Network.AwsvpcConfiguration.SecurityGroups)
		}
		return r
	}
	return reflect.DeepEqual(plain(a), plain(b))
}

func (p *services) deleteService(rq *world.Request, in *ecs.DeleteServiceInput) (*ecs.DeleteServiceOutput, error) {
	c, err := p.s.clusterOf(rq, in.Cluster)
	if err != nil {
		return nil, err
	}
	s := p.s.serviceOf(rq, c, in.Service)
	if s == nil {
		return nil, &types.ServiceNotFoundException{Message: aws.String("Service not found.")}
	}
	if s.Status == inactive {
		return nil, &types.ServiceNotActiveException{Message: aws.String("Service was not ACTIVE.")}
	}
	if s.Status == active {
		if s.Desired > 0 && !aws.ToBool(in.Force) {
			return nil, badInput("The service cannot be stopped while it is scaled above 0.")
		}
		s.Status, s.Desired = draining, 0
		p.soon(rq, s)
	}
	return &ecs.DeleteServiceOutput{Service: p.shownService(s, true)}, nil
}

func (p *services) listServices(rq *world.Request, in *ecs.ListServicesInput) (*ecs.ListServicesOutput, error) {
	c, err := p.s.clusterOf(rq, in.Cluster)
	if err != nil {
		return nil, err
	}
	var arns []string
	for _, s := range p.s.Services.List(rq) {
		// A draining service is not listed, though its name is taken.
		if s.Cluster == c.ARN && s.Status == active && (in.LaunchType == "" || in.LaunchType == s.Config.LaunchType) {
			arns = append(arns, s.ARN)
		}
	}
	page, next, err := listPage(arns, in.NextToken, in.MaxResults, 100)
	return &ecs.ListServicesOutput{ServiceArns: page, NextToken: next}, err
}

func (p *services) describeServices(rq *world.Request, in *ecs.DescribeServicesInput) (*ecs.DescribeServicesOutput, error) {
	c, err := p.s.clusterOf(rq, in.Cluster)
	if err != nil {
		return nil, err
	}
	if len(in.Services) == 0 || len(in.Services) > 10 {
		return nil, badInput("Services must have between 1 and 10 members.")
	}
	out := &ecs.DescribeServicesOutput{Services: []types.Service{}, Failures: []types.Failure{}}
	for _, name := range in.Services {
		if s := p.s.serviceOf(rq, c, &name); s != nil && (!strings.HasPrefix(name, "arn:") || s.ARN == name) {
			out.Services = append(out.Services, *p.shownService(s, slices.Contains(in.Include, types.ServiceFieldTags)))
			continue
		}
		out.Failures = append(out.Failures, missingItem(p.account.ARN("ecs", "service/"+c.Name+"/"+world.LastPart(name))))
	}
	return out, nil
}

func (p *services) rollouts() strategy.Needs {
	return strategy.Needs{Alarms: p.needs.Alarms, Targets: p.needs.Targets, Roles: p.needs.Roles}
}

func (r revision) parts() strategy.Parts {
	return strategy.Parts{
		LoadBalancers: r.LoadBalancers, Registered: len(r.Registries) > 0, Connected: r.Connect != nil && r.Connect.Enabled && len(r.Connect.Services) > 0,
	}
}
