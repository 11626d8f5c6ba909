// Package operator is berth as a Kubernetes operator: controllers that bring
// AWS to what AWSProvider and ECSCluster objects say. They hold no knowledge of
// AWS: an object becomes a small graph (ecscluster/graph.go), the engine plans
// and applies it, and what comes of it goes into the object's status.
//
// An ECSCluster's way: cluster_controller.go decides whether there is anything
// to do, providers.go finds the account, account.Readings shows AWS,
// ecscluster.ClaimOn says whose the cluster is, cluster_sync.go plans and
// applies, cluster_delete.go lets go, status.go writes. The operator never
// writes a spec.
//
// It may import the engine, internal/aws and what is below internal/operator. A
// new kind is its types in api/v1alpha1, a package beside ecscluster, a
// controller and a line in operator.go. Environments and whole applications will
// be such kinds: their graph is the blueprint's.
package operator
