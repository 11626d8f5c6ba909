package balancing

import (
	"github.com/berthdev/berth/internal/sandbox/world"
)

import "time"

// Needs are what load balancing needs of other services.
type Needs struct {
	Network      Network
	Interfaces   Interfaces
	Reach        Reach
	Roles        Roles
	Certificates Certificates
}

// Network finds the objects of EC2 that a call names.
type Network interface {
	FindVPC(rq *world.Request, id string) bool
	FindSubnet(rq *world.Request, id string) (vpcID, zone string, ok bool)
	FindGroup(rq *world.Request, id string) (vpcID string, ok bool)
	FindGateway(rq *world.Request, vpcID string) bool
}

// Interfaces are the network interfaces of load balancers.
type Interfaces interface {
	Attach(kind, subnetID string, groups []string, public bool, description string) string
	SetGroups(id string, groups []string)
	Release(id string, at time.Time)
}

// Reach says where interfaces are and what security groups allow.
type Reach interface {
	Zone(subnetID string) string
	Interface(eni string) (ip, zone string)
	Allows(from []string, eni string, port int32) bool
	// Admits reports whether some groups let anybody in on a TCP port.
	Admits(groups []string, port int32) bool
}

// Roles makes the service-linked role.
type Roles interface {
	EnsureLinkedRole(rq *world.Request, service string) error
}

// Certificates are the certificates of listeners.
type Certificates interface {
	Exists(arn string) bool
	Usable(arn string) bool
	Release(now time.Time, arn string)
}
