package storage

import (
	"time"

	"github.com/berthdev/berth/internal/sandbox/world"
)

// Needs are what file systems need of other services.
type Needs struct {
	Network    Network
	Interfaces Interfaces
	Roles      Roles
	Tasks      Tasks
}

// Network finds the objects of EC2 that a call names, and knows what security
// groups let in.
type Network interface {
	FindSubnet(rq *world.Request, id string) (vpcID, zone string, ok bool)
	FindGroup(rq *world.Request, id string) (vpcID string, ok bool)
	Allows(from []string, eni string, port int32) bool
}

// Interfaces are the network interfaces of mount targets.
type Interfaces interface {
	Attach(kind, subnetID string, groups []string, public bool, description string) string
	SetGroups(id string, groups []string)
	Release(id string, at time.Time)
	Address(id string) string
}

// Roles are the roles of tasks and of S3 Files.
type Roles interface {
	Assumable(arn, service string) error
	RoleAllows(arn, action, resource string) bool
}

// Tasks are the tasks that mount file systems.
type Tasks interface {
	// Mounts reports whether a task mounts a file system on a bucket now, and when
	// the last one that did so stopped; zero for never.
	Mounts(fileSystem string) (now bool, last time.Time)
}
