package ecs

import (
	"cmp"
	"maps"
	"slices"
	"strconv"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"github.com/berthdev/berth/internal/aws/gate"
)

// The keys of the awslogs driver's options.
// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/using_awslogs.html
const (
	optionGroup  = "awslogs-group"
	optionRegion = "awslogs-region"
	optionPrefix = "awslogs-stream-prefix"
)

func taskDefinitionInput(d TaskDefinition) *ecs.RegisterTaskDefinitionInput {
	in := &ecs.RegisterTaskDefinitionInput{
		Family: &d.Family, NetworkMode: types.NetworkModeAwsvpc,
		RequiresCompatibilities: []types.Compatibility{compatibility(d.Capacity)},
		Cpu:                     aws.String(strconv.Itoa(d.CPU)), Memory: aws.String(strconv.Itoa(d.Memory)),
		ExecutionRoleArn: gate.Optional(d.ExecutionRole.Value()), TaskRoleArn: gate.Optional(d.TaskRole.Value()),
	}
	if d.Architecture != "" {
		in.RuntimePlatform = &types.RuntimePlatform{
			CpuArchitecture: types.CPUArchitecture(d.Architecture), OperatingSystemFamily: types.OSFamilyLinux,
		}
	}
	if d.EphemeralGiB > 0 {
		in.EphemeralStorage = &types.EphemeralStorage{SizeInGiB: *int32Of(d.EphemeralGiB)}
	}
	in.Volumes = volumesInput(d.Volumes)
	for _, c := range d.Containers {
		in.ContainerDefinitions = append(in.ContainerDefinitions, containerInput(c, d))
	}
	return in
}

// compatibility is what ECS checks a task definition for.
func compatibility(capacity string) types.Compatibility {
	return types.Compatibility(cmp.Or(capacity, string(types.CompatibilityFargate)))
}

// memoryLimit is the hard limit of a container: a task's only container may use
// all of the task's memory.
func memoryLimit(c Container, d TaskDefinition) int {
	if c.MemoryMiB == 0 && len(d.Containers) == 1 {
		return d.Memory
	}
	return c.MemoryMiB
}

func containerInput(c Container, in TaskDefinition) types.ContainerDefinition {
	out := types.ContainerDefinition{
		Name: &c.Name, Image: aws.String(c.Image.Value()), Essential: &c.Essential, Command: c.Command, EntryPoint: c.EntryPoint,
		User: gate.Optional(c.User), WorkingDirectory: gate.Optional(c.WorkingDir), DockerLabels: dockerLabels(in, c),
		Environment: pairsInput(withLabels(in, c, in.withSiblings(c))), StopTimeout: positive(c.StopSeconds), StartTimeout: positive(c.StartSeconds), Memory: positive(memoryLimit(c, in)),
		ReadonlyRootFilesystem: whenTrue(c.ReadOnly), Interactive: whenTrue(c.Interactive), PseudoTerminal: whenTrue(c.TTY),
		LogConfiguration: logInput(c), HealthCheck: healthInput(c.Health), LinuxParameters: linuxInput(c),
		MountPoints: mountsInput(c.Mounts), Cpu: *int32Of(c.CPU), MemoryReservation: positive(c.ReservedMiB),
		RestartPolicy: restartInput(c.Restart), Privileged: whenTrue(c.Privileged),
	}
	if c.GPUs > 0 {
		out.ResourceRequirements = []types.ResourceRequirement{{Type: types.ResourceTypeGpu, Value: aws.String(strconv.Itoa(c.GPUs))}}
	}
	for _, name := range sortedKeys(c.Secrets) {
		out.Secrets = append(out.Secrets, types.Secret{Name: aws.String(name), ValueFrom: aws.String(c.Secrets[name])})
	}
	if c.PullCredentials != "" {
		out.RepositoryCredentials = &types.RepositoryCredentials{CredentialsParameter: &c.PullCredentials}
	}
	for _, name := range sortedKeys(c.SystemControls) {
		out.SystemControls = append(out.SystemControls, types.SystemControl{
			Namespace: aws.String(name), Value: aws.String(c.SystemControls[name]),
		})
	}
	for _, p := range c.Ports {
		out.PortMappings = append(out.PortMappings, types.PortMapping{
			Name: gate.Optional(p.Name), ContainerPort: positive(p.Port),
			Protocol: types.TransportProtocol(p.Protocol), AppProtocol: types.ApplicationProtocol(p.AppProtocol),
		})
	}
	for _, u := range c.Ulimits {
		out.Ulimits = append(out.Ulimits, types.Ulimit{
			Name: types.UlimitName(u.Name), SoftLimit: *int32Of(u.Soft), HardLimit: *int32Of(u.Hard),
		})
	}
	for _, d := range c.DependsOn {
		out.DependsOn = append(out.DependsOn, types.ContainerDependency{
			ContainerName: aws.String(d.Container), Condition: types.ContainerCondition(d.Condition),
		})
	}
	return out
}

func logInput(c Container) *types.LogConfiguration {
	if c.LogGroup == "" {
		return nil
	}
	return awslogs(c.LogGroup, c.LogRegion, c.LogPrefix, c.LogOptions)
}

func awslogs(group, region, prefix string, more map[string]string) *types.LogConfiguration {
	options := map[string]string{}
	maps.Copy(options, more)
	options[optionGroup], options[optionRegion], options[optionPrefix] = group, region, prefix
	return &types.LogConfiguration{LogDriver: types.LogDriverAwslogs, Options: options}
}

func restartInput(r *Restart) *types.ContainerRestartPolicy {
	if r == nil {
		return nil
	}
	out := &types.ContainerRestartPolicy{Enabled: aws.Bool(true), RestartAttemptPeriod: positive(r.PeriodSeconds)}
	for _, code := range r.Ignored {
		out.IgnoredExitCodes = append(out.IgnoredExitCodes, *int32Of(code))
	}
	return out
}

func healthInput(h *HealthCheck) *types.HealthCheck {
	if h == nil {
		return nil
	}
	return &types.HealthCheck{
		Command: h.Command, Interval: positive(h.Interval), Timeout: positive(h.Timeout),
		StartPeriod: positive(h.StartPeriod), Retries: positive(h.Retries),
	}
}

func linuxInput(c Container) *types.LinuxParameters {
	if !c.Init && len(c.CapAdd)+len(c.CapDrop)+len(c.Tmpfs) == 0 {
		return nil
	}
	out := &types.LinuxParameters{InitProcessEnabled: whenTrue(c.Init)}
	if len(c.CapAdd)+len(c.CapDrop) > 0 {
		out.Capabilities = &types.KernelCapabilities{Add: c.CapAdd, Drop: c.CapDrop}
	}
	for _, t := range c.Tmpfs {
		out.Tmpfs = append(out.Tmpfs, types.Tmpfs{ContainerPath: &t.Path, Size: *int32Of(t.SizeMiB), MountOptions: t.Options})
	}
	return out
}

// pairsInput lists a map in the order of its keys, so that equal maps make
// equal requests.
func pairsInput(m map[string]string) []types.KeyValuePair {
	var out []types.KeyValuePair
	for _, k := range sortedKeys(m) {
		out = append(out, types.KeyValuePair{Name: aws.String(k), Value: aws.String(m[k])})
	}
	return out
}

func sortedKeys(m map[string]string) []string { return slices.Sorted(maps.Keys(m)) }

func positive(n int) *int32 {
	if n <= 0 {
		return nil
	}
	return int32Of(n)
}

func whenTrue(b bool) *bool {
	if !b {
		return nil
	}
	return &b
}
