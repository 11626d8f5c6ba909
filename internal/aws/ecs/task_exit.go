package ecs

import (
	"slices"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"
)

// exitOf says how a task ended: with the exit code of its own container, or the first
// one that is not 0 if no container has the name. why is empty for a success. A task
// without any exit codes never ran.
func exitOf(task types.Task, own string) (code int, known bool, why string) {
	reason := aws.ToString(task.StoppedReason)
	containers := slices.DeleteFunc(slices.Clone(task.Containers), IsHelper)
	if c := containerOf(containers, own); c != nil && c.ExitCode != nil && *c.ExitCode == 0 {
		return 0, true, "" // others were stopped with it, or did not matter
	}
	known = slices.ContainsFunc(containers, func(c types.Container) bool { return c.ExitCode != nil })
	c := Culprit(containers)
	if c == nil {
		for _, c := range containers {
			if c.ExitCode == nil {
				reason = join(reason, aws.ToString(c.Reason))
			}
		}
		if !known || own != "" && len(containers) > 1 && containerOf(containers, own) != nil {
			return 0, false, join("the task did not start", reason)
		}
		return 0, true, ""
	}
	where := ""
	if len(containers) > 1 && c.Name != nil {
		where = "container " + *c.Name
	}
	switch {
	case c.ExitCode == nil:
		return 0, known, join("the task did not start", where, reason, aws.ToString(c.Reason))
	case Unresolved(*c):
		return int(*c.ExitCode), true, join("the task did not start", aws.ToString(c.Reason))
	case own == "" && where != "" && stopped(*c) && reason != "":
		if sick := unhealthy(containers); sick != "" {
			reason += " (container " + sick + ")"
		}
		return int(*c.ExitCode), true, reason // it was stopped for this
	}
	code = int(*c.ExitCode)
	return code, true, join(where, "exit code "+strconv.Itoa(code), reason, aws.ToString(c.Reason))
}

func containerOf(containers []types.Container, name string) *types.Container {
	i := slices.IndexFunc(containers, func(c types.Container) bool { return name != "" && aws.ToString(c.Name) == name })
	if i < 0 {
		return nil
	}
	return &containers[i]
}

// Culprit is the container because of which a task failed; nil if none did. ECS stops
// the other containers with one that fails, and gives up those that wait for it, so
// these come after one that ended by itself.
func Culprit(containers []types.Container) *types.Container {
	failed := func(c types.Container) bool { return aws.ToInt32(c.ExitCode) != 0 }
	for _, is := range []func(types.Container) bool{
		func(c types.Container) bool { return failed(c) && aws.ToString(c.Reason) != "" && !Unresolved(c) },
		func(c types.Container) bool { return failed(c) && !stopped(c) && !Unresolved(c) },
		Unresolved,
		failed,
		func(c types.Container) bool { return c.ExitCode == nil && aws.ToString(c.Reason) != "" },
	} {
		if i := slices.IndexFunc(containers, is); i >= 0 {
			return &containers[i]
		}
	}
	return nil
}

// unhealthy is the first container whose check fails; empty if none does.
func unhealthy(containers []types.Container) string {
	for _, c := range containers {
		if c.HealthStatus == types.HealthStatusUnhealthy {
			return aws.ToString(c.Name)
		}
	}
	return ""
}

// Unresolved says whether ECS gave up a container because one that it depends on
// cannot reach the condition:
// https://github.com/aws/amazon-ecs-agent/pull/3218
func Unresolved(c types.Container) bool {
	return c.ExitCode != nil && strings.Contains(aws.ToString(c.Reason), "dependency graph")
}

// stopped says whether a container may have been stopped with its task.
func stopped(c types.Container) bool {
	const killed, ended = 137, 143 // SIGKILL and SIGTERM
	code := aws.ToInt32(c.ExitCode)
	return aws.ToString(c.Reason) == "" && (code == killed || code == ended)
}
