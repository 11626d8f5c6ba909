package existing

import (
	"context"

	"github.com/berthdev/berth/internal/engine"
)

// Names are the ids that a file gives, and what they are used for. A field is
// empty if the file does not give it.
type Names struct {
	VPC string
	// Public and Private are subnets.
	Public, Private []string
	// PrivateTasks says that tasks run in the private subnets, not in the
	// public ones.
	PrivateTasks bool
	// SecurityGroups are the groups of the tasks, Own the subnets of single services.
	SecurityGroups, Own []string
	// Providers are the names of capacity providers.
	Providers []string
	// Roles are the ARNs of the tasks' roles.
	Roles []string
	// Cluster is a name or an ARN, LoadBalancer an ARN.
	Cluster, LoadBalancer string
	// Ports are the ports that the balancer listens on.
	Ports []int
	// ElasticIPs are allocations for NAT gateways.
	ElasticIPs []string
	// Buckets are the names of buckets for volumes, FileSystems the ARNs of file
	// systems of S3 Files.
	Buckets, FileSystems []string
	// Shares are the existing file systems of EFS, Points the existing access
	// points.
	Shares []string
	Points []Point
	// Policies are the ARNs of policies for roles, Boundary is the ARN of their
	// permissions boundary.
	Policies []string
	Boundary string
	// Certificate is the ARN of the certificate for all hosts.
	Certificate string
	// Snapshots are the snapshots that managed databases begin with.
	Snapshots []Snapshot
	// Images are references to images in ECR.
	Images []string
	// AuditBucket is the bucket for the logs of sessions.
	AuditBucket string
	// Queues are the names or ARNs of queues of SQS for firings that failed.
	Queues []string
	// Backlogs are the names or ARNs of queues whose messages scale services.
	Backlogs []string
	// Parameters are public parameters of Systems Manager with the ids of AMIs.
	Parameters []string
	// Alarms are the names of alarms that end deployments, OwnAlarms those of berth's,
	// which may not be there yet.
	Alarms, OwnAlarms []string
	// Topic is the topic that hears of failures.
	Topic Topic
	// Listed waits until the deployed objects have been listed; nil means that
	// nothing is deployed.
	Listed func(context.Context) (Listed, error)
	// Owners are the owners whose listeners and rules on the balancer are
	// berth's own.
	Owners []engine.Owner
	// Region is the region where all of them must be.
	Region             string
	Account, Partition string
}

// Listed is what a listing of the deployed objects has shown.
type Listed struct {
	// VPC is the VPC that berth has made; empty if the file names one or none
	// is made yet.
	VPC string
	// Held are the Elastic IPs that berth's own NAT gateways hold.
	Held []string
	// Databases are the names of the managed databases that exist or have left
	// a final snapshot: they do not begin with another one.
	Databases []string
}

// Point is an access point of a file system.
type Point struct {
	// ID is its id, or its ARN for S3 Files; FileSystem has the same form.
	ID, FileSystem string
}

// Snapshot is the snapshot that a new managed database begins with.
type Snapshot struct {
	// Database is the database's name in the file.
	Database string
	// ID is the name of the snapshot; for a database it may be an ARN.
	ID string
	// Engine is the database's engine; empty for a cache.
	Engine string
}

// The settings that Problems and Notices are about.
const (
	KeyVPC            = "network.vpc"
	KeyPublic         = "network.public_subnets"
	KeyPrivate        = "network.private_subnets"
	KeySecurityGroups = "network.security_groups"
	KeySubnets        = "subnets"
	KeyCapacity       = "capacity"
	KeyElasticIPs     = "network.elastic_ips"
	KeyCluster        = "cluster"
	KeyBalancer       = "load_balancer"
	KeyRoles          = "execution_role_arn"
	KeyBucket         = "volumes.bucket"
	KeyAuditBucket    = "exec_audit"
	KeyFileSystem     = "volumes.file_system"
	KeyPoint          = "volumes.access_point"
	KeyPolicies       = "policies"
	KeyBoundary       = "permissions_boundary"
	KeyCertificate    = "certificate"
	KeySnapshot       = "managed.from_snapshot"
	KeyImage          = "image"
	KeyDeadLetter     = "schedule.dead_letter"
	KeyBacklog        = "autoscaling.queue"
	KeyAlarms         = "rollout.alarms"
	KeyNotify         = "notify"
)

// Empty says that the file names no existing objects, so that nothing need be
// read.
func (n Names) Empty() bool {
	return n.VPC == "" && n.Cluster == "" && n.LoadBalancer == "" &&
		n.Certificate == "" && n.Boundary == "" && n.AuditBucket == "" && n.Topic.ARN == "" && len(n.Roles)+len(n.ElasticIPs)+len(n.SecurityGroups)+len(n.Buckets)+len(n.FileSystems)+
		len(n.Shares)+len(n.Points)+len(n.Policies)+len(n.Snapshots)+len(n.Images)+len(n.Queues)+len(n.Own)+len(n.Providers)+len(n.Alarms)+len(n.OwnAlarms)+len(n.Backlogs)+len(n.Parameters) == 0
}

// Facts are what the graph needs to know about existing objects.
type Facts struct {
	// Ranges are the IPv4 ranges of the VPC.
	Ranges []string
	// Cluster and Balancer are nil if the file names none.
	Cluster  *Cluster
	Balancer *Balancer
	// Buckets are the existing buckets by name, FileSystems the existing file
	// systems of S3 Files by ARN.
	Buckets     map[string]Bucket
	FileSystems map[string]FileSystem
	// Providers are the existing capacity providers by name.
	Providers map[string]Provider
	// Parameters are the values of public parameters by name.
	Parameters map[string]string
	// Certified are the domains of the existing certificate.
	Certified []string
}

// Cluster is an existing ECS cluster.
type Cluster struct {
	ARN, Name string
	// Providers are its capacity providers.
	Providers []string
}

// Balancer is an existing application load balancer.
type Balancer struct {
	ARN string
	// DNS is its host name, Zone the hosted zone of that name.
	DNS, Zone      string
	SecurityGroups []string
	// Internal says that it only has private addresses.
	Internal bool
	// Listeners are other people's listeners, by port.
	Listeners map[int]Listener
}

// Listener is somebody else's listener of an existing balancer.
type Listener struct {
	ARN string
	// Protocol is HTTP or HTTPS.
	Protocol string
	// Priorities are the priorities of other people's rules.
	Priorities []int
}

// Remark is a problem that keeps an existing object from being used, or a
// notice about it.
type Remark struct {
	// Key is the setting that names the object, ID the object's id.
	Key, ID string
	// What says what is wrong with it or worth knowing about it, without the
	// id.
	What string
	// Remedy is what the user can do; empty for a notice.
	Remedy string
}

// Result is what Read found.
type Result struct {
	Facts
	// Problems keep objects from being used, Notices do not.
	Problems, Notices []Remark
}
