// Package oneoff starts, follows and stops one-off tasks: tasks that have the
// definition, network and roles of a service or job of a project, and run beside it.
package oneoff
