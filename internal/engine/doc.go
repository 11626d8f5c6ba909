// Package engine brings objects to a desired state. It is generic: it knows no
// provider. Its files, in reading order:
//
//   - resource.go, ref.go, graph.go: the desired resources, and the types that
//     know how to list, make, change and delete them.
//   - read.go, observed.go: Read lists the existing objects, all types at once.
//   - plan.go, planner.go, diff.go, deletions.go: MakePlan compares the desired,
//     the observed and the last applied state, and says what to do. cause.go has
//     the reasons, as facts; package plantext words them. MakePlan is pure.
//   - steps.go, order.go: the calls of a plan and what each waits for.
//   - apply.go, run.go, task.go: Runner.Apply makes the calls, the most urgent
//     first. One goroutine owns the run's state; each step has its own and sends
//     it functions. retry.go and unknown_outcome.go repeat calls by the class of
//     their failure; poller.go and pace.go poll what is not ready yet.
//
// # The order of deletions
//
// A graph says what refers to what, but only for resources that are still
// desired. What is deleted is often in no graph: an orphan, another version's
// resource, or everything at a teardown after the file has changed. So the order
// of all deletions comes from the objects themselves (mentions.go):
//
//   - An object has names: its id and its outputs, of six characters or more.
//     Shorter ones, such as "tcp" or "80", appear in attributes by chance.
//   - An object mentions another when one of its attributes holds one of the
//     other's names, as the whole value or as a string within JSON. Parts of a
//     string do not count.
//   - An object is deleted after those that mention it. Deletions of objects that
//     mention each other, such as two security groups, begin at the same time
//     (order.go): the provider refuses one of them until the other is gone, and
//     the call is repeated.
//   - If attributes do not show what an object must wait for, its type says so:
//     Spec.DeletesAfter and Spec.DeletesWith.
//
// The same relation tells which of two objects at an address is in use (uses.go)
// and which objects must stay because another one stays (deletions.go). All that
// it needs from a type are attributes that show ids as the provider writes them.
// If a type's attributes leave out an id that other deletions wait for, that
// deletion is tried too early: the provider refuses it and the call is repeated,
// which only costs time.
//
// It may import internal/clock and internal/values, and nothing else of berth.
// Add a new resource type in internal/aws, not here; add a new ability of types
// as a small interface beside Poller in resource.go.
package engine
