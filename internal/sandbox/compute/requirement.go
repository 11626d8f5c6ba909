package compute

import (
	"path"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"
)

// meets says whether an instance type meets the requirements of a provider. A pattern of
// types may have wildcards.
// https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_InstanceRequirementsRequest.html
func meets(r *types.InstanceRequirementsRequest, k kind) bool {
	if r == nil {
		return k.gpus == 0
	}
	named := len(r.AllowedInstanceTypes) > 0
	if named && !slices.ContainsFunc(r.AllowedInstanceTypes, func(pattern string) bool { ok, err := path.Match(pattern, k.name); return ok && err == nil }) {
		return false
	}
	maker := types.CpuManufacturerIntel
	if k.arm {
		maker = types.CpuManufacturerAmazonWebServices
	}
	if len(r.CpuManufacturers) > 0 && !slices.Contains(r.CpuManufacturers, maker) {
		return false
	}
	if len(r.AcceleratorManufacturers) > 0 && !slices.Contains(r.AcceleratorManufacturers, k.maker) {
		return false
	}
	if a := r.AcceleratorCount; a != nil {
		if !between(k.gpus, a.Min, a.Max) {
			return false
		}
	} else if k.gpus > 0 && !named {
		return false
	}
	return between(k.vcpu, r.VCpuCount.Min, r.VCpuCount.Max) && between(k.memory, r.MemoryMiB.Min, r.MemoryMiB.Max)
}

// between says whether a number is between two bounds; nil is none.
func between(n int, low, high *int32) bool {
	return n >= int(aws.ToInt32(low)) && (high == nil || n <= int(*high))
}
