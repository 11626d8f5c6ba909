// Package compute is the sandbox's ECS with Fargate.
//
// An ECS is made of types in the order in which a container comes to run: Clusters
// and definitions are what is asked for; services and deployments are what a
// service is to be; the scheduler compares that with what runs; placement finds a
// place for a task; Fargate takes it through its states, and startup checks what it
// needs for that. The scheduler is called when something may have changed and does
// nothing when nothing has.
//
// What containers do is in images.go: every image is known and runs well; those
// named sandbox/... follow a script that their name tells.
//
// It imports packages world and logs only; what it needs of other services is in
// needs.go.
package compute
