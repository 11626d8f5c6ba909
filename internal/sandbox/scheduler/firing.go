package scheduler

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/scheduler/types"

	"github.com/berthdev/berth/internal/cron"
)

const (
	firingEvent = "scheduler.fire"
	// mostFirings is how many firings of a schedule are kept.
	mostFirings = 20
	// oftenTwice is the part of the firings that are delivered twice. AWS names none;
	// it is often enough for a test to meet one.
	oftenTwice = 0.125
)

// due is one firing, written into the id of its event.
type due struct {
	key     string
	version int
	at      time.Time
	attempt int
	again   bool
}

func (d due) String() string {
	return strings.Join([]string{d.key, strconv.Itoa(d.version), d.at.Format(time.RFC3339Nano), strconv.Itoa(d.attempt), strconv.FormatBool(d.again)}, " ")
}

func dueOf(id string) (d due, ok bool) {
	words := strings.Fields(id)
	if len(words) != 5 {
		return due{}, false
	}
	var errs [4]error
	d.key = words[0]
	d.version, errs[0] = strconv.Atoi(words[1])
	d.at, errs[1] = time.Parse(time.RFC3339Nano, words[2])
	d.attempt, errs[2] = strconv.Atoi(words[3])
	d.again, errs[3] = strconv.ParseBool(words[4])
	return d, errors.Join(errs[:]...) == nil
}

// plan schedules the next firing after a moment. Times have a precision of a minute;
// a flexible window adds to it.
// https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html
func (p *Scheduler) plan(after time.Time, s *schedule) {
	if s.Is.State != types.ScheduleStateEnabled {
		return
	}
	e, err := cron.Parse(*s.Is.ScheduleExpression)
	if err != nil {
		return
	}
	zone, err := cron.Zone(*s.Is.ScheduleExpressionTimezone)
	if err != nil {
		return
	}
	// A rate without a start begins at once.
	anchor := s.Created
	if s.Is.StartDate != nil {
		anchor = *s.Is.StartDate
	}
	if s.Is.StartDate != nil && after.Before(*s.Is.StartDate) {
		after = s.Is.StartDate.Add(-time.Nanosecond)
	}
	next, ok := e.Next(after, anchor, zone)
	if !ok || s.Is.EndDate != nil && next.After(*s.Is.EndDate) {
		return
	}
	d := due{key: keyOf(*s.Is.GroupName, *s.Is.Name), version: s.Version, at: next.UTC(), attempt: 1}
	spread := time.Minute + time.Duration(aws.ToInt32(s.Is.FlexibleTimeWindow.MaximumWindowInMinutes))*time.Minute
	late := time.Duration(p.account.Chance("scheduler.late", d.String()) * float64(spread-time.Second))
	p.account.Schedule(next.Add(late), firingEvent, d.String())
}

// fire makes one call of a schedule, and plans what follows.
func (p *Scheduler) fire(at time.Time, id string) {
	d, ok := dueOf(id)
	s := p.s.Schedules.Get(d.key)
	if !ok || s == nil || s.Version != d.version {
		return
	}
	if d.attempt == 1 && !d.again {
		p.plan(d.at, s)
		if p.account.Chance("scheduler.twice", d.key, d.at.String()) < oftenTwice {
			again := d
			again.again = true
			p.account.Schedule(at.Add(20*time.Second), firingEvent, again.String())
		}
	}
	f := Firing{Scheduled: d.at, At: at, Attempt: d.attempt, Again: d.again}
	err := p.call(at, s, d)
	if err != nil {
		f.Error = err.Error()
	}
	s.Firings = append(s.Firings, f)
	s.Firings = s.Firings[max(0, len(s.Firings)-mostFirings):]
	if err == nil {
		return
	}
	wait := time.Minute << min(d.attempt-1, 6)
	retry := s.Is.Target.RetryPolicy
	if d.attempt <= int(*retry.MaximumRetryAttempts) && at.Add(wait).Sub(d.at) <= time.Duration(*retry.MaximumEventAgeInSeconds)*time.Second {
		d.attempt++
		p.account.Schedule(at.Add(wait), firingEvent, d.String())
		return
	}
	s.Failures = append(s.Failures, f)
	s.Failures = s.Failures[max(0, len(s.Failures)-mostFirings):]
}

// call calls the schedule's target with its role.
func (p *Scheduler) call(at time.Time, s *schedule, d due) error {
	role := aws.ToString(s.Is.Target.RoleArn)
	g := p.s.Groups.Get(*s.Is.GroupName)
	if g == nil {
		return errors.New("the schedule group is gone")
	}
	if err := p.Needs.Roles.AssumableFor(role, principal, g.ARN); err != nil {
		return err
	}
	// https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-schedule-context-attributes.html
	text := strings.NewReplacer(
		"<aws.scheduler.schedule-arn>", s.ARN, "<aws.scheduler.scheduled-time>", d.at.UTC().Format(time.RFC3339),
		"<aws.scheduler.execution-id>", fmt.Sprintf("%x", p.account.Chance("scheduler.execution", d.String())),
		"<aws.scheduler.attempt-number>", strconv.Itoa(d.attempt),
	).Replace(aws.ToString(s.Is.Target.Input))
	c, known := calls[targetOf(aws.ToString(s.Is.Target.Arn))]
	if !known {
		return errors.New("the sandbox does not know the call " + aws.ToString(s.Is.Target.Arn))
	}
	in, err := c.read(text)
	if err != nil {
		return err
	}
	_, err = p.account.Act(at, p.Needs.Roles.PolicyOf(role), c.service, c.operation, in)
	return err
}
