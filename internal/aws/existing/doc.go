// Package existing reads and checks the things that a file names by id: a VPC with
// its subnets, security groups, roles and policies, a cluster, a load balancer, a
// certificate, Elastic IPs, buckets, file systems and access points, snapshots,
// images in ECR.
// Others made them; berth uses them and never changes them, so every call here
// only reads. Whatever keeps them from being used is a Problem, all of them at
// once and before anything is planned.
//
// It imports the SDK, engine and call. Another kind of thing is a file of its
// own beside roles.go with a check, and a line in Read.
package existing
