package ecs

import (
	"cmp"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"github.com/berthdev/berth/internal/engine"
)

// outputCluster is the output with the ARN of the provider's cluster.
const outputCluster = "cluster"

func providerInput(p CapacityProvider) *types.CreateManagedInstancesProviderConfiguration {
	return &types.CreateManagedInstancesProviderConfiguration{
		InfrastructureRoleArn: aws.String(p.Role.Value()), PropagateTags: types.PropagateMITagsCapacityProvider,
		InstanceLaunchTemplate: &types.InstanceLaunchTemplate{
			Ec2InstanceProfileArn: aws.String(p.Profile.Value()), NetworkConfiguration: instanceNetwork(p), InstanceRequirements: requirements(p.Instances),
			StorageConfiguration: storage(p.DiskGiB), InstanceMetadataTagsPropagation: aws.Bool(false),
		},
	}
}

// providerUpdate is the whole configuration: AWS replaces it. Keys of the mark have
// characters that IMDS does not take, so that tags do not go there.
func providerUpdate(p CapacityProvider) *types.UpdateManagedInstancesProviderConfiguration {
	return &types.UpdateManagedInstancesProviderConfiguration{
		InfrastructureRoleArn: aws.String(p.Role.Value()), PropagateTags: types.PropagateMITagsCapacityProvider,
		InstanceLaunchTemplate: &types.InstanceLaunchTemplateUpdate{
			Ec2InstanceProfileArn: aws.String(p.Profile.Value()), NetworkConfiguration: instanceNetwork(p), InstanceRequirements: requirements(p.Instances),
			StorageConfiguration: storage(p.DiskGiB), InstanceMetadataTagsPropagation: aws.Bool(false),
		},
	}
}

func instanceNetwork(p CapacityProvider) *types.ManagedInstancesNetworkConfiguration {
	return &types.ManagedInstancesNetworkConfiguration{Subnets: engine.Values(p.Subnets), SecurityGroups: engine.Values(p.SecurityGroups)}
}

func storage(gib int) *types.ManagedInstancesStorageConfiguration {
	if gib == 0 {
		return nil
	}
	return &types.ManagedInstancesStorageConfiguration{StorageSizeGiB: int32Of(gib)}
}

func requirements(i Instances) *types.InstanceRequirementsRequest {
	out := &types.InstanceRequirementsRequest{
		VCpuCount: &types.VCpuCountRangeRequest{Min: int32Of(i.VCPU)}, MemoryMiB: &types.MemoryMiBRequest{Min: int32Of(i.MemoryMiB)},
		AllowedInstanceTypes: i.Types,
	}
	for _, m := range i.Makers {
		out.CpuManufacturers = append(out.CpuManufacturers, types.CpuManufacturer(m))
	}
	if i.GPUs > 0 {
		out.AcceleratorCount = &types.AcceleratorCountRequest{Min: int32Of(i.GPUs)}
		out.AcceleratorTypes = []types.AcceleratorType{types.AcceleratorTypeGpu}
		out.AcceleratorManufacturers = []types.AcceleratorManufacturer{types.AcceleratorManufacturerNvidia}
	}
	return out
}

// providerObject is a provider as ECS describes it; marked says whether it carries
// berth's mark.
func providerObject(p types.CapacityProvider) (l engine.Object, marked bool) {
	tags := tagMap(p.Tags)
	mark, marked := engine.MarkOf(tags)
	l = engine.Object{
		Address: mark.Address, LastApplied: mark.LastApplied, Tags: tags, ID: aws.ToString(p.Name), State: engine.StateReady,
		Outputs: map[string]string{"arn": aws.ToString(p.CapacityProviderArn), outputCluster: aws.ToString(p.Cluster)},
		Detail:  cmp.Or(aws.ToString(p.UpdateStatusReason), string(p.UpdateStatus), string(p.Status)),
	}
	switch {
	case p.Status == types.CapacityProviderStatusDeprovisioning, p.UpdateStatus == types.CapacityProviderUpdateStatusDeleteInProgress:
		l.State = engine.StateDeleting
	case p.UpdateStatus == types.CapacityProviderUpdateStatusCreateFailed, p.UpdateStatus == types.CapacityProviderUpdateStatusUpdateFailed:
		l.State = engine.StateFailed
	case p.Status == types.CapacityProviderStatusProvisioning, p.UpdateStatus == types.CapacityProviderUpdateStatusCreateInProgress,
		p.UpdateStatus == types.CapacityProviderUpdateStatusUpdateInProgress:
		l.State = engine.StatePending
	}
	shown := CapacityProvider{Name: l.ID, Cluster: engine.Lit(l.Outputs[outputCluster])}
	if m := p.ManagedInstancesProvider; m != nil {
		shown.Role = engine.Lit(aws.ToString(m.InfrastructureRoleArn))
		shown.show(m.InstanceLaunchTemplate)
	}
	var hidden []string
	if shown.DiskGiB == 0 {
		hidden = append(hidden, "volume_gib") // AWS has not shown it
	}
	l.Attrs = engine.Shown(shown, hidden...)
	return l, marked
}

func (p *CapacityProvider) show(t *types.InstanceLaunchTemplate) {
	if t == nil {
		return
	}
	p.Profile = engine.Lit(aws.ToString(t.Ec2InstanceProfileArn))
	if n := t.NetworkConfiguration; n != nil {
		p.Subnets, p.SecurityGroups = engine.Lits(n.Subnets...), engine.Lits(n.SecurityGroups...)
	}
	if s := t.StorageConfiguration; s != nil {
		p.DiskGiB = int(aws.ToInt32(s.StorageSizeGiB))
	}
	r := t.InstanceRequirements
	if r == nil {
		return
	}
	if len(r.AllowedInstanceTypes) > 0 {
		p.Instances.Types = r.AllowedInstanceTypes
	}
	if r.VCpuCount != nil {
		p.Instances.VCPU = int(aws.ToInt32(r.VCpuCount.Min))
	}
	if r.MemoryMiB != nil {
		p.Instances.MemoryMiB = int(aws.ToInt32(r.MemoryMiB.Min))
	}
	for _, m := range r.CpuManufacturers {
		p.Instances.Makers = append(p.Instances.Makers, string(m))
	}
	if r.AcceleratorCount != nil {
		p.Instances.GPUs = int(aws.ToInt32(r.AcceleratorCount.Min))
	}
}
