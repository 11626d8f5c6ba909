package scheduler

import (
	"cmp"
	"fmt"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/scheduler"
	"github.com/aws/aws-sdk-go-v2/service/scheduler/types"

	"github.com/berthdev/berth/internal/sandbox/world"
)

func keyOf(group, name string) string { return group + "/" + name }

func noSchedule(name string) error { return missing(fmt.Sprintf("Schedule %s does not exist.", name)) }

func (p *Scheduler) createSchedule(rq *world.Request, in *scheduler.CreateScheduleInput) (*scheduler.CreateScheduleOutput, error) {
	in.GroupName = aws.String(groupOf(aws.ToString(in.GroupName)))
	if err := p.check(rq, in); err != nil {
		return nil, err
	}
	name, group := aws.ToString(in.Name), aws.ToString(in.GroupName)
	key := keyOf(group, name)
	if known, _ := rq.Once(in.ClientToken, in); known != "" && p.s.Schedules.Get(key) != nil {
		return &scheduler.CreateScheduleOutput{ScheduleArn: &known}, nil
	}
	if p.s.Schedules.Get(key) != nil {
		return nil, taken(fmt.Sprintf("Schedule %s already exists.", name))
	}
	s := p.s.Schedules.Put(p.account, rq.Now, key, &schedule{
		ARN: p.account.ARN("scheduler", "schedule/"+key), Created: rq.Now, Modified: rq.Now, Is: *in, Version: 1,
	})
	s.fill()
	rq.Remember(in.ClientToken, in, s.ARN)
	p.plan(rq.Now.Add(-time.Nanosecond), s) // the first moment of a rate is that of its creation
	return &scheduler.CreateScheduleOutput{ScheduleArn: aws.String(s.ARN)}, nil
}

// fill sets AWS's defaults, as GetSchedule shows them.
func (s *schedule) fill() {
	s.Is.State = cmp.Or(s.Is.State, types.ScheduleStateEnabled)
	s.Is.ActionAfterCompletion = cmp.Or(s.Is.ActionAfterCompletion, types.ActionAfterCompletionNone)
	if s.Is.ScheduleExpressionTimezone == nil {
		s.Is.ScheduleExpressionTimezone = aws.String("UTC")
	}
	retry := s.Is.Target.RetryPolicy
	if retry == nil {
		retry = &types.RetryPolicy{}
		s.Is.Target.RetryPolicy = retry
	}
	if retry.MaximumRetryAttempts == nil {
		retry.MaximumRetryAttempts = aws.Int32(185)
	}
	if retry.MaximumEventAgeInSeconds == nil {
		retry.MaximumEventAgeInSeconds = aws.Int32(86400)
	}
}

func (p *Scheduler) getSchedule(rq *world.Request, in *scheduler.GetScheduleInput) (*scheduler.GetScheduleOutput, error) {
	s, err := p.find(rq, in.GroupName, in.Name)
	if err != nil {
		return nil, err
	}
	is := world.Clone(&s.Is)
	return &scheduler.GetScheduleOutput{
		Arn: aws.String(s.ARN), Name: is.Name, GroupName: is.GroupName, Description: is.Description, State: is.State,
		ScheduleExpression: is.ScheduleExpression, ScheduleExpressionTimezone: is.ScheduleExpressionTimezone,
		FlexibleTimeWindow: is.FlexibleTimeWindow, Target: is.Target, ActionAfterCompletion: is.ActionAfterCompletion,
		StartDate: is.StartDate, EndDate: is.EndDate, KmsKeyArn: is.KmsKeyArn,
		CreationDate: aws.Time(s.Created), LastModificationDate: aws.Time(s.Modified),
	}, nil
}

// find finds a schedule; the error names what does not exist, the group or the schedule.
func (p *Scheduler) find(rq *world.Request, group, name *string) (*schedule, error) {
	in := groupOf(aws.ToString(group))
	if p.s.Groups.Find(rq, in) == nil {
		return nil, noGroup(in)
	}
	s := p.s.Schedules.Find(rq, keyOf(in, aws.ToString(name)))
	if s == nil {
		return nil, noSchedule(aws.ToString(name))
	}
	return s, nil
}

// updateSchedule replaces everything: what is not sent gets AWS's default.
// https://docs.aws.amazon.com/scheduler/latest/APIReference/API_UpdateSchedule.html
func (p *Scheduler) updateSchedule(rq *world.Request, in *scheduler.UpdateScheduleInput) (*scheduler.UpdateScheduleOutput, error) {
	is := &scheduler.CreateScheduleInput{
		Name: in.Name, GroupName: aws.String(groupOf(aws.ToString(in.GroupName))), Description: in.Description, State: in.State,
		ScheduleExpression: in.ScheduleExpression, ScheduleExpressionTimezone: in.ScheduleExpressionTimezone,
		FlexibleTimeWindow: in.FlexibleTimeWindow, Target: in.Target, ActionAfterCompletion: in.ActionAfterCompletion,
		StartDate: in.StartDate, EndDate: in.EndDate, KmsKeyArn: in.KmsKeyArn,
	}
	s, err := p.find(rq, is.GroupName, is.Name)
	if err != nil {
		return nil, err
	}
	if err := p.check(rq, is); err != nil {
		return nil, err
	}
	s.Is, s.Modified = *is, rq.Now
	s.Version++
	s.fill()
	p.plan(rq.Now, s)
	return &scheduler.UpdateScheduleOutput{ScheduleArn: aws.String(s.ARN)}, nil
}

func (p *Scheduler) listSchedules(rq *world.Request, in *scheduler.ListSchedulesInput) (*scheduler.ListSchedulesOutput, error) {
	if group := aws.ToString(in.GroupName); group != "" && p.s.Groups.Find(rq, group) == nil {
		return nil, noGroup(group)
	}
	var all []types.ScheduleSummary
	for _, s := range p.s.Schedules.List(rq) {
		if in.GroupName != nil && aws.ToString(in.GroupName) != aws.ToString(s.Is.GroupName) || in.State != "" && in.State != s.Is.State ||
			!strings.HasPrefix(aws.ToString(s.Is.Name), aws.ToString(in.NamePrefix)) {
			continue
		}
		all = append(all, types.ScheduleSummary{
			Arn: aws.String(s.ARN), Name: s.Is.Name, GroupName: s.Is.GroupName, State: s.Is.State,
			CreationDate: aws.Time(s.Created), LastModificationDate: aws.Time(s.Modified), Target: &types.TargetSummary{Arn: s.Is.Target.Arn},
		})
	}
	page, next, err := world.Page(all, in.NextToken, in.MaxResults, 100)
	if err != nil {
		return nil, invalid("Invalid NextToken.")
	}
	return &scheduler.ListSchedulesOutput{Schedules: page, NextToken: next}, nil
}

func (p *Scheduler) deleteSchedule(rq *world.Request, in *scheduler.DeleteScheduleInput) (*scheduler.DeleteScheduleOutput, error) {
	s, err := p.find(rq, in.GroupName, in.Name)
	if err != nil {
		return nil, err
	}
	p.s.Schedules.Remove(rq.Now, keyOf(aws.ToString(s.Is.GroupName), aws.ToString(s.Is.Name)))
	return &scheduler.DeleteScheduleOutput{}, nil
}
