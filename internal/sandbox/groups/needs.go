package groups

import (
	"time"

	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"github.com/berthdev/berth/internal/sandbox/world"
)

// Needs are what Auto Scaling needs of other services.
type Needs struct {
	Network    Network
	Interfaces Interfaces
	Roles      Roles
	Profiles   Profiles
	Agents     Agents
}

// Network is the part of EC2 that instances are started from.
type Network interface {
	Template(rq *world.Request, id, version string) (*types.ResponseLaunchTemplateData, error)
	// LaunchData is the same for what happens without a call; nil if there is none.
	LaunchData(id, version string) *types.ResponseLaunchTemplateData
	FindSubnet(rq *world.Request, id string) (vpcID, zone string, ok bool)
	FindGroup(rq *world.Request, id string) (vpcID string, ok bool)
	Zone(subnetID string) string
	// Online reports whether instances in a subnet can reach the internet.
	Online(subnetID string, public bool) bool
}

// Interfaces are the network interfaces of instances.
type Interfaces interface {
	Attach(kind, subnetID string, groups []string, public bool, description string) string
	Release(id string, at time.Time)
}

// Roles are the roles of instances and the service-linked role.
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

// Agents are the agents of ECS on instances.
type Agents interface {
	// Join registers an instance with a cluster; Leave is the end of the instance.
	Join(at time.Time, cluster string, i Instance)
	Leave(at time.Time, id string)
}

// Instance is an instance of a group. Group is the group's ARN, Kind the instance type.
type Instance struct {
	ID, Group, Kind, Zone, Subnet string
	// Attributes are those that the user data gives its agent.
	Attributes map[string]string `json:",omitempty"`
}
