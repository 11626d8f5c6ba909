// Package scheduler has the resource types of EventBridge Scheduler: the schedule group
// of a stack (group.go), and the schedules in it, which run tasks in ECS
// (schedule.go).
//
// A schedule calls ECS's RunTask itself (a universal target) and does not use the
// template for ECS (EcsParameters), for one reason: AWS delivers a firing at least once,
// so it may come twice, and only the call itself takes a client token. The token is
// made of the schedule and <aws.scheduler.scheduled-time>, so that a firing which comes
// twice starts one task, as long as ECS remembers the token: for 24 hours, or as long as
// the task is known. See run.go.
//
// Two schedules stop a database in the evening and start it in the morning
// (databases.go). The second of two equal calls fails, because the database is not in the
// state for it any more, and does no harm.
//
// A schedule has no tags; its group has. Groups have deterministic names, and berth's
// mark is in a schedule's description. AWS's UpdateSchedule replaces everything, so
// that every update sends the whole schedule.
//
// It may import gate, tagindex, concurrent and engine. A new setting of schedules is a
// field of Schedule, and a line in input.go and in shown.go.
package scheduler
