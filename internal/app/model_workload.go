package app

import (
	"github.com/berthdev/berth/internal/app/placing"
	"github.com/berthdev/berth/internal/app/policies"
	"github.com/berthdev/berth/internal/app/rollout"
	"github.com/berthdev/berth/internal/app/scaling"
	"github.com/berthdev/berth/internal/app/schedule"
	"github.com/berthdev/berth/internal/app/settings"
	"github.com/berthdev/berth/internal/app/sidecar"
	"github.com/berthdev/berth/internal/app/update"
	"github.com/berthdev/berth/internal/project"
)

// Workload is what services and jobs have in common: one container and what
// it may use and reach.
type Workload struct {
	// Name is the Compose service's name.
	Name string
	// Origin is the file:line of its definition.
	Origin string
	// Image is the reference to pull. With Build it may be empty.
	Image string
	// Build is set when the image comes from a build.
	Build *Build
	// Command and Entrypoint replace those of the image; nil keeps them.
	Command    []string
	Entrypoint []string
	User       string
	WorkingDir string
	// Env is the literal environment; no secret is in it.
	Env map[string]string
	// Secrets are the variables that AWS fills in when a task starts.
	Secrets []Secret
	// Variables are those that are secrets only if a secret of their name is set, and
	// those that embed a secret in a text. See App.Decide.
	Variables []Variable
	// Files are in the container when it starts.
	Files []File
	// PullCredentials is the ARN of the secret in AWS Secrets Manager with the
	// user name and password of the image's registry; empty for none.
	PullCredentials string
	// CPU is in units of 1/1024 vCPU and Memory in MiB: a pair that Fargate
	// has. DiskGiB is the ephemeral disk, 21 to 200; 0 is Fargate's default.
	CPU, Memory, DiskGiB int
	// Architecture is amd64 or arm64.
	Architecture string
	// Health is the container's own check; nil without one.
	Health *Health
	// StopSeconds is the time from SIGTERM to SIGKILL, 2 to 120; the default is
	// Compose's, 10.
	StopSeconds int
	Ulimits     []Ulimit
	ReadOnly    bool
	// Init runs an init process as PID 1.
	Init bool
	// Interactive and TTY keep standard input open and give a terminal.
	Interactive, TTY bool
	// Sysctls are kernel parameters of the task's own namespaces.
	Sysctls map[string]string
	CapAdd  []string
	// GPUs is how many GPUs its container reserves, Privileged says that it has all rights
	// on its instance: on instances only.
	GPUs       int
	Privileged bool
	CapDrop    []string
	// Labels become tags in AWS.
	Labels  map[string]string
	Logging Logging
	// Mounts are the volumes and writable directories of the container.
	Mounts []Mount
	// Tmpfs are the folders that are in the memory of the task.
	Tmpfs []Tmpfs
	// Aliases are the further names by which siblings reach it, sorted. No other
	// service of the project has one of them.
	Aliases []string
	// Networks are the names of the networks that it is in, sorted, at most 4.
	Networks []string
	// Ports are the entries of ports, ranges spread out.
	Ports []Port
	// Exposed are the ports that siblings may reach, those of Ports included,
	// sorted and without repetition.
	Exposed []Exposed
	// AllTCP says that siblings may reach all TCP ports, because berth does not know
	// which ones the workload listens on; Exposed is then empty.
	AllTCP bool
	// DependsOn is sorted by name.
	DependsOn []Dependency
	Policies  Policies
	// Model is the model of Amazon Bedrock that the workload is the gateway to;
	// empty for every other workload.
	Model string
	// ExecutionRole and TaskRole are the ARNs of existing roles, which are used and
	// never changed; if they are empty, berth makes them. A task with an existing
	// execution role and no permissions gets no task role.
	ExecutionRole, TaskRole string
	// Exec lets ECS Exec into its containers.
	Exec bool
	// SecurityGroups are existing groups that its tasks are in besides those
	// that berth makes.
	SecurityGroups []string
	// Placing is where its tasks run.
	placing.Placing
	// Sidecars are the further containers of its tasks, sorted by name.
	Sidecars []Sidecar
	// Share is what its own container asks for in a task of several, Waits are the
	// containers of its task that it waits for before it starts.
	Share sidecar.Share
	Waits []sidecar.Wait
	// Places are the file:line of the keys that name an object of the account, by the
	// key without x-berth, such as image and policies.
	Places map[string]string `json:"-"`
}

// Service is a workload that is kept running.
type Service struct {
	Workload
	// Replicas is the desired number of tasks; 0 if Global.
	Replicas int
	// Global is one task on each instance of the service's capacity.
	Global bool `json:",omitempty"`
	// Scaling lets the load decide how many tasks run; nil keeps Replicas.
	Scaling *scaling.Scaling
	// Spot overrides Settings.Spot for this service; empty keeps it.
	Spot   settings.Spot
	Update Update
	// Rollout is how the traffic moves to a new version; nil is a rolling update.
	Rollout *rollout.Rollout
	// Restart is Compose's restart policy as written; ECS always restarts.
	Restart string
	// GraceSeconds is how long the load balancer's checks are ignored after a start;
	// 0 computes it from Health.
	GraceSeconds int
	// HealthPath is the path that the load balancer's check requests, from x-berth;
	// if it is empty, Health's.
	HealthPath string
	// HealthPort is the port that the load balancer's check uses, from x-berth; if it
	// is 0, Health's, else the port that serves.
	HealthPort int
	// DrainSeconds overrides Settings.DrainSeconds; nil keeps it.
	DrainSeconds *int
	// Hosts are the names under which the internet reaches it, sorted.
	Hosts []Host
}

// Job is a workload that runs to its end each time that its Trigger starts it.
type Job struct {
	Workload
	Trigger Trigger
}

// Trigger is what starts a job. The zero Trigger is a change.
type Trigger = schedule.Trigger

// TriggerKind is a kind of trigger.
type TriggerKind = schedule.TriggerKind

// The kinds of triggers.
const (
	OnChange   = schedule.OnChange
	OnSchedule = schedule.OnSchedule
)

// Update is how a new version replaces the old one.
type Update = update.Update

// Port is one entry of ports.
type Port struct {
	// Container is the port in the container.
	Container int
	// Published is the port that clients use; 0 if the file names none.
	Published int
	// Protocol is tcp or udp.
	Protocol string
	// App is the application protocol: http, http2, grpc, tcp or udp; empty if it is
	// unknown.
	App string
	// Public says that a load balancer has a listener for Published. It is false if
	// all networks of the workload are internal.
	Public bool
	// Hosted says that the service's hosts lead here: rules on ports 80 and 443 lead
	// to the port, and it has no listener of its own. It is Public too.
	Hosted bool
	// Internal says that the listener is one of an internal load balancer, which only
	// private addresses can reach.
	Internal bool
	// Origin is its file:line.
	Origin string
	// In is the sidecar that listens on it; empty for the workload's own container.
	In string
}

// What Port.App may be.
const (
	AppHTTP  = "http"
	AppHTTP2 = "http2"
	AppGRPC  = "grpc"
	AppTCP   = "tcp"
	AppUDP   = "udp"
)

// Exposed is a port, or a range of them, that siblings may reach.
type Exposed struct {
	// From and To are the first and the last port.
	From, To int
	// Protocol is tcp or udp.
	Protocol string
	// App is like Port.App.
	App string
	// In is like Port.In.
	In string
}

// Dependency is another workload that must reach a state first.
type Dependency struct {
	Name string
	// Condition is one of the Condition constants.
	Condition string
}

// The conditions of a Dependency.
const (
	// ConditionStarted: the other service exists.
	ConditionStarted = "started"
	// ConditionHealthy: the other service's deployment is complete.
	ConditionHealthy = "healthy"
	// ConditionCompleted: the other workload is a job and has succeeded.
	ConditionCompleted = "completed"
)

// OwnPartition is the prefix of an ARN in a statement of Policies that stands for the
// account's partition.
const OwnPartition = project.OwnPartition

// Policies are what a workload may do in AWS.
type Policies = policies.Policies

// Logging is where a container's output goes.
type Logging struct {
	// Off drops the output: driver none.
	Off bool
	// Options are further options of the awslogs driver.
	Options map[string]string
	// RetentionDays overrides Settings.LogRetentionDays; 0 keeps it.
	RetentionDays int
}

// ByNetwork says that the port's listener is one of a network load balancer, as it
// is for every public port that does not speak HTTP, and for all internal ones.
func (p Port) ByNetwork() bool {
	web := p.App == AppHTTP || p.App == AppHTTP2 || p.App == AppGRPC
	return p.Public && (p.Internal || !web)
}

// NetworkPorts are the ports that a network load balancer listens on for this
// workload.
func (w Workload) NetworkPorts() []Port {
	var out []Port
	for _, p := range w.Ports {
		if p.ByNetwork() {
			out = append(out, p)
		}
	}
	return out
}

// PublicPorts are the ports that the application load balancer listens on for
// this workload.
func (w Workload) PublicPorts() []Port {
	var out []Port
	for _, p := range w.Ports {
		if p.Public && !p.ByNetwork() {
			out = append(out, p)
		}
	}
	return out
}
