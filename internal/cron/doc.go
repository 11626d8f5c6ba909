// Package cron reads the expressions that say when a schedule runs, translates them to
// those of EventBridge Scheduler, and computes the next runs in a time zone.
//
// Parse reads every form: AWS's cron(), rate() and at(), AWS's six fields and Unix's
// five fields without cron(), the macros of Unix's cron (@daily), and "every 5 minutes".
// An Expression is always valid: its String is AWS's text for it, and never the text of
// the file.
//
// Next does with daylight saving what AWS says that EventBridge Scheduler does
// (https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html): a
// run at a time that the change of the clock skips does not happen, a time that happens
// twice runs once, and a day of rate() is always 24 hours.
//
// It imports nothing of berth. A new form of text is a case in Parse.
package cron
