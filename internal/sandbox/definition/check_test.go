package definition

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"
)

func TestLinuxParametersOfFargate(t *testing.T) {
	t.Parallel()
	tmpfs := func(path string, size int32, options ...string) *types.LinuxParameters {
		return &types.LinuxParameters{Tmpfs: []types.Tmpfs{{ContainerPath: &path, Size: size, MountOptions: options}}}
	}
	for name, c := range map[string]struct {
		in *types.LinuxParameters
		ok bool
	}{
		"none":                  {nil, true},
		"a tmpfs":               {tmpfs("/tmp", 64, "noexec", "nosuid"), true},
		"a tmpfs without size":  {tmpfs("/tmp", 0), false},
		"a relative path":       {tmpfs("tmp", 64), false},
		"an option with value":  {tmpfs("/tmp", 64, "mode=0755"), false},
		"shared memory":         {&types.LinuxParameters{SharedMemorySize: aws.Int32(64)}, false},
		"swap":                  {&types.LinuxParameters{MaxSwap: aws.Int32(64)}, false},
		"an init process alone": {&types.LinuxParameters{InitProcessEnabled: aws.Bool(true)}, true},
	} {
		if err := checkLinux(c.in); (err == nil) != c.ok {
			t.Errorf("%s: %v", name, err)
		}
	}
}
