package definition

import (
	"cmp"
	"encoding/json"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"
)

// maxOverride bounds what overrides a task definition:
// https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_TaskOverride.html
const maxOverride = 8192

// CheckOverrides refuses what RunTask refuses in its overrides.
func CheckOverrides(d types.TaskDefinition, o *types.TaskOverride) error {
	if o == nil {
		return nil
	}
	text, err := json.Marshal(o)
	if err != nil || len(text) > maxOverride {
		return wrong("Container Overrides length must be at most %d", maxOverride)
	}
	for _, c := range o.ContainerOverrides {
		known := false
		for _, made := range d.ContainerDefinitions {
			known = known || aws.ToString(made.Name) == aws.ToString(c.Name)
		}
		if !known {
			return wrong("Override for container named %s is not a container in the TaskDefinition.", aws.ToString(c.Name))
		}
	}
	if o.Cpu == nil && o.Memory == nil {
		return nil
	}
	return CheckSize(cmp.Or(aws.ToString(o.Cpu), aws.ToString(d.Cpu)), cmp.Or(aws.ToString(o.Memory), aws.ToString(d.Memory)))
}

// wrong is ECS's error for a parameter of RunTask that it does not accept.
func wrong(format string, args ...any) error {
	return &types.InvalidParameterException{Message: aws.String(fmt.Sprintf(format, args...))}
}
