package ecs

import "github.com/berthdev/berth/internal/engine"

// TaskDefinition is what a task is made of, for Fargate and awsvpc networking.
// A change registers a new revision; older ones stay active for a rollback
// until the teardown. Outputs: id and arn (the revision's ARN), family.
type TaskDefinition struct {
	Family string `attr:"family,replace"`
	// CPU is in units of 1/1024 vCPU, Memory in MiB.
	CPU    int `attr:"cpu"`
	Memory int `attr:"memory"`
	// Architecture is X86_64 or ARM64.
	Architecture string `attr:"architecture"`
	// EphemeralGiB is the disk beyond the default 20 GiB; 0 is the default.
	EphemeralGiB  int         `attr:"ephemeral_gib"`
	ExecutionRole engine.Ref  `attr:"execution_role"`
	TaskRole      engine.Ref  `attr:"task_role"`
	Containers    []Container `attr:"containers"`
}

// Container is one container of a task definition. Zero values are left to
// ECS's defaults.
type Container struct {
	Name       string
	Image      string
	Essential  bool
	Command    []string
	EntryPoint []string
	User       string
	WorkingDir string
	// Environment is name to value; no secret is ever in it.
	Environment map[string]string
	// Secrets is name to the ARN of an SSM parameter or a secret.
	Secrets map[string]string
	Ports   []PortMapping
	Health  *HealthCheck
	// LogGroup, LogRegion and LogPrefix make the awslogs driver's options.
	LogGroup, LogRegion, LogPrefix string
	// LogOptions are further options of the awslogs driver.
	LogOptions map[string]string
	// StopSeconds is the time between SIGTERM and SIGKILL.
	StopSeconds int
	ReadOnly    bool
	// Init runs an init process as PID 1.
	Init    bool
	Ulimits []Ulimit
	// DependsOn orders the containers of one task.
	DependsOn []ContainerDependency
	// SystemControls are namespaced kernel parameters.
	SystemControls map[string]string
	// CapDrop are the Linux capabilities that are taken away, CapAdd those
	// that are given (Fargate allows SYS_PTRACE only).
	CapDrop, CapAdd []string
	Labels          map[string]string
	// Interactive and TTY keep standard input open and give a terminal.
	Interactive, TTY bool
	// MemoryMiB is the container's hard limit within the task; 0 is none.
	MemoryMiB int
}

// PortMapping is one port of a container.
type PortMapping struct {
	Name string
	Port int
	// Protocol is tcp or udp; AppProtocol http, http2, grpc or empty.
	Protocol, AppProtocol string
}

// HealthCheck is a container's own health check.
type HealthCheck struct {
	Command []string
	// Times are in seconds.
	Interval, Timeout, StartPeriod int
	Retries                        int
}

// Ulimit is a resource limit of a container.
type Ulimit struct {
	Name       string
	Soft, Hard int
}

// ContainerDependency makes a container wait for another one's condition:
// START, HEALTHY, COMPLETE or SUCCESS.
type ContainerDependency struct {
	Container, Condition string
}

// Type implements engine.Resource.
func (TaskDefinition) Type() string { return "ecs.task-definition" }
