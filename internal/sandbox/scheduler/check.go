package scheduler

import (
	"encoding/json"
	"fmt"
	"regexp"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/scheduler"
	"github.com/aws/aws-sdk-go-v2/service/scheduler/types"

	"github.com/berthdev/berth/internal/cron"
	"github.com/berthdev/berth/internal/sandbox/world"
)

// The bounds are those of the API's model (botocore's scheduler/2021-06-30).
var (
	names       = regexp.MustCompile(`^[0-9a-zA-Z-_.]{1,64}$`)
	queues      = regexp.MustCompile(`^arn:aws[a-z-]*:sqs:[a-z0-9\-]+:\d{12}:[a-zA-Z0-9\-_]+$`)
	expressions = regexp.MustCompile(`^(cron\(\S+( \S+){5}\)|rate\([1-9]\d* (minute|hour|day)s?\)|at\([0-9T:-]+\))$`)
	universal   = regexp.MustCompile(`^arn:aws[a-z-]*:scheduler:::aws-sdk:([a-z0-9]+):([a-zA-Z0-9]+)$`)
)

func constraint(field, rule string) error {
	return invalid("1 validation error detected: Value at '" + field + "' failed to satisfy constraint: Member must " + rule)
}

func checkName(field, name string) error {
	if !names.MatchString(name) {
		return constraint(field, "satisfy regular expression pattern: ^[0-9a-zA-Z-_.]+$")
	}
	return nil
}

// check refuses what AWS refuses, in the order model, group, expression, role, target.
func (p *Scheduler) check(rq *world.Request, in *scheduler.CreateScheduleInput) error {
	if err := checkModel(in); err != nil {
		return err
	}
	g := p.s.Groups.Find(rq, *in.GroupName)
	switch {
	case g == nil:
		return noGroup(*in.GroupName)
	case g.Deleting:
		return taken(fmt.Sprintf("Schedule group %s is being deleted.", *in.GroupName))
	}
	if err := checkTimes(rq.Now, in); err != nil {
		return err
	}
	role := aws.ToString(in.Target.RoleArn)
	if err := rq.PassRole(role, principal); err != nil {
		return err
	}
	// https://github.com/aws/aws-sdk-js-v3/issues/6494
	if p.Needs.Roles.AssumableFor(role, principal, g.ARN) != nil {
		return invalid("The execution role you provide must allow AWS EventBridge Scheduler to assume the role.")
	}
	return checkTarget(in.Target)
}

func checkModel(in *scheduler.CreateScheduleInput) error {
	if err := checkName("name", aws.ToString(in.Name)); err != nil {
		return err
	}
	if err := checkName("groupName", aws.ToString(in.GroupName)); err != nil {
		return err
	}
	switch {
	case len(aws.ToString(in.Description)) > 512:
		return constraint("description", "have length less than or equal to 512")
	case in.ScheduleExpression == nil || len(*in.ScheduleExpression) > 256:
		return constraint("scheduleExpression", "have length less than or equal to 256")
	case in.Target == nil || in.Target.Arn == nil || in.Target.RoleArn == nil:
		return constraint("target", "not be null")
	case in.FlexibleTimeWindow == nil:
		return constraint("flexibleTimeWindow", "not be null")
	}
	minutes := in.FlexibleTimeWindow.MaximumWindowInMinutes
	flexible := in.FlexibleTimeWindow.Mode == types.FlexibleTimeWindowModeFlexible
	if flexible != (minutes != nil) || minutes != nil && (*minutes < 1 || *minutes > 1440) {
		return invalid("Invalid Flexible Time Window: MaximumWindowInMinutes must be between 1 and 1440 with FLEXIBLE, and unset with OFF.")
	}
	if r := in.Target.RetryPolicy; r != nil {
		if n := r.MaximumRetryAttempts; n != nil && (*n < 0 || *n > 185) {
			return constraint("target.retryPolicy.maximumRetryAttempts", "have value less than or equal to 185")
		}
		if n := r.MaximumEventAgeInSeconds; n != nil && (*n < 60 || *n > 86400) {
			return constraint("target.retryPolicy.maximumEventAgeInSeconds", "have value between 60 and 86400")
		}
	}
	if d := in.Target.DeadLetterConfig; d != nil && !queues.MatchString(aws.ToString(d.Arn)) {
		return constraint("target.deadLetterConfig.arn", "satisfy regular expression pattern: ^arn:aws[a-z-]*:sqs:[a-z0-9\\-]+:\\d{12}:[a-zA-Z0-9\\-_]+$")
	}
	return nil
}

// checkTimes reads the expression in AWS's form alone.
func checkTimes(now time.Time, in *scheduler.CreateScheduleInput) error {
	text := *in.ScheduleExpression
	if _, err := cron.Parse(text); err != nil || !expressions.MatchString(text) {
		return invalid("Invalid Schedule Expression " + text + ".")
	}
	if zone := in.ScheduleExpressionTimezone; zone != nil {
		if _, err := cron.Zone(*zone); err != nil {
			return invalid("Invalid Schedule Expression Timezone " + *zone + ".")
		}
	}
	switch {
	case in.StartDate != nil && in.StartDate.Before(now.Add(-5*time.Minute)):
		return invalid("The StartDate you specify cannot be earlier than 5 minutes ago.")
	case in.EndDate != nil && !in.EndDate.After(now):
		return invalid("The EndDate you specify must be in the future.")
	}
	return nil
}

// checkTarget checks the input of a universal target.
// Members have a capital letter: Scheduler refuses others as missing.
func checkTarget(t *types.Target) error {
	if !universal.MatchString(aws.ToString(t.Arn)) {
		return invalid("Provided Arn is not in correct format.")
	}
	if c, known := calls[targetOf(*t.Arn)]; known {
		if _, err := c.read(aws.ToString(t.Input)); err != nil {
			return invalid("Invalid RequestJson provided. Reason " + err.Error())
		}
		return nil
	}
	if !json.Valid([]byte(aws.ToString(t.Input))) {
		return invalid("Invalid RequestJson provided. Reason: not JSON.")
	}
	return nil
}
