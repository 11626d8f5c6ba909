package compute

import (
	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/berthdev/berth/internal/sandbox/hardware"
)

// allows says whether a provider's requirements allow an instance type. Without
// requirements it is one without GPUs, and any of an Auto Scaling group of others.
func (o *provider) allows(k hardware.Kind) bool {
	if o.Managed == nil {
		return true
	}
	r := o.Managed.InstanceLaunchTemplate.InstanceRequirements
	if r == nil {
		return k.GPUs == 0
	}
	between := func(low, high *int32) hardware.Range {
		return hardware.Range{Min: int(aws.ToInt32(low)), Max: int(aws.ToInt32(high))}
	}
	out := hardware.Requirements{
		VCPU: between(r.VCpuCount.Min, r.VCpuCount.Max), MemoryMiB: between(r.MemoryMiB.Min, r.MemoryMiB.Max),
		Types: r.AllowedInstanceTypes, Nvidia: len(r.AcceleratorManufacturers) > 0,
	}
	for _, m := range r.CpuManufacturers {
		out.Makers = append(out.Makers, string(m))
	}
	if a := r.AcceleratorCount; a != nil {
		gpus := between(a.Min, a.Max)
		out.GPUs = &gpus
	}
	return out.Meets(k)
}
