package compute

import (
	"time"

	"github.com/aws/aws-sdk-go-v2/service/ecs/types"
	elbtypes "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"

	"github.com/berthdev/berth/internal/sandbox/containers"
	"github.com/berthdev/berth/internal/sandbox/hardware"
	"github.com/berthdev/berth/internal/sandbox/logs"
	"github.com/berthdev/berth/internal/sandbox/world"
)

// Needs are what ECS needs of other services.
type Needs struct {
	Network    Network
	Interfaces Interfaces
	Reach      Reach
	Roles      Roles
	Profiles   Profiles
	Fleets     Fleets
	Targets    Targets
	Directory  Directory
	Names      Names
	Registry   Registry
	Logs       Logs
	Databases  Databases
	Sessions   Sessions
	Alarms     Alarms
	Bus        Bus
	// Files are the kinds of file systems that tasks mount.
	Files []Files
}

// Network finds the objects of EC2 that tasks are placed in.
type Network interface {
	FindSubnet(rq *world.Request, id string) (vpcID, zone string, ok bool)
	FindGroup(rq *world.Request, id string) (vpcID string, ok bool)
	// Zone is the availability zone of a subnet; "" when there is no such subnet.
	Zone(subnetID string) string
	// DefaultGroup is the default security group of the VPC of a subnet.
	DefaultGroup(subnetID string) []string
}

// Interfaces are the network interfaces of tasks.
type Interfaces interface {
	Attach(kind, subnetID string, groups []string, public bool, description string) string
	Release(id string, at time.Time)
	Address(id string) string
}

// Reach says what tasks can connect to.
type Reach interface {
	// Online reports whether tasks in a subnet can reach the internet.
	Online(subnetID string, public bool) bool
	// Leaves reports whether the groups of a network interface let TCP packets out to the
	// internet.
	Leaves(eni string, port int32) bool
	// Allows reports whether the groups of a network interface allow TCP packets
	// from the members of some groups.
	Allows(from []string, eni string, port int32) bool
	// Resolver says how tasks in a subnet resolve names.
	Resolver(subnetID string) (vpcID string, search []string, ok bool)
}

// Roles are the roles of tasks and the service-linked role.
type Roles interface {
	EnsureLinkedRole(rq *world.Request, service string) error
	LinkedRoleReady(service string) bool
	Assumable(arn, service string) error
	RoleAllows(arn, action, resource string) bool
}

// Profiles are the instance profiles.
type Profiles interface {
	// ProfileRole is the ARN of the role of an instance profile, "" when it has none.
	ProfileRole(arn string) (role string, ok bool)
}

// Fleets are the Auto Scaling groups, by their ARNs.
type Fleets interface {
	Fleet(arn string) (protected bool, desired, most int, ok bool)
	Mark(arn string)
	Next(arn string) (hardware.Kind, bool)
	SetDesired(at time.Time, arn string, n int)
	// End ends an instance.
	End(at time.Time, id string)
}

// Targets are the target groups of services.
type Targets interface {
	FindTargetGroup(rq *world.Request, arn string) (kind elbtypes.TargetTypeEnum, balanced, ok bool)
	Register(at time.Time, group, eni string, port int32, answers containers.Answers) (key string, ok bool)
	Deregister(at time.Time, group, key string) (drains time.Duration, ok bool)
	Health(at time.Time, group, key string) (state elbtypes.TargetHealthStateEnum, why string, again time.Time, ok bool)
	// Forwards are the target groups that a rule forwards to; ok is false when there is
	// no such rule, or when it does something else.
	Forwards(rq *world.Request, rule string) (groups []string, ok bool)
	// Weigh sends a share of a rule's requests, in percent, to one of two target groups
	// and the others to the second.
	Weigh(at time.Time, rule, to, from string, percent float64)
}

// Directory are the namespaces and services of Cloud Map.
type Directory interface {
	Namespace(nameOrARN string) (arn string, ok bool)
	FindService(rq *world.Request, idOrARN *string) bool
	// Offer makes the Cloud Map services of Service Connect.
	Offer(rq *world.Request, namespace string, names []string)
	// Lookup finds a full name in the private zones of a VPC.
	Lookup(vpcID, full string) []string
}

// Names are the tasks under the names of Cloud Map.
type Names interface {
	Join(service *string, id string, checked bool, attributes map[string]string) (name string, ok bool)
	Heal(service, id string)
	Leave(service, id string)
}

// Registry are the images of the account's own registry.
type Registry interface {
	// Pullable is the digest of an image, "" when it is not known; ok is false when
	// there is no such image.
	Pullable(ref string) (digest string, ok bool)
}

// Logs are the log streams of containers.
type Logs interface {
	Open(group, stream string, script *logs.Script)
	Resume(group, stream string, script *logs.Script)
	End(group, stream string, at time.Time, words ...string)
}

// Databases are the databases and caches that tasks connect to.
type Databases interface {
	HostAddress(host string) string
	At(ip string) (eni string, port int32)
}

// Alarms are the alarms of CloudWatch.
type Alarms interface {
	// InAlarm are those of some alarms that are in ALARM.
	InAlarm(at time.Time, names []string) []string
	// MissingAlarms are those names that no alarm has.
	MissingAlarms(names []string) []string
}

// Bus gets what ECS sends to EventBridge: the state of a task, or a word about a service.
type Bus interface {
	TaskChanged(at time.Time, t types.Task)
	Said(at time.Time, service, cluster, text string)
}

// Files is a kind of file systems.
type Files interface {
	// Mount mounts a volume of a task. If that is not possible it returns why;
	// otherwise, and for a volume of another kind, it returns "".
	Mount(v types.Volume, zone string, groups []string, role string) string
}
