package compute

import (
	"cmp"
	"encoding/json"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"github.com/berthdev/berth/internal/sandbox/definition"
)

// maxOverride bounds what overrides a task definition:
// https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_TaskOverride.html
const maxOverride = 8192

// checkOverrides refuses what RunTask refuses in its overrides.
func checkOverrides(d *taskDefinition, o *types.TaskOverride) error {
	if o == nil {
		return nil
	}
	text, err := json.Marshal(o)
	if err != nil || len(text) > maxOverride {
		return badInput("Container Overrides length must be at most %d", maxOverride)
	}
	for _, c := range o.ContainerOverrides {
		known := false
		for _, made := range d.Shown.ContainerDefinitions {
			known = known || aws.ToString(made.Name) == aws.ToString(c.Name)
		}
		if !known {
			return badInput("Override for container named %s is not a container in the TaskDefinition.", aws.ToString(c.Name))
		}
	}
	if o.Cpu == nil && o.Memory == nil {
		return nil
	}
	return definition.CheckSize(cmp.Or(aws.ToString(o.Cpu), aws.ToString(d.Shown.Cpu)), cmp.Or(aws.ToString(o.Memory), aws.ToString(d.Shown.Memory)))
}

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
