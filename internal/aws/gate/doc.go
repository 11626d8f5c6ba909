// Package gate has the Gate that every AWS call of berth passes: one per
// account and region, attached to the SDK's clients by Gate.Attach. From the
// outside to the inside an operation passes
//
//   - the classifier, which turns every error into an *Error: service,
//     operation, AWS's code and what the error means to the caller;
//   - the retries: throttled calls are repeated, calls without an answer only
//     if repeating them cannot make a second object (repeat.go);
//   - the token bucket of its API family, so that a large deployment stays
//     below AWS's limits instead of running into them (limits.go);
//   - the check that a successful answer has what berth's types rely on
//     (members.go), so that no type needs its own check;
//   - the check that an answer comes from AWS (foreign.go);
//   - the guard of the context, which fails a changing call once the lease is lost;
//   - the counter.
//
// It imports engine (for the classes of errors), clock and the SDK's core, and
// no client of a service: it knows operations by name.
//
// Where to add to it: add a row for an error code in class.go, a rate limit in
// limits.go, a member that an operation's answers always have in members.go, an
// operation that must not be repeated in repeat.go, a quota in quota.go, a
// service in service.go.
package gate
