// Package compute is the sandbox's ECS with Fargate.
//
// An ECS consists of types, here in the order that leads to a running container:
// Clusters and definitions hold what callers ask for; services and deployments say
// what a service should be; the scheduler compares that with what runs; placement
// finds a place for a task; Fargate takes the task through its states, and startup
// checks what the task needs to start. The scheduler is called when something may
// have changed and does nothing when nothing has.
//
// images.go says what containers do: every image is known and runs well; an
// image named sandbox/... follows a script that its name selects.
//
// It only imports packages world and logs; needs.go has what it needs from other
// services.
package compute
