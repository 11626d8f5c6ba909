package compute

import (
	"cmp"
	"encoding/json"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"
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
	return checkSize(cmp.Or(aws.ToString(o.Cpu), aws.ToString(d.Shown.Cpu)), cmp.Or(aws.ToString(o.Memory), aws.ToString(d.Shown.Memory)))
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

// commanded is what a container does that was given a command. The sandbox knows
// true, false, echo, sleep SECONDS and exit CODE, also one after the other as in
// `sh -c "sleep 60; exit 3"`. Any other command ends at once with 0.
func commanded(b behaviour, command []string) behaviour {
	if len(command) == 0 {
		return b
	}
	b.Ends, b.After, b.Code, b.Last, b.Name = true, 2*activation, 0, "", ""
	steps := [][]string{command}
	if len(command) == 3 && strings.HasSuffix(command[0], "sh") && command[1] == "-c" {
		steps = nil
		for _, s := range strings.Split(strings.ReplaceAll(command[2], "&&", ";"), ";") {
			steps = append(steps, strings.Fields(s))
		}
	}
	for _, s := range steps {
		if len(s) == 0 {
			continue
		}
		first := strings.Trim(strings.Join(s[1:], " "), `"'`)
		n, _ := strconv.Atoi(first)
		switch s[0] {
		case "echo":
			b.Last = first
		case "sleep":
			b.After += time.Duration(n) * time.Second
		case "false":
			b.Code = 1
		case "exit":
			b.Code = int32(n & 0xff)
			return b
		default:
			b.Code = 0
		}
	}
	return b
}
