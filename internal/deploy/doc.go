// Package deploy is berth as a library: it brings a project to AWS, and says
// what is there.
//
//	source, err := deploy.Load(ctx, project.Options{Dir: "."}, app.Options{})
//	project, err := deploy.Open(ctx, source, target)
//	plan, err := project.Plan(ctx, deploy.Request{}, observer)
//	outcome, err := project.Apply(ctx, plan, observer)
//	status, err := project.Status(ctx)
//
// A Source is what to deploy: the app of some Compose files, or one that the
// caller has made. A Target is where: an account and region, with the clients,
// the clock and the store that belong to it. Between Plan and Apply the caller
// shows the plan and asks the person who has to agree. The package prints nothing
// and asks nobody: it returns typed results, and tells an Observer of everything
// that happens meanwhile.
//
// A call is a row of stages, each a type with its input and its output:
//
//	contents  what images are built from       contents.go
//	observe   the locks, without taking them   observe.go
//	read      what AWS has, and the graph      read.go
//	claim     whose the stack is               claim.go
//	decide    the plan                         decide.go
//	lock      take the locks                   lock.go
//	apply     carry the plan out               apply.go
//	record    write the release down           record.go
//
// The locks are observed before AWS is read and taken only if nobody has held
// them since. So a plan needs no second reading, and a call that has nothing to
// do writes nothing.
//
// Calls of one Project may run side by side, and so may Projects of one Target:
// what a call learns stays in its plan. Two Applies to one stack exclude each
// other by its lock, as two processes do.
//
// The command line and the test benches are front ends of this package. The
// operator is not one: its objects are clusters and providers that a Kubernetes
// API describes, with graphs of their own (internal/operator/ecscluster), no
// Compose file behind them, and Kubernetes' leases in place of these locks. What
// both share is below this package: engine and aws.
//
// It may import everything from internal/project to internal/state and
// internal/status, but not internal/sandbox, and nothing that shows something:
// not internal/command, not internal/progress. A new
// question about a project is a file beside status.go; a new step of a
// deployment belongs to the stage above that it is part of.
package deploy
