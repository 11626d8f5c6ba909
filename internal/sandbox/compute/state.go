package compute

import (
	"time"

	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"github.com/berthdev/berth/internal/sandbox/world"
)

// state is ECS and the images that its tasks run.
type state struct {
	// Clusters are stored by name. A deleted cluster stays, INACTIVE.
	Clusters world.Table[cluster]
	// Definitions are by ARN; Revisions is the last revision of each family.
	Definitions world.Table[taskDefinition]
	Revisions   map[string]int32
	// Services are stored by ARN. A deleted service stays, INACTIVE, until its
	// name is used again.
	Services world.Table[service]
	// Tasks are by id.
	Tasks world.Table[task]
	// Launches are Fargate's launch rates, by capacity provider.
	Launches map[string]*world.Bucket
	// Capacities are the account's own capacity providers, by name, Machines their
	// instances, by the id of the container instance.
	Capacities world.Table[provider]
	Machines   world.Table[machine]
	// Full says that Fargate has no capacity, Limited that Docker Hub refuses pulls,
	// Held that EC2 makes no network interfaces in time.
	Full bool `json:",omitempty"`
	// Room is for how many tasks Fargate Spot has capacity; nil is for all.
	Room    *int `json:",omitempty"`
	Limited bool `json:",omitempty"`
	Held    bool `json:",omitempty"`
	// Images counts how often PushImage changed a reference.
	Images map[string]int
}

// cluster is an ECS cluster.
type cluster struct {
	ARN, Name, Status string
	Providers         []string
	Strategy          []types.CapacityProviderStrategyItem
	Settings          []types.ClusterSetting
	Configuration     *types.ClusterConfiguration
	Connect           *types.ClusterServiceConnectDefaults
	Tags              []types.Tag
	// Busy is until when ECS attaches capacity providers.
	Busy time.Time `json:",omitzero"`
	// Instances are the ARNs of its container instances.
	Instances []string `json:",omitempty"`
}

// taskDefinition is one revision of a family.
type taskDefinition struct {
	Shown types.TaskDefinition
	Tags  []types.Tag
}

// service is an ECS service.
type service struct {
	ARN, Name, Cluster, Status string
	Created                    time.Time
	Desired                    int32
	// Config is the configuration of a new deployment.
	Config     revision
	Deployment types.DeploymentConfiguration
	Grace      *int32
	Propagate  types.PropagateTags
	ExecuteOn  bool
	ManagedTag bool
	Rebalance  types.AvailabilityZoneRebalancing
	Monitoring *types.MonitoringConfiguration
	// Scheduling says whether it has one task on each instance that meets Constraints.
	Scheduling  types.SchedulingStrategy
	Constraints []types.PlacementConstraint `json:",omitempty"`
	Tags        []types.Tag
	// Deployments are the active deployments, the primary one first.
	Deployments []*deployment
	// Good is the last revision that was completely deployed.
	Good *goodRevision
	// Records are all service deployments, newest first.
	Records []*deploymentRecord
	Events  []types.ServiceEvent
	// Steady says that an event has reported the steady state.
	Steady bool
}

// revision is what the tasks of a deployment have in common.
type revision struct {
	ARN            string
	TaskDefinition string
	LaunchType     types.LaunchType                     `json:",omitempty"`
	Strategy       []types.CapacityProviderStrategyItem `json:",omitempty"`
	Platform       string
	Network        *types.NetworkConfiguration        `json:",omitempty"`
	LoadBalancers  []types.LoadBalancer               `json:",omitempty"`
	Registries     []types.ServiceRegistry            `json:",omitempty"`
	Connect        *types.ServiceConnectConfiguration `json:",omitempty"`
	// Digests are the images' digests at the time when the deployment began.
	Digests map[string]string
}

// goodRevision is a revision that worked, and the deployment that showed it.
type goodRevision struct {
	Deployment string
	Revision   revision
	Alternate  bool `json:",omitempty"`
}

// deployment is one entry of a service's list of deployments.
type deployment struct {
	ID, Status       string
	Revision         revision
	Rollout          types.DeploymentRolloutState
	Reason           string
	Created, Updated time.Time
	Failed           int32
	// Monitored says that the circuit breaker still counts failures.
	Monitored bool
	// Stuck says that it has said so.
	Stuck bool `json:",omitempty"`
	// Quiet is when the scheduler may start the next task after a number of
	// failures in a row, Streak.
	Quiet  time.Time
	Streak int
	// Record is the ARN of the service deployment that it belongs to.
	Record string
	// Alternate says that its tasks are in the alternate target groups.
	Alternate bool `json:",omitempty"`
}

// deploymentRecord is one service deployment.
type deploymentRecord struct {
	ARN               string
	Status            types.ServiceDeploymentStatus
	Reason            string
	Target            revision
	Source            string
	Created, Finished time.Time
	Updated           time.Time
	Config            types.DeploymentConfiguration
	Failed            int32
	Breaker           types.ServiceDeploymentRollbackMonitorsStatus
	RollbackTo        string
	RolledBack        time.Time
	// Stage is the lifecycle stage of a deployment that moves traffic; "" of a rolling
	// update. Weight and TestWeight are the target revision's shares of the traffic, in
	// percent, and Until is when the present wait ends.
	Stage              types.ServiceDeploymentLifecycleStage `json:",omitempty"`
	Weight, TestWeight float64                               `json:",omitempty"`
	Until              time.Time
	// Hooks are the pauses that it has come to.
	Hooks []pause `json:",omitempty"`
	// Next is when it is looked at next.
	Next time.Time
	// Alarms says whether ECS watches alarms; Triggered are those that went off.
	Alarms    types.ServiceDeploymentRollbackMonitorsStatus `json:",omitempty"`
	Triggered []string                                      `json:",omitempty"`
}

// pause is a pause of a deployment, at a stage with a share.
type pause struct {
	ID      string
	Stage   types.ServiceDeploymentLifecycleStage
	Weight  float64
	Status  types.DeploymentLifecycleHookStatus
	Expires time.Time
	Action  types.DeploymentLifecycleHookAction
}

// task is an ECS task on Fargate.
type task struct {
	ID, ARN, Cluster, Definition string
	Group, StartedBy             string
	// Service and Deployment are of the service that started it; empty for a
	// one-off task.
	Service, Deployment string
	Desired, Last       string
	LaunchType          types.LaunchType
	Provider, Platform  string
	CPU, Memory         string
	Created, PullStart  time.Time
	PullStop, Started   time.Time
	Stopping, ExecEnd   time.Time
	Stopped             time.Time
	// Began is when its containers started.
	Began      time.Time
	StopCode   types.TaskStopCode
	Reason     string
	Containers []*container
	Subnet     string
	Groups     []string
	Public     bool
	ENI        string
	IP         string
	// Pulls counts the attempts to reach the registry.
	Pulls int
	// Healthy says that the service counts it as healthy; Unfit that it failed
	// its health checks.
	Healthy  bool
	Targets  []taskTarget
	Names    []string
	Override *types.TaskOverride
	// Machine is the instance that it is on; empty on Fargate.
	Machine string `json:",omitempty"`
	// Places are the subnets of a task that an Auto Scaling group has instances for.
	Places []string `json:",omitempty"`
	// ExecuteOn says that its containers have the agent of ECS Exec.
	ExecuteOn bool `json:",omitempty"`
	Tags      []types.Tag
	Version   int64
}

// taskTarget is a task's entry in a target group.
type taskTarget struct{ Group, Key string }

// container is a container of a task.
type container struct {
	Name, Image, Digest string
	Essential           bool
	Last                string
	// Began is when it started last.
	Began               time.Time
	Exit                *int32
	Reason              string
	RuntimeID           string
	Health              types.HealthStatus
	LogGroup, LogStream string
	// Files are those that sessions have written in it.
	Files map[string][]byte `json:",omitempty"`
}

// The states of a task, in their order.
const (
	provisioning = "PROVISIONING"
	pending      = "PENDING"
	activating   = "ACTIVATING"
	running      = "RUNNING"
	deactivating = "DEACTIVATING"
	stopping     = "STOPPING"
	stopped      = "STOPPED"
)

// The states of services and clusters.
const (
	active   = "ACTIVE"
	draining = "DRAINING"
	inactive = "INACTIVE"
	primary  = "PRIMARY"
)
