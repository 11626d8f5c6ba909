package scheduler

import (
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/scheduler"
	"github.com/aws/aws-sdk-go-v2/service/scheduler/types"

	"github.com/berthdev/berth/internal/aws/gate"
	"github.com/berthdev/berth/internal/engine"
)

// input is the whole of a schedule, as both creating and changing it send it. A
// schedule that has run for the last time stays: deleted by AWS, it would be made again,
// and run again.
func (t Schedules) input(w engine.Desired[Schedule], state string) (*scheduler.CreateScheduleInput, error) {
	s := w.Want
	text, err := textOf(s)
	if err != nil {
		return nil, err
	}
	in := &scheduler.CreateScheduleInput{
		Name: aws.String(s.Name), GroupName: aws.String(s.Group.Value()), Description: aws.String(w.Mark().String()),
		ScheduleExpression: aws.String(s.Expression), ScheduleExpressionTimezone: aws.String(s.Zone),
		FlexibleTimeWindow: window(s.JitterMinutes), State: types.ScheduleState(state),
		ActionAfterCompletion: types.ActionAfterCompletionNone,
		Target: &types.Target{
			Arn: aws.String(t.target() + s.Call), RoleArn: aws.String(s.Role.Value()), Input: aws.String(text),
			RetryPolicy: &types.RetryPolicy{
				MaximumRetryAttempts:     aws.Int32(int32(s.Retries)), //nolint:gosec // at most 185
				MaximumEventAgeInSeconds: aws.Int32(int32(s.MaxAge)),  //nolint:gosec // at most 86400
			},
		},
	}
	if s.DeadLetter != "" {
		in.Target.DeadLetterConfig = &types.DeadLetterConfig{Arn: gate.Optional(s.DeadLetter)}
	}
	return in, nil
}

// target begins the ARNs of calls.
func (t Schedules) target() string { return "arn:" + t.Partition + ":scheduler:::aws-sdk:" }

func window(minutes int) *types.FlexibleTimeWindow {
	if minutes == 0 {
		return &types.FlexibleTimeWindow{Mode: types.FlexibleTimeWindowModeOff}
	}
	return &types.FlexibleTimeWindow{
		Mode: types.FlexibleTimeWindowModeFlexible, MaximumWindowInMinutes: aws.Int32(int32(minutes)), //nolint:gosec // at most 1440
	}
}

// parts are the group and the name in a schedule's id.
func parts(id string) (group, name string) {
	group, name, _ = strings.Cut(id, "/")
	return group, name
}
