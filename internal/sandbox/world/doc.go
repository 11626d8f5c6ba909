// Package world has the parts of an AWS in memory apart from its services: calls
// and their record, time and events, ids, faults, rate limits, policies, and the
// file that a world is saved in.
//
// An Account is what services see: number, time, ids, zones and quotas. A
// Service registers its operations (On) and events (Router.Event) and keeps its
// objects in Tables, which hide new objects and keep deleted ones for as long as
// AWS's own views lag behind. A World is what callers see; New makes one of an
// account and services.
//
// Time is modelled. A clock.Clock says what time it is; what happens by itself
// (a NAT gateway becomes available, a task starts) is an event with a time, and
// all events up to now happen, in order, before a call is answered. There are
// no goroutines and no timers, so a world behaves the same in a
// testing/synctest bubble, on the wall clock and on one that runs fast.
//
// Ids and lags only depend on the seed, a kind and a counter: a changed kind
// changes golden files.
//
// It imports clock, regular and the AWS SDK, and no service.
package world
