// Package existing reads and checks the objects that a file names by id: a VPC
// with its subnets, security groups, roles and policies, a cluster, a load
// balancer, a certificate, Elastic IPs, buckets, file systems and access points,
// snapshots, images in ECR. Others made them; berth uses them and never changes
// them, so every call here only reads. Read returns a Problem for everything that
// keeps them from being used, all at once and before anything is planned.
//
// It imports the SDK, engine and call. To add another kind of object, add a
// file with its check beside roles.go, and a line in Read.
package existing
