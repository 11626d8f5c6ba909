package scheduler

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/berthdev/berth/internal/engine"
)

// ScheduledTime is what EventBridge Scheduler replaces, in the text that it sends, by
// the time of a firing. It stays the same when a firing is sent again.
// https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-schedule-context-attributes.html
const ScheduledTime = "<aws.scheduler.scheduled-time>"

// Call is the input of the RunTask call that a schedule makes. Universal targets name
// members with a capital letter.
// https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-targets-universal.html
type Call struct {
	ClientToken          string
	Cluster              string
	Count                int
	EnableECSManagedTags bool
	EnableExecuteCommand bool           `json:",omitempty"`
	LaunchType           string         `json:",omitempty"`
	Strategy             []StrategyItem `json:"CapacityProviderStrategy,omitempty"`
	NetworkConfiguration struct {
		AwsvpcConfiguration struct {
			AssignPublicIp string //nolint:revive // AWS's name
			SecurityGroups []string
			Subnets        []string
		}
	}
	Overrides      *Overrides `json:",omitempty"`
	PropagateTags  string
	StartedBy      string
	TaskDefinition string
}

// StrategyItem is one line of a capacity provider strategy.
type StrategyItem struct {
	CapacityProvider string
	Weight           int
}

// Overrides are what a schedule changes of the task definition.
type Overrides struct{ ContainerOverrides []ContainerOverride }

// ContainerOverride are the variables of one container.
type ContainerOverride struct {
	Environment []Variable
	Name        string
}

// Variable is an environment variable.
type Variable struct{ Name, Value string }

// StartedBy marks the tasks of a group's schedules.
func StartedBy(group string) string { return "berth/" + group }

// callOf is the call of a schedule.
func callOf(s Schedule) Call {
	group := s.Group.Value()
	c := Call{
		ClientToken: tokenOf(group, s.Name), Cluster: s.Cluster.Value(), Count: 1, EnableECSManagedTags: true, LaunchType: "FARGATE", EnableExecuteCommand: s.Exec,
		PropagateTags: "TASK_DEFINITION", StartedBy: StartedBy(group), TaskDefinition: s.TaskDefinition.Value(),
	}
	if s.Provider != "" {
		c.LaunchType, c.Strategy = "", []StrategyItem{{s.Provider, 1}}
	}
	net := &c.NetworkConfiguration.AwsvpcConfiguration
	net.AssignPublicIp = "DISABLED"
	if s.PublicIP {
		net.AssignPublicIp = "ENABLED"
	}
	net.Subnets, net.SecurityGroups = engine.Values(s.Subnets), engine.Values(s.SecurityGroups)
	if len(s.Environment) > 0 {
		o := ContainerOverride{Name: s.Container}
		for _, name := range slices.Sorted(maps.Keys(s.Environment)) {
			o.Environment = append(o.Environment, Variable{name, s.Environment[name]})
		}
		c.Overrides = &Overrides{[]ContainerOverride{o}}
	}
	return c
}

// tokenOf is the client token of a firing. ECS remembers tokens by cluster, so that it
// holds the schedule too. It has at most 51 of the 64 characters that ECS takes.
func tokenOf(group, name string) string {
	sum := sha256.Sum256([]byte(group + "/" + name))
	return hex.EncodeToString(sum[:10]) + "-" + ScheduledTime
}

// text is a call as a schedule's target has it. AWS replaces <aws.scheduler...> in the
// text itself, so that it must not be escaped.
func (c Call) text() (string, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(c); err != nil { //nolint:gosec // a client token is no credential
		return "", fmt.Errorf("writing the call of a schedule: %w", err)
	}
	return strings.TrimSpace(b.String()), nil
}

// ParseCall reads the text of a schedule's target; ok is false if it is not one of
// berth's calls.
func ParseCall(text string) (c Call, ok bool) {
	d := json.NewDecoder(strings.NewReader(text))
	d.DisallowUnknownFields()
	return c, d.Decode(&c) == nil
}
