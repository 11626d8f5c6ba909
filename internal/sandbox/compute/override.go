package compute

import (
	"cmp"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"
)

// override changes a new task as its overrides say.
func (t *task) override(o *types.TaskOverride) {
	t.Override = o
	if o != nil {
		t.CPU, t.Memory = cmp.Or(aws.ToString(o.Cpu), t.CPU), cmp.Or(aws.ToString(o.Memory), t.Memory)
	}
}

// commandOf is the command that a task was given for a container; nil without one.
func (t *task) commandOf(name string) []string {
	if t.Override == nil {
		return nil
	}
	for _, c := range t.Override.ContainerOverrides {
		if aws.ToString(c.Name) == name {
			return c.Command
		}
	}
	return nil
}
