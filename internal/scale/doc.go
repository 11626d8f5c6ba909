// Package scale sets the number of tasks of services by hand: to a number, to zero, and
// back. A number that was set by hand stays until the files ask for another one; tags of
// the service in ECS say what was set.
//
// It works under the stack's lock, with the machinery of a restart (internal/deploy).
package scale
