package ecs

import "github.com/berthdev/berth/internal/engine"

// Container is one container of a task definition. Zero values are left to
// ECS's defaults.
type Container struct {
	Name string
	// Image is the reference to pull.
	Image      engine.Ref
	Essential  bool
	Command    []string
	EntryPoint []string
	User       string
	WorkingDir string
	// Environment maps names to values; it never holds a secret.
	Environment map[string]string `keys:"variables"`
	// Hosts are further variables whose values are known once other resources
	// exist: the hosts of databases.
	Hosts map[string]engine.Ref
	// Secrets maps names to the ARNs of SSM parameters or secrets.
	Secrets map[string]string
	// SecretVersions say which values the secrets have, as "NAME VERSION", so
	// that a new value makes a new revision. They are kept in a label.
	SecretVersions []engine.Ref
	// PullCredentials is the ARN of the secret with the user name and password
	// of the image's registry.
	PullCredentials string
	Ports           []PortMapping
	Health          *HealthCheck
	// LogGroup, LogRegion and LogPrefix are options of the awslogs driver.
	LogGroup, LogRegion, LogPrefix string
	// LogOptions are further options of the awslogs driver.
	LogOptions map[string]string `keys:"user"`
	// StopSeconds is the time between SIGTERM and SIGKILL. StartSeconds is how long
	// others wait at most for it to be healthy, 2 to 120; 0 is no limit.
	StopSeconds, StartSeconds int
	ReadOnly                  bool
	// Init runs an init process as PID 1.
	Init    bool
	Ulimits []Ulimit
	// DependsOn orders the containers of one task.
	DependsOn []ContainerDependency
	// SystemControls are namespaced kernel parameters.
	SystemControls map[string]string
	// CapDrop are the Linux capabilities to remove, CapAdd those to add
	// (Fargate only allows SYS_PTRACE).
	CapDrop, CapAdd []string
	Labels          map[string]string `keys:"user"`
	// Interactive keeps standard input open, TTY allocates a terminal.
	Interactive, TTY bool
	// Mounts are the task's volumes that the container mounts.
	Mounts []Mount
	// Tmpfs are folders in the task's memory.
	Tmpfs []Tmpfs
	// MemoryMiB is the container's hard limit within the task; 0 is the task's
	// whole memory for a task's only container, otherwise no limit. ReservedMiB is what
	// it has at least, CPU its share in units of 1/1024 vCPU.
	MemoryMiB, ReservedMiB, CPU int
	// GPUs is how many GPUs of its instance it has, Privileged says that it has all rights
	// there.
	GPUs       int
	Privileged bool
	// Restart restarts the container within its task.
	Restart *Restart
}

// Restart is how a container is restarted within its task: unless it ended with one
// of the codes, or has not run for the period.
type Restart struct {
	Ignored       []int
	PeriodSeconds int
}

// PortMapping is one port of a container.
type PortMapping struct {
	Name string
	Port int
	// Protocol is tcp or udp; AppProtocol http, http2, grpc or empty.
	Protocol, AppProtocol string
}

// Tmpfs is a folder of a container in the task's memory.
type Tmpfs struct {
	Path    string
	SizeMiB int
	// Options are mount options, such as noexec.
	Options []string
}

// HealthCheck is a container's own health check.
type HealthCheck struct {
	Command []string
	// The times are in seconds.
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
