package sandbox

import "time"

// elbNeeds are what load balancing needs of other services.
type elbNeeds struct {
	Network      elbNetwork
	Interfaces   elbInterfaces
	Reach        elbReach
	Roles        elbRoles
	Certificates elbCertificates
}

// elbNetwork finds the objects of EC2 that a call names.
type elbNetwork interface {
	FindVPC(rq *request, id string) bool
	FindSubnet(rq *request, id string) (vpcID, zone string, ok bool)
	FindGroup(rq *request, id string) (vpcID string, ok bool)
	FindGateway(rq *request, vpcID string) bool
}

// elbInterfaces are the network interfaces of load balancers.
type elbInterfaces interface {
	Attach(kind, subnetID string, groups []string, public bool, description string) string
	SetGroups(id string, groups []string)
	Release(id string, at time.Time)
}

// elbReach is where things are and what security groups let in.
type elbReach interface {
	Zone(subnetID string) string
	Interface(eni string) (ip, zone string)
	Allows(from []string, eni string, port int32) bool
}

// elbRoles makes the service-linked role.
type elbRoles interface {
	EnsureLinkedRole(rq *request, service string) error
}

// elbCertificates are the certificates of listeners.
type elbCertificates interface {
	Exists(arn string) bool
	Usable(arn string) bool
	Release(now time.Time, arn string)
}
