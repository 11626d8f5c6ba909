package blueprint

import (
	"slices"

	"github.com/berthdev/berth/internal/app"
	"github.com/berthdev/berth/internal/engine"
)

// executionRoleOf is the role that a workload's tasks start with.
func (b *builder) executionRoleOf(w app.Workload) engine.Ref {
	if w.ExecutionRole != "" {
		return engine.Lit(w.ExecutionRole)
	}
	return b.startRole(w).ARN()
}

// needsTaskRole says whether berth makes the role of a workload's own code.
// Whoever gives an execution role often may make none: then a workload that may
// do nothing in AWS has none, which means the same.
func needsTaskRole(w app.Workload) bool {
	return w.TaskRole == "" && (w.ExecutionRole == "" || !w.Policies.Empty())
}

// taskRoleOf is the role that a workload's own code has; empty for none.
func (b *builder) taskRoleOf(w app.Workload) engine.Ref {
	if role := b.roles[w.Name]; role != nil {
		return role.ARN()
	}
	return engine.Lit(w.TaskRole)
}
