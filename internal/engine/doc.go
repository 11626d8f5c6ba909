// Package engine brings live objects to a desired state. It is generic: it
// knows no AWS. The way through it:
//
//   - resource.go, ref.go, graph.go: the desired resources, and the types that
//     know how to list, make, change and delete them.
//   - read.go, world.go: Read lists what is there, all types side by side.
//   - plan.go, planner.go, diff.go, doomed.go: MakePlan compares the two, three
//     ways, and says what to do and why. It is pure. render.go and plan_json.go
//     are its text and JSON forms.
//   - steps.go, order.go: the calls of a plan and what each waits for.
//   - apply.go, run.go, task.go: Runner.Apply makes the calls, the most urgent
//     first. One goroutine owns the run's state; each step has its own and sends
//     it functions. retry.go and doubt.go repeat calls by the class of their
//     failure; poller.go and pace.go look at what is not ready yet.
//
// It may import internal/clock and nothing else of berth. A new resource type
// is not added here but in internal/aws; a new ability of types is a small
// interface beside Poller in resource.go.
package engine
