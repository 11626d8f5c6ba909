package data

import (
	"time"

	"github.com/berthdev/berth/internal/sandbox/world"
)

// Needs are what databases and caches need of other services.
type Needs struct {
	Network    Network
	Interfaces Interfaces
	Roles      Roles
}

// Network finds the objects of EC2 that a call names.
type Network interface {
	FindSubnet(rq *world.Request, id string) (vpcID, zone string, ok bool)
	FindGroup(rq *world.Request, id string) (vpcID string, ok bool)
	// Zone is the availability zone of a subnet.
	Zone(subnetID string) string
}

// Interfaces are the network interfaces of databases and caches.
type Interfaces interface {
	Attach(kind, subnetID string, groups []string, public bool, description string) string
	SetGroups(id string, groups []string)
	Release(id string, at time.Time)
	Address(id string) string
}

// Roles are the service-linked roles.
type Roles interface {
	EnsureLinkedRole(rq *world.Request, service string) error
	LinkedRoleReady(service string) bool
}
