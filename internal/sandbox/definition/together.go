package definition

import (
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"
)

// checkTogether refuses containers that cannot be in one task: their dependencies,
// restart policies and shares of the task's size. The rules are those of
// https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDefinition.html,
// API_ContainerDependency.html and API_ContainerRestartPolicy.html.
func checkTogether(in *ecs.RegisterTaskDefinitionInput) error {
	byName := map[string]types.ContainerDefinition{}
	for _, c := range in.ContainerDefinitions {
		byName[aws.ToString(c.Name)] = c
	}
	for _, c := range in.ContainerDefinitions {
		for _, d := range c.DependsOn {
			other, ok := byName[aws.ToString(d.ContainerName)]
			switch {
			case !ok:
				return refused("Container '%s' depends on '%s', which is not in the task definition.", *c.Name, aws.ToString(d.ContainerName))
			case !slices.Contains(d.Condition.Values(), d.Condition):
				return refused("Invalid container dependency condition '%s'.", d.Condition)
			case d.Condition == types.ContainerConditionHealthy && other.HealthCheck == nil:
				return refused("Container '%s' depends on '%s' to be HEALTHY, which has no health check.", *c.Name, *other.Name)
			}
		}
		if cyclic(byName, *c.Name, nil) {
			return refused("Container dependencies have a cycle at '%s'.", *c.Name)
		}
		if err := checkRestart(c); err != nil {
			return err
		}
	}
	return checkShares(in)
}

// cyclic says whether the dependencies of a container lead back to one on the path.
func cyclic(byName map[string]types.ContainerDefinition, name string, path []string) bool {
	if slices.Contains(path, name) {
		return true
	}
	return slices.ContainsFunc(byName[name].DependsOn, func(d types.ContainerDependency) bool {
		return cyclic(byName, aws.ToString(d.ContainerName), append(slices.Clip(path), name))
	})
}

func checkRestart(c types.ContainerDefinition) error {
	if t := c.StartTimeout; t != nil && (*t < 2 || *t > 120) {
		return refused("Container.startTimeout should be between 2 and 120 seconds on Fargate.")
	}
	r := c.RestartPolicy
	switch {
	case r == nil:
		return nil
	case r.RestartAttemptPeriod != nil && (*r.RestartAttemptPeriod < 60 || *r.RestartAttemptPeriod > 1800):
		return refused("RestartPolicy.restartAttemptPeriod should be between 60 and 1800.")
	case len(r.IgnoredExitCodes) > 50:
		return refused("RestartPolicy.ignoredExitCodes should have at most 50 exit codes.")
	}
	return nil
}

// checkShares refuses containers that reserve more than the task has.
func checkShares(in *ecs.RegisterTaskDefinitionInput) error {
	cpu, memory := 0, 0
	for _, c := range in.ContainerDefinitions {
		limit, reserved := int(aws.ToInt32(c.Memory)), int(aws.ToInt32(c.MemoryReservation))
		switch {
		case limit > 0 && limit < 6, reserved > 0 && reserved < 6:
			return refused("Invalid setting for container '%s'. At least 6 MiB of memory must be specified.", *c.Name)
		case limit > 0 && reserved >= limit:
			return refused("Invalid setting for container '%s'. The memory must be greater than the memoryReservation.", *c.Name)
		case reserved > 0:
			memory += reserved
		default:
			memory += limit
		}
		cpu += int(c.Cpu)
	}
	if in.Cpu != nil && cpu > number(in.Cpu) || in.Memory != nil && memory > number(in.Memory) {
		return refused("Invalid setting for task: its containers reserve %d CPU units and %d MiB of memory, and the task has %s and %s.",
			cpu, memory, aws.ToString(in.Cpu), aws.ToString(in.Memory))
	}
	return nil
}
