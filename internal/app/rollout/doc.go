// Package rollout is how the traffic of a service moves from an old version to a new one:
// what a file asks for, and what that means. It may import internal/project.
package rollout
