package existing

import (
	"context"

	"github.com/berthdev/berth/internal/engine"
)

// Names are the ids that a file gives, and what they are to be used for. An
// empty one is not given.
type Names struct {
	VPC string
	// Public and Private are subnets.
	Public, Private []string
	// PrivateTasks says that tasks run in the private subnets, not in the
	// public ones.
	PrivateTasks bool
	// SecurityGroups are groups that tasks are to be in.
	SecurityGroups []string
	// Roles are the ARNs of roles that tasks are to have.
	Roles []string
	// Cluster is a name or an ARN, LoadBalancer an ARN.
	Cluster, LoadBalancer string
	// Ports are those that the balancer is to listen to.
	Ports []int
	// ElasticIPs are allocations for NAT gateways.
	ElasticIPs []string
	// Buckets are names of buckets that volumes are on, FileSystems ARNs of file
	// systems of S3 Files.
	Buckets, FileSystems []string
	// Shares are the given file systems of EFS, Points the given access points.
	Shares []string
	Points []Point
	// Policies are the ARNs of policies that roles are to have, Boundary is that
	// of the policy that bounds them.
	Policies []string
	Boundary string
	// Certificate is the ARN of the certificate for all hosts.
	Certificate string
	// Snapshots are those that managed databases begin with.
	Snapshots []Snapshot
	// Images are references to images in ECR.
	Images []string
	// Listed waits until what is deployed has been listed; nil says that nothing
	// is deployed.
	Listed func(context.Context) (Listed, error)
	// Owners are whose listeners and rules on the balancer are berth's own.
	Owners []engine.Owner
	// Region is where all of them must be.
	Region             string
	Account, Partition string
}

// Listed is what a listing of what is deployed has shown.
type Listed struct {
	// VPC is the one that berth has made, if it has; for a given one empty.
	VPC string
	// Held are the Elastic IPs that berth's own NAT gateways hold.
	Held []string
	// Databases are the names of the managed databases that exist, or that have
	// left a final snapshot: they begin with no other.
	Databases []string
}

// Point is an access point of a file system.
type Point struct {
	// ID is its id, or its ARN for S3 Files; FileSystem is written likewise.
	ID, FileSystem string
}

// Snapshot is what a new managed database begins with.
type Snapshot struct {
	// Database is the database's name in the file.
	Database string
	// ID is the name of the snapshot; for a database also an ARN.
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
	KeyElasticIPs     = "network.elastic_ips"
	KeyCluster        = "cluster"
	KeyBalancer       = "load_balancer"
	KeyRoles          = "execution_role_arn"
	KeyBucket         = "volumes.bucket"
	KeyFileSystem     = "volumes.file_system"
	KeyPoint          = "volumes.access_point"
	KeyPolicies       = "policies"
	KeyBoundary       = "permissions_boundary"
	KeyCertificate    = "certificate"
	KeySnapshot       = "managed.from_snapshot"
	KeyImage          = "image"
)

// Empty says that nothing is given, so that nothing need be read.
func (n Names) Empty() bool {
	return n.VPC == "" && n.Cluster == "" && n.LoadBalancer == "" &&
		n.Certificate == "" && n.Boundary == "" && len(n.Roles)+len(n.ElasticIPs)+len(n.SecurityGroups)+len(n.Buckets)+len(n.FileSystems)+
		len(n.Shares)+len(n.Points)+len(n.Policies)+len(n.Snapshots)+len(n.Images) == 0
}

// Facts are what the graph needs of what is given.
type Facts struct {
	// Ranges are the IPv4 ranges of the VPC.
	Ranges []string
	// Cluster and Balancer are nil if none are given.
	Cluster  *Cluster
	Balancer *Balancer
	// Buckets are the given buckets by name, FileSystems the given file systems
	// of S3 Files by ARN.
	Buckets     map[string]Bucket
	FileSystems map[string]FileSystem
	// Certified are the domains of the given certificate.
	Certified []string
}

// Cluster is a given ECS cluster.
type Cluster struct {
	ARN, Name string
	// Providers are its capacity providers.
	Providers []string
}

// Balancer is a given application load balancer.
type Balancer struct {
	ARN string
	// DNS is its host name, Zone the hosted zone of that name.
	DNS, Zone      string
	SecurityGroups []string
	// Internal says that it has private addresses only.
	Internal bool
	// Listeners are those of others, by port.
	Listeners map[int]Listener
}

// Listener is somebody else's port of a given balancer.
type Listener struct {
	ARN string
	// Protocol is HTTP or HTTPS.
	Protocol string
	// Priorities are those that the rules of others have.
	Priorities []int
}

// Remark is something about a given thing: a problem that keeps it from being
// used, or a notice.
type Remark struct {
	// Key is the setting that gives the thing, ID the thing.
	Key, ID string
	// What is wrong with it or to be known of it, without the id.
	What string
	// Remedy is what to do; empty for a notice.
	Remedy string
}

// Result is what Read found.
type Result struct {
	Facts
	// Problems keep the things from being used, Notices do not.
	Problems, Notices []Remark
}
