package compute

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"
)

func TestMeets(t *testing.T) {
	t.Parallel()
	count := func(low, high int32) *types.AcceleratorCountRequest {
		return &types.AcceleratorCountRequest{Min: &low, Max: &high}
	}
	for _, c := range []struct {
		name string
		r    types.InstanceRequirementsRequest
		need machine
		arm  bool
		want string
	}{
		{"the cheapest", types.InstanceRequirementsRequest{}, machine{CPU: 256, Memory: 512}, false, "m7i.large"},
		{"of Graviton", types.InstanceRequirementsRequest{}, machine{CPU: 256, Memory: 512}, true, "m7g.large"},
		{"at least", types.InstanceRequirementsRequest{VCpuCount: &types.VCpuCountRangeRequest{Min: aws.Int32(8)}}, machine{}, false, "m7i.2xlarge"},
		{"a name", types.InstanceRequirementsRequest{AllowedInstanceTypes: []string{"m7i.4*"}}, machine{}, false, "m7i.4xlarge"},
		{"a GPU", types.InstanceRequirementsRequest{AcceleratorCount: count(1, 1)}, machine{GPUs: 1}, false, "g4dn.xlarge"},
		{"more GPUs than one", types.InstanceRequirementsRequest{AcceleratorCount: count(1, 8)}, machine{GPUs: 2}, false, "g4dn.12xlarge"},
		{"no GPU without asking", types.InstanceRequirementsRequest{}, machine{GPUs: 1}, false, ""},
		{"the memory that the agent takes is not there", types.InstanceRequirementsRequest{}, machine{Memory: 8192}, false, "m7i.xlarge"},
		{"too large", types.InstanceRequirementsRequest{}, machine{CPU: 200 * 1024}, false, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if c.r.VCpuCount == nil {
				c.r.VCpuCount = &types.VCpuCountRangeRequest{Min: aws.Int32(1)}
			}
			c.r.MemoryMiB = &types.MemoryMiBRequest{Min: aws.Int32(1)}
			o := &provider{Managed: &types.ManagedInstancesProvider{InstanceLaunchTemplate: &types.InstanceLaunchTemplate{InstanceRequirements: &c.r}}}
			if got, _ := choose(o, c.need, c.arm); got.Name != c.want {
				t.Errorf("got %q, want %q", got.Name, c.want)
			}
		})
	}
}
