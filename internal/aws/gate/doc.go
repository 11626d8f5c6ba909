// Package gate is what every AWS call of berth passes on its way: one Gate
// per account and region, attached to the SDK's clients by Gate.Attach. From
// the outside to the inside an operation meets
//
//   - the classifier, which turns every error into an *Error: service,
//     operation, AWS's code and what the error means to the caller;
//   - the retries: throttled calls are repeated, calls without an answer only
//     where a repetition cannot make a second object (repeat.go);
//   - the token bucket of its API family, so that a large deployment stays
//     below AWS's limits instead of running into them (limits.go);
//   - the check that a successful answer has what berth's types rely on
//     (members.go), so that no type needs one of its own;
//   - the check that an answer is one of AWS's at all (foreign.go);
//   - the guard of the context, which fails a changing call once the lease is lost;
//   - the counter.
//
// It imports engine (for the classes of errors), clock and the SDK's core, and
// no client of a service: it knows operations by name.
//
// Where to add to it: an error code is a row in class.go, a rate limit one in
// limits.go, what an operation's answers always have one in members.go, an
// operation that must not be repeated one in repeat.go, a quota
// one in quota.go, a service one in service.go.
package gate
