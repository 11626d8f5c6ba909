package compute

import (
	"cmp"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"github.com/berthdev/berth/internal/sandbox/world"
)

// provider is a capacity provider of the account: of an Auto Scaling group, or of
// Managed Instances, which belongs to one cluster.
type provider struct {
	ARN, Name string
	// Cluster is the ARN of the cluster of Managed Instances.
	Cluster string                          `json:",omitempty"`
	Managed *types.ManagedInstancesProvider `json:",omitempty"`
	Group   *types.AutoScalingGroupProvider `json:",omitempty"`
	Status  types.CapacityProviderStatus
	Update  types.CapacityProviderUpdateStatus `json:",omitempty"`
	Tags    []types.Tag                        `json:",omitempty"`
}

func (p *Clusters) providerRoutes(r *world.Router) {
	world.On(r, p.createCapacityProvider)
	world.On(r, p.updateCapacityProvider)
	world.On(r, p.deleteCapacityProvider)
	world.On(r, p.describeCapacityProviders)
	r.Event("ecs.provider.made", p.providerMade)
	r.Event("ecs.provider.gone", p.providerGone)
}

// AddCapacityProvider makes a capacity provider of the account, as one of an
// Auto Scaling group is.
func (p *Clusters) AddCapacityProvider(name string) {
	p.s.Capacities.Put(p.account, p.account.Now(), name, &provider{
		ARN: p.account.ARN("ecs", "capacity-provider/"+name), Name: name, Status: types.CapacityProviderStatusActive,
	})
}

// names are the capacity providers that a cluster may have: the account's, and the
// cluster's own.
func (s *state) providers(c string) []string {
	var names []string
	for _, o := range s.Capacities.All() {
		if o.Cluster == "" || o.Cluster == c {
			names = append(names, o.Name)
		}
	}
	return names
}

// describeCapacityProviders shows the providers of Managed Instances for their cluster
// only.
func (p *Clusters) describeCapacityProviders(rq *world.Request, in *ecs.DescribeCapacityProvidersInput) (*ecs.DescribeCapacityProvidersOutput, error) {
	cluster := ""
	if in.Cluster != nil {
		c, err := p.s.clusterOf(rq, in.Cluster)
		if err != nil {
			return nil, err
		}
		cluster = c.ARN
	}
	out := &ecs.DescribeCapacityProvidersOutput{CapacityProviders: []types.CapacityProvider{}, Failures: []types.Failure{}}
	names := in.CapacityProviders
	if len(names) == 0 {
		for _, o := range p.s.Capacities.List(rq) {
			names = append(names, o.Name)
		}
	}
	for _, ref := range names {
		name := world.LastPart(ref)
		o := p.s.Capacities.Find(rq, name)
		if o == nil || o.Cluster != "" && o.Cluster != cluster {
			if len(in.CapacityProviders) > 0 {
				out.Failures = append(out.Failures, missingItem(p.account.ARN("ecs", "capacity-provider/"+name)))
			}
			continue
		}
		out.CapacityProviders = append(out.CapacityProviders, o.shown(slices.Contains(in.Include, types.CapacityProviderFieldTags)))
	}
	return out, nil
}

// checkFit refuses a task definition that was not made for the capacity, and what tasks
// on instances cannot have.
// https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_AwsVpcConfiguration.html
func (s *state) checkFit(d *taskDefinition, launch types.LaunchType, strategy []types.CapacityProviderStrategyItem, n *types.NetworkConfiguration) error {
	needs := types.CompatibilityFargate
	for _, item := range strategy {
		o := s.Capacities.Get(aws.ToString(item.CapacityProvider))
		if o == nil {
			continue
		}
		if len(strategy) > 1 && needs == types.CompatibilityFargate {
			return badInput("A capacity provider strategy cannot contain a mix of capacity providers using Auto Scaling groups and Fargate providers. Specify one or the other and try again.")
		}
		if needs = types.CompatibilityEc2; o.Managed != nil {
			needs = types.CompatibilityManagedInstances
		}
	}
	if launch == types.LaunchTypeEc2 {
		needs = types.CompatibilityEc2
	}
	if needs != types.CompatibilityFargate && n != nil && n.AwsvpcConfiguration != nil && n.AwsvpcConfiguration.AssignPublicIp == types.AssignPublicIpEnabled {
		return badInput("Assign public IP is not supported for this launch type.")
	}
	if !slices.Contains(d.Shown.RequiresCompatibilities, needs) {
		return badInput("Task definition does not support launch_type %s.", needs)
	}
	return nil
}

func (o *provider) shown(tags bool) types.CapacityProvider {
	out := types.CapacityProvider{
		CapacityProviderArn: aws.String(o.ARN), Name: aws.String(o.Name), Status: o.Status, UpdateStatus: o.Update,
		Cluster: world.Optional(o.Cluster), ManagedInstancesProvider: o.Managed, Type: types.CapacityProviderTypeManagedInstances,
	}
	if o.Managed == nil {
		out.Type = types.CapacityProviderTypeEc2Autoscaling
		out.AutoScalingGroupProvider = cmp.Or(o.Group, &types.AutoScalingGroupProvider{AutoScalingGroupArn: aws.String(o.ARN)})
	}
	if tags {
		out.Tags = slices.Clone(o.Tags)
	}
	return out
}
