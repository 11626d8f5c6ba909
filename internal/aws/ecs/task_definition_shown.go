package ecs

import (
	"maps"
	"strconv"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"github.com/berthdev/berth/internal/engine"
)

// taskDefinitionShown reads a revision. ECS fills in defaults, so the result has
// the desired value wherever the two mean the same.
func taskDefinitionShown(d types.TaskDefinition, want TaskDefinition) TaskDefinition {
	out := TaskDefinition{
		Family: aws.ToString(d.Family), CPU: number(d.Cpu), Memory: number(d.Memory),
		Architecture:  string(types.CPUArchitectureX8664),
		ExecutionRole: engine.Lit(aws.ToString(d.ExecutionRoleArn)), TaskRole: engine.Lit(aws.ToString(d.TaskRoleArn)),
	}
	if p := d.RuntimePlatform; p != nil && p.CpuArchitecture != "" {
		out.Architecture = string(p.CpuArchitecture)
	}
	for _, c := range d.RequiresCompatibilities {
		if c != types.CompatibilityFargate {
			out.Capacity = string(c)
		}
	}
	if d.EphemeralStorage != nil {
		out.EphemeralGiB = int(d.EphemeralStorage.SizeInGiB)
	}
	var containers []types.ContainerDefinition
	containers, out.Siblings = takeSiblings(d.ContainerDefinitions, want)
	for _, c := range containers {
		out.Containers = append(out.Containers, containerShown(c))
	}
	out.Volumes = volumesShown(d.Volumes, want.Volumes)
	out.Containers = inWordsOf(out, want)
	return out
}

// number parses a number that ECS writes as a string.
func number(s *string) int {
	n, err := strconv.Atoi(aws.ToString(s))
	if err != nil {
		return 0
	}
	return n
}

func containerShown(c types.ContainerDefinition) Container {
	out := Container{
		Name: aws.ToString(c.Name), Image: engine.Lit(aws.ToString(c.Image)), Essential: c.Essential == nil || *c.Essential,
		Command: c.Command, EntryPoint: c.EntryPoint, User: aws.ToString(c.User), WorkingDir: aws.ToString(c.WorkingDirectory),
		Environment: map[string]string{}, Secrets: map[string]string{}, SystemControls: map[string]string{},
		StopSeconds: int(aws.ToInt32(c.StopTimeout)), StartSeconds: int(aws.ToInt32(c.StartTimeout)), MemoryMiB: int(aws.ToInt32(c.Memory)),
		ReservedMiB: int(aws.ToInt32(c.MemoryReservation)), CPU: int(c.Cpu), Restart: restartShown(c.RestartPolicy),
		ReadOnly: aws.ToBool(c.ReadonlyRootFilesystem), Interactive: aws.ToBool(c.Interactive), TTY: aws.ToBool(c.PseudoTerminal),
	}
	for _, e := range c.Environment {
		out.Environment[aws.ToString(e.Name)] = aws.ToString(e.Value)
	}
	out.showSecrets(c)
	out.Privileged = aws.ToBool(c.Privileged)
	for _, r := range c.ResourceRequirements {
		if r.Type == types.ResourceTypeGpu {
			out.GPUs = number(r.Value)
		}
	}
	for _, s := range c.SystemControls {
		out.SystemControls[aws.ToString(s.Namespace)] = aws.ToString(s.Value)
	}
	for _, p := range c.PortMappings {
		out.Ports = append(out.Ports, PortMapping{
			Name: aws.ToString(p.Name), Port: int(aws.ToInt32(p.ContainerPort)),
			Protocol: string(p.Protocol), AppProtocol: string(p.AppProtocol),
		})
	}
	for _, u := range c.Ulimits {
		out.Ulimits = append(out.Ulimits, Ulimit{Name: string(u.Name), Soft: int(u.SoftLimit), Hard: int(u.HardLimit)})
	}
	for _, d := range c.DependsOn {
		out.DependsOn = append(out.DependsOn, ContainerDependency{
			Container: aws.ToString(d.ContainerName), Condition: string(d.Condition),
		})
	}
	out.Mounts = mountsShown(c.MountPoints)
	out.showLogs(c.LogConfiguration)
	out.showHealth(c.HealthCheck)
	out.showLinux(c.LinuxParameters)
	return out
}

func restartShown(r *types.ContainerRestartPolicy) *Restart {
	if r == nil || !aws.ToBool(r.Enabled) {
		return nil
	}
	out := &Restart{PeriodSeconds: int(aws.ToInt32(r.RestartAttemptPeriod))}
	for _, code := range r.IgnoredExitCodes {
		out.Ignored = append(out.Ignored, int(code))
	}
	return out
}

func (c *Container) showLogs(l *types.LogConfiguration) {
	if l == nil {
		return
	}
	c.LogGroup, c.LogRegion, c.LogPrefix = l.Options[optionGroup], l.Options[optionRegion], l.Options[optionPrefix]
	c.LogOptions = maps.Clone(l.Options)
	maps.DeleteFunc(c.LogOptions, func(k, _ string) bool {
		return k == optionGroup || k == optionRegion || k == optionPrefix
	})
}

func (c *Container) showHealth(h *types.HealthCheck) {
	if h == nil {
		return
	}
	c.Health = &HealthCheck{
		Command: h.Command, Interval: int(aws.ToInt32(h.Interval)), Timeout: int(aws.ToInt32(h.Timeout)),
		StartPeriod: int(aws.ToInt32(h.StartPeriod)), Retries: int(aws.ToInt32(h.Retries)),
	}
}

func (c *Container) showLinux(l *types.LinuxParameters) {
	if l == nil {
		return
	}
	c.Init = aws.ToBool(l.InitProcessEnabled)
	if l.Capabilities != nil {
		c.CapAdd, c.CapDrop = l.Capabilities.Add, l.Capabilities.Drop
	}
	for _, t := range l.Tmpfs {
		c.Tmpfs = append(c.Tmpfs, Tmpfs{Path: aws.ToString(t.ContainerPath), SizeMiB: int(t.Size), Options: t.MountOptions})
	}
}
