// Package rollback goes back to a release: services and schedules run again what they ran
// in it. Only the revisions of task definitions go back; the number of tasks, names,
// balancers, secrets and data stay as they are, and jobs do not run again.
//
// It reads the record of the release (internal/state), and works under the stack's lock
// with the machinery of a restart (internal/deploy).
package rollback
