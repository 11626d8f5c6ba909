// Package schedule reads x-berth.schedule: when a job runs by itself, and how.
//
// It imports project, cron and credential. A new setting is a field of Schedule, a line
// in Read, and one in the schema.
package schedule
