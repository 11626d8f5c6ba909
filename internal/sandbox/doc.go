// Package sandbox is an AWS in memory behind the real SDK clients.
//
// A World gives out an aws.Config. Clients made from it serialise, sign and
// retry as ever; only the last step, the wire, is replaced: a middleware hands
// the typed input to a handler and returns the handler's typed output or
// error. Nothing ever reaches a network.
//
// The world is adversarial on purpose, because a kind fake proves nothing:
// describes lag behind creates, roles cannot be assumed for seconds, network
// interfaces linger, deletions wait for their dependents, names stay taken,
// quotas and token buckets are those of AWS, and any call can be made to fail.
//
// Time is a model. A clock.Clock says what time it is; what happens by itself
// (a NAT gateway becomes available, a task starts) is an event with a moment,
// and all events up to now happen, in order, before a call is answered. There
// are no goroutines and no timers, so a world behaves the same in a
// testing/synctest bubble, on the wall clock and on one that runs fast.
//
// It imports clock and the AWS SDK, nothing else of berth: it must not share
// an assumption with the code that it tests.
//
// Where to add to it: an operation is a method of its service's part and one
// line in that part's routes. A service is a part, listed in parts.go. A
// duration is a row in durations.go, with its source.
package sandbox
