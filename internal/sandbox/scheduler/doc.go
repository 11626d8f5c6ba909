// Package scheduler is the sandbox's EventBridge Scheduler: groups, schedules, and their
// firings, which call other services with the role of the schedule.
//
// A firing is an event of the world at a moment in the minute that the expression
// names. AWS delivers a firing at least once, so that some come twice here: which ones
// only depends on the seed. A call that fails is repeated as the schedule's retry policy
// says, and then kept as a failure, as a dead-letter queue would keep it.
//
// The texts of errors are those that users report; see the functions of check.go.
//
// It imports world and cron.
package scheduler
