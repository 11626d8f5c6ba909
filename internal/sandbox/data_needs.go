package sandbox

import "time"

// dataNeeds are what databases and caches need of other services.
type dataNeeds struct {
	Network    dataNetwork
	Interfaces dataInterfaces
	Roles      dataRoles
}

// dataNetwork finds the objects of EC2 that a call names.
type dataNetwork interface {
	FindSubnet(rq *request, id string) (vpcID, zone string, ok bool)
	FindGroup(rq *request, id string) (vpcID string, ok bool)
	// Zone is the availability zone of a subnet.
	Zone(subnetID string) string
}

// dataInterfaces are the network interfaces of databases and caches.
type dataInterfaces interface {
	Attach(kind, subnetID string, groups []string, public bool, description string) string
	SetGroups(id string, groups []string)
	Release(id string, at time.Time)
	Address(id string) string
}

// dataRoles are the service-linked roles.
type dataRoles interface {
	EnsureLinkedRole(rq *request, service string) error
	LinkedRoleReady(service string) bool
}
