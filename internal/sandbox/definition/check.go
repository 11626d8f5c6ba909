package definition

import (
	"regexp"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"
)

// Name matches the names of families, containers and volumes.
var Name = regexp.MustCompile(`^[a-zA-Z0-9_-]{1,255}$`)

// fargateSizes are the memory sizes in MiB that go with each cpu size: from,
// to, step. Source:
// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-cpu-memory-error.html
func fargateSizes() map[int][3]int {
	return map[int][3]int{
		256:   {512, 2048, 512},
		512:   {1024, 4096, 1024},
		1024:  {2048, 8192, 1024},
		2048:  {4096, 16384, 1024},
		4096:  {8192, 30720, 1024},
		8192:  {16384, 61440, 4096},
		16384: {32768, 122880, 8192},
	}
}

// Check refuses what RegisterTaskDefinition refuses, with ECS's error.
func Check(in *ecs.RegisterTaskDefinitionInput) error {
	if len(in.ContainerDefinitions) == 0 {
		return refused("Container list cannot be empty.")
	}
	if slices.Contains(in.RequiresCompatibilities, types.CompatibilityFargate) {
		if err := checkFargate(in); err != nil {
			return err
		}
	}
	if slices.Contains(in.RequiresCompatibilities, types.CompatibilityManagedInstances) {
		if err := checkManagedDefinition(in); err != nil {
			return err
		}
	}
	if err := checkVolumes(in.Volumes, in.ContainerDefinitions, in.TaskRoleArn); err != nil {
		return err
	}
	for _, role := range []*string{in.ExecutionRoleArn, in.TaskRoleArn} {
		if role != nil && !strings.HasPrefix(*role, "arn:") {
			return refused("Role is not valid")
		}
	}
	names, essential := map[string]bool{}, false
	for _, c := range in.ContainerDefinitions {
		name := aws.ToString(c.Name)
		switch {
		case !Name.MatchString(name):
			return refused("Container name '%s' is not valid.", name)
		case names[name]:
			return refused("Container names should be unique: '%s'.", name)
		case aws.ToString(c.Image) == "":
			return refused("Container.image should not be null or empty.")
		}
		names[name] = true
		essential = essential || c.Essential == nil || *c.Essential
		if err := checkContainer(c); err != nil {
			return err
		}
	}
	if !essential {
		return refused("The task definition must have at least one essential container.")
	}
	if err := checkTogether(in); err != nil {
		return err
	}
	return checkParts(in)
}

// CheckSize refuses a size that Fargate does not have.
func CheckSize(cpu, memory string) error {
	size, ok := fargateSizes()[number(&cpu)]
	if m := number(&memory); !ok || m < size[0] || m > size[1] || m%size[2] != 0 {
		return refused("No Fargate configuration exists for given values: %s CPU, %s memory. See the Amazon ECS documentation "+
			"for the valid values.", cpu, memory)
	}
	return nil
}

func checkFargate(in *ecs.RegisterTaskDefinitionInput) error {
	if in.NetworkMode != types.NetworkModeAwsvpc {
		return refused("Fargate only supports network mode 'awsvpc'.")
	}
	if in.Cpu == nil || in.Memory == nil {
		return refused("Fargate requires that 'cpu' and 'memory' be defined at the task level.")
	}
	if err := CheckSize(*in.Cpu, *in.Memory); err != nil {
		return err
	}
	memory := number(in.Memory)
	if s := in.EphemeralStorage; s != nil && (s.SizeInGiB < 21 || s.SizeInGiB > 200) {
		return refused("EphemeralStorage size must be between 21 and 200 GiB.")
	}
	for _, c := range in.ContainerDefinitions {
		if int(aws.ToInt32(c.Memory)) > memory {
			return refused("Invalid setting for container '%s'. The memory of the container is larger than that of the task.", aws.ToString(c.Name))
		}
		if len(c.ResourceRequirements) > 0 {
			return refused("Fargate does not support GPUs.")
		}
		if aws.ToBool(c.Privileged) {
			return refused("Fargate does not support privileged containers.")
		}
		if aws.ToInt32(c.StopTimeout) > 120 {
			return refused("Container.stopTimeout should be at most 120 seconds on Fargate.")
		}
		if l := c.LogConfiguration; l != nil && l.LogDriver == types.LogDriverAwslogs && in.ExecutionRoleArn == nil {
			return refused("Fargate requires task definition to have execution role ARN to support log driver awslogs.")
		}
		if len(c.Secrets) > 0 && in.ExecutionRoleArn == nil {
			return refused("When you are specifying container secrets, you must also specify a value for 'executionRoleArn'.")
		}
	}
	return nil
}

// tmpfsOptions are the mount options that ECS accepts without a value.
// https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Tmpfs.html
const tmpfsOptions = " defaults ro rw suid nosuid dev nodev exec noexec sync async dirsync remount mand nomand atime noatime diratime nodiratime " +
	"bind rbind unbindable runbindable private rprivate shared rshared slave rslave relatime norelatime strictatime nostrictatime "

// checkLinux refuses the parameters of Linux that Fargate has not, and a tmpfs
// without a path or size.
func checkLinux(l *types.LinuxParameters) error {
	if l == nil {
		return nil
	}
	if len(l.Devices) > 0 || l.SharedMemorySize != nil || l.MaxSwap != nil || l.Swappiness != nil {
		return refused("Fargate does not support the linuxParameters devices, sharedMemorySize, maxSwap and swappiness.")
	}
	for _, t := range l.Tmpfs {
		if !strings.HasPrefix(aws.ToString(t.ContainerPath), "/") || t.Size <= 0 {
			return refused("Tmpfs requires an absolute containerPath and a size.")
		}
		for _, o := range t.MountOptions {
			if !strings.Contains(tmpfsOptions, " "+o+" ") {
				return refused("Tmpfs mount option '%s' is not valid.", o)
			}
		}
	}
	return nil
}

func checkContainer(c types.ContainerDefinition) error {
	if l := c.LogConfiguration; l != nil && l.LogDriver == types.LogDriverAwslogs {
		for _, o := range []string{"awslogs-group", "awslogs-region", "awslogs-stream-prefix"} {
			if l.Options[o] == "" {
				return refused("Log driver awslogs requires options: awslogs-group, awslogs-region, awslogs-stream-prefix")
			}
		}
	}
	if err := checkLinux(c.LinuxParameters); err != nil {
		return err
	}
	for _, m := range c.PortMappings {
		if port := aws.ToInt32(m.ContainerPort); port < 1 || port > 65535 {
			return refused("Port mapping of container '%s' has an invalid container port.", aws.ToString(c.Name))
		}
		if m.HostPort != nil && *m.HostPort != *m.ContainerPort {
			return refused("When networkMode=awsvpc, the host ports and container ports in port mappings must match.")
		}
	}
	h := c.HealthCheck
	if h == nil {
		return nil
	}
	ranges := []struct {
		name      string
		value     *int32
		low, high int32
	}{
		{"interval", h.Interval, 5, 300},
		{"timeout", h.Timeout, 2, 60},
		{"retries", h.Retries, 1, 10},
		{"startPeriod", h.StartPeriod, 0, 300},
	}
	if len(h.Command) == 0 {
		return refused("HealthCheck.command should not be empty.")
	}
	for _, r := range ranges {
		if r.value != nil && (*r.value < r.low || *r.value > r.high) {
			return refused("HealthCheck.%s should be between %d and %d.", r.name, r.low, r.high)
		}
	}
	return nil
}

// checkManagedDefinition refuses what tasks on Managed Instances cannot have.
// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/managed-instances-tasks-services.html
func checkManagedDefinition(in *ecs.RegisterTaskDefinitionInput) error {
	if in.NetworkMode != types.NetworkModeAwsvpc && in.NetworkMode != types.NetworkModeHost {
		return refused("Managed Instances support the network modes awsvpc and host only.")
	}
	if in.EphemeralStorage != nil || in.IpcMode != "" || in.ProxyConfiguration != nil {
		return refused("Managed Instances do not support ephemeralStorage, ipcMode and proxyConfiguration.")
	}
	for _, c := range in.ContainerDefinitions {
		if len(c.DockerLabels) > 0 || len(c.DnsServers)+len(c.DnsSearchDomains)+len(c.ExtraHosts)+len(c.Links) > 0 || c.Hostname != nil {
			return refused("Managed Instances do not support dockerLabels, dnsServers, dnsSearchDomains, extraHosts, links and hostname.")
		}
	}
	return nil
}
