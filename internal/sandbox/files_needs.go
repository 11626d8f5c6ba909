package sandbox

import "time"

// filesNeeds are what file systems need of other services.
type filesNeeds struct {
	Network    filesNetwork
	Interfaces filesInterfaces
	Roles      filesRoles
	Tasks      filesTasks
}

// filesNetwork finds the objects of EC2 that a call names, and knows what security
// groups let in.
type filesNetwork interface {
	FindSubnet(rq *request, id string) (vpcID, zone string, ok bool)
	FindGroup(rq *request, id string) (vpcID string, ok bool)
	Allows(from []string, eni string, port int32) bool
}

// filesInterfaces are the network interfaces of mount targets.
type filesInterfaces interface {
	Attach(kind, subnetID string, groups []string, public bool, description string) string
	SetGroups(id string, groups []string)
	Release(id string, at time.Time)
	Address(id string) string
}

// filesRoles are the roles of tasks and of S3 Files.
type filesRoles interface {
	Assumable(arn, service string) error
	RoleAllows(arn, action, resource string) bool
}

// filesTasks are the tasks that mount file systems.
type filesTasks interface {
	// Mounts reports whether a task mounts a file system on a bucket now, and when
	// the last one that did so stopped; zero for never.
	Mounts(fileSystem string) (now bool, last time.Time)
}
