package compute

import (
	"cmp"
	"regexp"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"github.com/berthdev/berth/internal/sandbox/world"
)

// providerName matches the names of the account's own capacity providers.
// https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_CreateCapacityProvider.html
var (
	providerName = regexp.MustCompile(`^[a-zA-Z0-9_-]{1,255}$`)
	reservedName = regexp.MustCompile(`(?i)^(aws|ecs|fargate)`)
)

// createCapacityProvider makes a capacity provider of Managed Instances.
func (p *Clusters) createCapacityProvider(rq *world.Request, in *ecs.CreateCapacityProviderInput) (*ecs.CreateCapacityProviderOutput, error) {
	name := aws.ToString(in.Name)
	if !providerName.MatchString(name) || reservedName.MatchString(name) {
		return nil, badInput("Invalid capacity provider name %s.", name)
	}
	if p.s.Capacities.Get(name) != nil {
		return nil, badClient("The specified capacity provider already exists. To change the configuration of an existing capacity provider, update the capacity provider.")
	}
	switch {
	case (in.ManagedInstancesProvider == nil) == (in.AutoScalingGroupProvider == nil):
		return nil, badInput("Specify either an Auto Scaling group provider or a managed instances provider.")
	case in.AutoScalingGroupProvider != nil:
		return p.createGroupProvider(rq, in)
	}
	c, err := p.s.clusterOf(rq, in.Cluster)
	if err != nil || in.Cluster == nil {
		return nil, noCluster()
	}
	m := in.ManagedInstancesProvider
	if err := p.checkManaged(rq, m.InfrastructureRoleArn, m.InstanceLaunchTemplate); err != nil {
		return nil, err
	}
	if err := p.needs.linkedRole(rq); err != nil {
		return nil, err
	}
	o := &provider{
		ARN: p.account.ARN("ecs", "capacity-provider/"+name), Name: name, Cluster: c.ARN, Tags: in.Tags,
		Status: types.CapacityProviderStatusActive, Update: types.CapacityProviderUpdateStatusCreateInProgress,
		Managed: &types.ManagedInstancesProvider{
			InfrastructureRoleArn: m.InfrastructureRoleArn, InstanceLaunchTemplate: m.InstanceLaunchTemplate, PropagateTags: m.PropagateTags,
			InfrastructureOptimization: m.InfrastructureOptimization,
		},
	}
	o.Managed.InstanceLaunchTemplate.CapacityOptionType = cmp.Or(m.InstanceLaunchTemplate.CapacityOptionType, types.CapacityOptionTypeOnDemand)
	p.s.Capacities.Put(p.account, rq.Now, name, o)
	c.Providers = append(slices.Clip(c.Providers), name)
	p.account.Schedule(rq.Now.Add(p.account.Takes(world.ProviderMade)), "ecs.provider.made", name)
	shown := o.shown(true)
	return &ecs.CreateCapacityProviderOutput{CapacityProvider: &shown}, nil
}

// checkManaged refuses roles, networks and requirements with which no instance starts.
// https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_InstanceLaunchTemplate.html
func (p *Clusters) checkManaged(rq *world.Request, role *string, t *types.InstanceLaunchTemplate) error {
	if role == nil || t == nil || t.Ec2InstanceProfileArn == nil || t.NetworkConfiguration == nil || len(t.NetworkConfiguration.Subnets) == 0 {
		return badInput("The infrastructure role, the instance profile and the subnets of a managed instances provider are required.")
	}
	if err := rq.PassRole(*role, "ecs.amazonaws.com"); err != nil {
		return err
	}
	if p.needs.Roles.Assumable(*role, "ecs.amazonaws.com") != nil {
		return badInput("ECS was unable to assume the role '%s' that was provided for this capacity provider.", *role)
	}
	of, ok := p.needs.Profiles.ProfileRole(*t.Ec2InstanceProfileArn)
	switch {
	case !ok:
		return badInput("The instance profile %s was not found.", *t.Ec2InstanceProfileArn)
	case of == "" || p.needs.Roles.Assumable(of, "ec2.amazonaws.com") != nil:
		return badInput("The instance profile %s has no role that Amazon EC2 can assume.", *t.Ec2InstanceProfileArn)
	}
	if r := t.InstanceRequirements; r != nil && (r.VCpuCount == nil || r.VCpuCount.Min == nil || r.MemoryMiB == nil || r.MemoryMiB.Min == nil) {
		return badInput("Instance requirements need the least number of vCPUs and the least memory.")
	}
	vpc := ""
	for _, id := range t.NetworkConfiguration.Subnets {
		have, _, ok := p.needs.Network.FindSubnet(rq, id)
		if !ok {
			return badInput("The subnet ID '%s' does not exist (ErrorCode: InvalidSubnetID.NotFound)", id)
		}
		vpc = have
	}
	for _, id := range t.NetworkConfiguration.SecurityGroups {
		if have, ok := p.needs.Network.FindGroup(rq, id); !ok || have != vpc {
			return badInput("The security group '%s' does not exist (ErrorCode: InvalidGroup.NotFound)", id)
		}
	}
	return nil
}

// updateCapacityProvider replaces the configuration, for new instances.
func (p *Clusters) updateCapacityProvider(rq *world.Request, in *ecs.UpdateCapacityProviderInput) (*ecs.UpdateCapacityProviderOutput, error) {
	o, err := p.providerOf(rq, in.Name, in.Cluster)
	if err != nil {
		return nil, err
	}
	if o.Group != nil {
		return p.updateGroupProvider(in, o)
	}
	m := in.ManagedInstancesProvider
	if m == nil || m.InstanceLaunchTemplate == nil {
		return nil, badInput("The managed instances provider is required.")
	}
	u := m.InstanceLaunchTemplate
	next := *o.Managed.InstanceLaunchTemplate
	next.Ec2InstanceProfileArn = cmp.Or(u.Ec2InstanceProfileArn, next.Ec2InstanceProfileArn)
	next.NetworkConfiguration = cmp.Or(u.NetworkConfiguration, next.NetworkConfiguration)
	next.InstanceRequirements = cmp.Or(u.InstanceRequirements, next.InstanceRequirements)
	next.StorageConfiguration = cmp.Or(u.StorageConfiguration, next.StorageConfiguration)
	if err := p.checkManaged(rq, m.InfrastructureRoleArn, &next); err != nil {
		return nil, err
	}
	o.Managed.InfrastructureRoleArn, o.Managed.InstanceLaunchTemplate = m.InfrastructureRoleArn, &next
	o.Update = types.CapacityProviderUpdateStatusUpdateInProgress
	p.account.Schedule(rq.Now.Add(p.account.Takes(world.ProviderMade)), "ecs.provider.made", o.Name)
	shown := o.shown(true)
	return &ecs.UpdateCapacityProviderOutput{CapacityProvider: &shown}, nil
}

// providerOf is a provider of Managed Instances of a cluster, or without a cluster one of
// an Auto Scaling group.
func (p *Clusters) providerOf(rq *world.Request, name, cluster *string) (*provider, error) {
	o := p.s.Capacities.Find(rq, world.LastPart(aws.ToString(name)))
	if o != nil && o.Group != nil {
		return o, nil
	}
	c, err := p.s.clusterOf(rq, cluster)
	if err != nil {
		return nil, err
	}
	if o == nil || o.Managed == nil || o.Cluster != c.ARN {
		return nil, badClient("The specified capacity provider does not exist. Specify a valid name or ARN and try again.")
	}
	return o, nil
}

// deleteCapacityProvider refuses while a service names the provider or a task runs on its
// instances. Then the instances end, and the provider with the last of them.
func (p *Clusters) deleteCapacityProvider(rq *world.Request, in *ecs.DeleteCapacityProviderInput) (*ecs.DeleteCapacityProviderOutput, error) {
	o, err := p.providerOf(rq, in.CapacityProvider, in.Cluster)
	if err != nil {
		return nil, err
	}
	if o.Group != nil {
		return p.deleteGroupProvider(rq, o)
	}
	c := p.s.Clusters.Get(world.LastPart(o.Cluster))
	if c != nil && (p.s.usesProvider(c, o.Name) || p.s.names(c, o.Name)) {
		return nil, &types.ResourceInUseException{Message: aws.String("The specified capacity provider is in use and cannot be removed.")}
	}
	if o.Status != types.CapacityProviderStatusDeprovisioning {
		o.Status, o.Update = types.CapacityProviderStatusDeprovisioning, types.CapacityProviderUpdateStatusDeleteInProgress
		after := p.account.Takes(world.ProviderMade)
		for _, m := range p.s.Machines.All() {
			if m.Provider == o.Name {
				p.machines.terminate(rq.Now, m)
				after = max(after, p.account.Takes(world.MachineTerminated)+time.Second)
			}
		}
		p.account.Schedule(rq.Now.Add(after), "ecs.provider.gone", o.Name)
	}
	shown := o.shown(true)
	return &ecs.DeleteCapacityProviderOutput{CapacityProvider: &shown}, nil
}

func (p *Clusters) providerMade(_ time.Time, name string) {
	o := p.s.Capacities.Get(name)
	if o == nil {
		return
	}
	switch o.Update {
	case types.CapacityProviderUpdateStatusCreateInProgress:
		o.Update = types.CapacityProviderUpdateStatusCreateComplete
	case types.CapacityProviderUpdateStatusUpdateInProgress:
		o.Update = types.CapacityProviderUpdateStatusUpdateComplete
	}
}

func (p *Clusters) providerGone(at time.Time, name string) {
	o := p.s.Capacities.Get(name)
	if o == nil {
		return
	}
	if c := p.s.Clusters.Get(world.LastPart(o.Cluster)); c != nil {
		c.Providers = slices.DeleteFunc(slices.Clone(c.Providers), func(have string) bool { return have == name })
	}
	p.s.Capacities.Remove(at, name)
}
