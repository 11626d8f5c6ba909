package moto

import (
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/scheduler"
	"github.com/aws/aws-sdk-go-v2/service/scheduler/types"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
)

func (s *script) schedules() {
	s.queue()
	c := s.c.Scheduler
	trust := `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"scheduler.amazonaws.com"},"Action":"sts:AssumeRole"}]}`
	try(s, aside, s.c.IAM.CreateRole, &iam.CreateRoleInput{RoleName: p("schedules"), AssumeRolePolicyDocument: &trust}, nil)
	s.pause()
	group, none := p("berth-shop"), p("berth-none")
	try(s, success, c.CreateScheduleGroup, &scheduler.CreateScheduleGroupInput{Name: group, Tags: []types.Tag{{Key: p("a"), Value: p("b")}}},
		func(o *scheduler.CreateScheduleGroupOutput) []any { return []any{o.ScheduleGroupArn} })
	seen := func(o *scheduler.GetScheduleGroupOutput) []any { return []any{o.Name, o.Arn, o.State} }
	try(s, success, c.GetScheduleGroup, &scheduler.GetScheduleGroupInput{Name: group}, seen)
	try(s, notFound, c.GetScheduleGroup, &scheduler.GetScheduleGroupInput{Name: none}, seen)
	arn := p("arn:aws:scheduler:eu-central-1:123456789012:schedule-group/berth-shop")
	tag := &scheduler.TagResourceInput{ResourceArn: arn, Tags: []types.Tag{{Key: p("c"), Value: p("d")}}}
	try(s, success, c.TagResource, tag, nil)
	try(s, duplicate, c.TagResource, tag, nil)
	try(s, success, c.UntagResource, &scheduler.UntagResourceInput{ResourceArn: arn, TagKeys: []string{"c"}}, nil)
	try(s, success, c.ListTagsForResource, &scheduler.ListTagsForResourceInput{ResourceArn: arn},
		func(o *scheduler.ListTagsForResourceOutput) []any {
			return []any{len(o.Tags), first(o.Tags).Key, first(o.Tags).Value}
		})
	s.schedule(group, none)
	try(s, success, c.DeleteScheduleGroup, &scheduler.DeleteScheduleGroupInput{Name: group}, nil)
}

// queue looks for the queue of firings that failed, which berth does not make.
func (s *script) queue() {
	missing := &sqs.GetQueueUrlInput{QueueName: p("none")}
	try(s, notFound, s.c.SQS.GetQueueUrl, missing, nil)
}

func (s *script) schedule(group, none *string) {
	c := s.c.Scheduler
	name := p("backup")
	target := &types.Target{
		Arn: p("arn:aws:scheduler:::aws-sdk:ecs:runTask"), RoleArn: p("arn:aws:iam::123456789012:role/schedules"),
		Input: p(`{"Cluster":"shop","TaskDefinition":"backup:1"}`),
	}
	exact := &types.FlexibleTimeWindow{Mode: types.FlexibleTimeWindowModeOff}
	in := &scheduler.CreateScheduleInput{
		GroupName: group, Name: name, Description: p("berth"), ScheduleExpression: p("cron(0 3 * * ? *)"), FlexibleTimeWindow: exact, Target: target,
	}
	try(s, success, c.CreateSchedule, in, func(o *scheduler.CreateScheduleOutput) []any { return []any{o.ScheduleArn} })
	again := *in
	again.ClientToken = nil
	try(s, duplicate, c.CreateSchedule, &again, nil)
	seen := func(o *scheduler.GetScheduleOutput) []any {
		return []any{
			o.Name, o.GroupName, o.Arn, o.State, o.ScheduleExpression, o.ScheduleExpressionTimezone, o.Description, o.FlexibleTimeWindow.Mode,
			o.Target.Input, o.Target.RetryPolicy.MaximumRetryAttempts, o.Target.RetryPolicy.MaximumEventAgeInSeconds,
		}
	}
	get := &scheduler.GetScheduleInput{GroupName: group, Name: name}
	try(s, success, c.GetSchedule, get, seen)
	try(s, notFound, c.GetSchedule, &scheduler.GetScheduleInput{GroupName: group, Name: none}, seen)
	list := func(o *scheduler.ListSchedulesOutput) []any {
		return []any{len(o.Schedules), first(o.Schedules).Name, first(o.Schedules).State}
	}
	try(s, success, c.ListSchedules, &scheduler.ListSchedulesInput{GroupName: group}, list)
	update := func(name *string) *scheduler.UpdateScheduleInput {
		return &scheduler.UpdateScheduleInput{
			GroupName: group, Name: name, ScheduleExpression: p("rate(1 hour)"), ScheduleExpressionTimezone: p("Europe/Berlin"),
			State: types.ScheduleStateDisabled, FlexibleTimeWindow: exact, Target: target,
		}
	}
	changed := func(o *scheduler.UpdateScheduleOutput) []any { return []any{o.ScheduleArn} }
	try(s, success, c.UpdateSchedule, update(name), changed)
	try(s, notFound, c.UpdateSchedule, update(none), changed)
	try(s, "after a change", c.GetSchedule, get, seen) // what was not sent is gone
	try(s, success, c.DeleteSchedule, &scheduler.DeleteScheduleInput{GroupName: group, Name: name}, nil)
	try(s, notFound, c.DeleteSchedule, &scheduler.DeleteScheduleInput{GroupName: group, Name: name}, nil)
}
