package sandbox

import (
	"time"

	"github.com/aws/aws-sdk-go-v2/service/ecs/types"
	elbtypes "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"
)

// ecsNeeds are what ECS needs of other services.
type ecsNeeds struct {
	Network    ecsNetwork
	Interfaces ecsInterfaces
	Reach      ecsReach
	Roles      ecsRoles
	Targets    ecsTargets
	Directory  ecsDirectory
	Names      ecsNames
	Secrets    ecsSecrets
	Parameters ecsParameters
	Registry   ecsRegistry
	Logs       ecsLogs
	Databases  ecsDatabases
	// Files are the kinds of file systems that tasks mount.
	Files []ecsFiles
}

// ecsNetwork finds the objects of EC2 that tasks are placed in.
type ecsNetwork interface {
	FindSubnet(rq *request, id string) (vpcID, zone string, ok bool)
	FindGroup(rq *request, id string) (vpcID string, ok bool)
	// Zone is the availability zone of a subnet; "" when there is no such subnet.
	Zone(subnetID string) string
	// DefaultGroup is the default security group of the VPC of a subnet.
	DefaultGroup(subnetID string) []string
}

// ecsInterfaces are the network interfaces of tasks.
type ecsInterfaces interface {
	Attach(kind, subnetID string, groups []string, public bool, description string) string
	Release(id string, at time.Time)
	Address(id string) string
}

// ecsReach is what tasks get through to.
type ecsReach interface {
	// Online reports whether what is in a subnet can reach the internet.
	Online(subnetID string, public bool) bool
	// Allows reports whether the groups of a network interface let TCP packets in
	// from the members of some groups.
	Allows(from []string, eni string, port int32) bool
	// Resolver is how what is in a subnet resolves names.
	Resolver(subnetID string) (vpcID string, search []string, ok bool)
}

// ecsRoles are the roles of tasks and the service-linked role.
type ecsRoles interface {
	EnsureLinkedRole(rq *request, service string) error
	LinkedRoleReady(service string) bool
	Assumable(arn, service string) error
	RoleAllows(arn, action, resource string) bool
}

// ecsTargets are the target groups of services.
type ecsTargets interface {
	FindTargetGroup(rq *request, arn string) (kind elbtypes.TargetTypeEnum, balanced, ok bool)
	Register(at time.Time, group, eni string, port int32, serves time.Time) (key string, ok bool)
	Deregister(at time.Time, group, key string) (drains time.Duration, ok bool)
	Health(at time.Time, group, key string) (state elbtypes.TargetHealthStateEnum, again time.Time, ok bool)
}

// ecsDirectory are the namespaces and services of Cloud Map.
type ecsDirectory interface {
	Namespace(nameOrARN string) (arn string, ok bool)
	FindService(rq *request, idOrARN *string) bool
	// Offer makes the Cloud Map services of Service Connect.
	Offer(rq *request, namespace string, names []string)
	// Lookup finds a full name in the private zones of a VPC.
	Lookup(vpcID, full string) []string
}

// ecsNames are the tasks under the names of Cloud Map.
type ecsNames interface {
	Join(service *string, id string, checked bool, attributes map[string]string) (name string, ok bool)
	Heal(service, id string)
	Leave(service, id string)
}

// ecsSecrets are the secrets that containers get.
type ecsSecrets interface {
	// Secret is the ARN of the secret with a name or an ARN, "" when there is none,
	// and whether it can be read.
	Secret(id string) (arn string, readable bool)
}

// ecsParameters are the parameters that containers get.
type ecsParameters interface {
	ParameterARN(ref string) string
	HasParameter(ref string) bool
}

// ecsRegistry are the images of the account's own registry.
type ecsRegistry interface {
	// Registry is the registry's host.
	Registry() string
	// Pullable is the digest of an image, "" when it is not known; ok is false when
	// there is no such image.
	Pullable(ref string) (digest string, ok bool)
	// Imports reports whether a pull makes a repository.
	Imports(repository string) bool
}

// ecsLogs are the log streams of containers.
type ecsLogs interface {
	HasGroup(at time.Time, group string, create bool) bool
	Open(group, stream string, script *logScript)
	End(group, stream string, at time.Time, words ...string)
}

// ecsDatabases are the databases and caches that tasks connect to.
type ecsDatabases interface {
	HostAddress(host string) string
	At(ip string) (eni string, port int32)
}

// ecsFiles is a kind of file systems.
type ecsFiles interface {
	// Mount mounts a volume of a task and returns why that is not possible; "" when it
	// is, or when the volume is of another kind.
	Mount(v types.Volume, zone string, groups []string, role string) string
}
