package scalinggroup

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling/types"

	"github.com/berthdev/berth/internal/aws/gate"
	"github.com/berthdev/berth/internal/engine"
)

// ManagedTag is the tag with which ECS marks the groups that it scales. It stays.
// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/asg-capacity-providers.html
const ManagedTag = "AmazonECSManaged"

// policy is which instances a group starts: on demand, of the cheapest type that meets the
// requirements.
func policy(g Group) *types.MixedInstancesPolicy {
	return &types.MixedInstancesPolicy{
		InstancesDistribution: &types.InstancesDistribution{
			OnDemandBaseCapacity: aws.Int32(0), OnDemandPercentageAboveBaseCapacity: aws.Int32(100), OnDemandAllocationStrategy: aws.String("lowest-price"),
		},
		LaunchTemplate: &types.LaunchTemplate{
			LaunchTemplateSpecification: &types.LaunchTemplateSpecification{
				LaunchTemplateId: aws.String(g.Template.Value()), Version: aws.String(g.Version.Value()),
			},
			Overrides: []types.LaunchTemplateOverrides{{InstanceRequirements: requirements(g.Instances)}},
		},
	}
}

// anyPrice is AWS's value for no price protection.
const anyPrice = 999999

func requirements(i Instances) *types.InstanceRequirements {
	out := &types.InstanceRequirements{
		VCpuCount: &types.VCpuCountRequest{Min: size(i.VCPU)}, MemoryMiB: &types.MemoryMiBRequest{Min: size(i.MemoryMiB)},
		AllowedInstanceTypes: i.Types,
		// Amazon Linux 2023 does not start on all types of earlier generations.
		InstanceGenerations: []types.InstanceGeneration{types.InstanceGenerationCurrent},
		// Without it AWS leaves out what costs a fifth more than the cheapest type, also of the
		// types that the file names. The cheapest that fits is taken anyway.
		// https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_InstanceRequirements.html
		OnDemandMaxPricePercentageOverLowestPrice: aws.Int32(anyPrice),
	}
	for _, m := range i.Makers {
		out.CpuManufacturers = append(out.CpuManufacturers, types.CpuManufacturer(m))
	}
	if i.GPUs > 0 {
		out.AcceleratorCount = &types.AcceleratorCountRequest{Min: size(i.GPUs)}
		out.AcceleratorTypes = []types.AcceleratorType{types.AcceleratorTypeGpu}
		out.AcceleratorManufacturers = []types.AcceleratorManufacturer{types.AcceleratorManufacturerNvidia}
	}
	return out
}

// size is a number of the schema as the API takes it.
func size(n int) *int32 { return aws.Int32(int32(min(max(n, 0), 1<<30))) } //nolint:gosec // bounded

// subnets are the ids as the API takes them.
func subnets(g Group) string {
	return strings.Join(slices.Sorted(slices.Values(engine.Values(g.Subnets))), ",")
}

func groupObject(g types.AutoScalingGroup) engine.Object {
	tags := gate.TagMap(g.Tags, func(t types.TagDescription) (key, value *string) { return t.Key, t.Value })
	delete(tags, ManagedTag)
	mark, _ := engine.MarkOf(tags)
	shown := Group{Name: aws.ToString(g.AutoScalingGroupName), Max: int(aws.ToInt32(g.MaxSize)), Protected: aws.ToBool(g.NewInstancesProtectedFromScaleIn)}
	if zones := aws.ToString(g.VPCZoneIdentifier); zones != "" {
		shown.Subnets = engine.Lits(strings.Split(zones, ",")...)
	}
	if p := g.MixedInstancesPolicy; p != nil && p.LaunchTemplate != nil {
		shown.show(*p.LaunchTemplate)
	}
	l := engine.Object{
		Address: mark.Address, LastApplied: mark.LastApplied, Tags: tags, ID: shown.Name, State: engine.StateReady,
		Outputs: map[string]string{"arn": aws.ToString(g.AutoScalingGroupARN)}, Created: aws.ToTime(g.CreatedTime),
	}
	if g.Status != nil {
		l.State, l.Detail = engine.StateDeleting, cmp.Or(aws.ToString(g.Status), "deleting")
	}
	l.Attrs = engine.Shown(shown)
	return l
}

func (g *Group) show(t types.LaunchTemplate) {
	if s := t.LaunchTemplateSpecification; s != nil {
		g.Template, g.Version = engine.Lit(aws.ToString(s.LaunchTemplateId)), engine.Lit(aws.ToString(s.Version))
	}
	for _, o := range t.Overrides {
		r := o.InstanceRequirements
		if r == nil {
			continue
		}
		if len(r.AllowedInstanceTypes) > 0 {
			g.Instances.Types = r.AllowedInstanceTypes
		}
		if r.VCpuCount != nil {
			g.Instances.VCPU = int(aws.ToInt32(r.VCpuCount.Min))
		}
		if r.MemoryMiB != nil {
			g.Instances.MemoryMiB = int(aws.ToInt32(r.MemoryMiB.Min))
		}
		for _, m := range r.CpuManufacturers {
			g.Instances.Makers = append(g.Instances.Makers, string(m))
		}
		if r.AcceleratorCount != nil {
			g.Instances.GPUs = int(aws.ToInt32(r.AcceleratorCount.Min))
		}
	}
}

// kind is the type of a group in the tags of the service.
const kind = "auto-scaling-group"

// groupTags are tags for one group, which its instances do not inherit: those of the
// launch template do.
func groupTags(name string, tags map[string]string) []types.Tag {
	return gate.Tags(tags, func(k, v *string) types.Tag {
		return types.Tag{ResourceId: &name, ResourceType: aws.String(kind), Key: k, Value: v, PropagateAtLaunch: aws.Bool(false)}
	})
}

func (t Groups) retag(ctx context.Context, object engine.Object, want map[string]string) error {
	return gate.SyncTags(ctx, gate.TagCalls{
		Object: object.ID,
		Add: func(ctx context.Context, tags map[string]string) error {
			_, err := t.API.CreateOrUpdateTags(ctx, &autoscaling.CreateOrUpdateTagsInput{Tags: groupTags(object.ID, tags)})
			return err
		},
		Remove: func(ctx context.Context, keys []string) error {
			in := &autoscaling.DeleteTagsInput{}
			for _, key := range keys {
				in.Tags = append(in.Tags, types.Tag{ResourceId: &object.ID, ResourceType: aws.String(kind), Key: &key})
			}
			_, err := t.API.DeleteTags(ctx, in)
			return err
		},
	}, object.Tags, want)
}
