package scheduler

import (
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/scheduler"

	"github.com/berthdev/berth/internal/engine"
)

// shown is a schedule as AWS shows it. What berth does not set makes another Call of
// it, so that the difference is seen.
func (t Schedules) shown(out *scheduler.GetScheduleOutput) Schedule {
	s := Schedule{
		Group: engine.Lit(aws.ToString(out.GroupName)), Name: aws.ToString(out.Name), Expression: aws.ToString(out.ScheduleExpression),
		Zone: aws.ToString(out.ScheduleExpressionTimezone), State: string(out.State), Call: "another call",
	}
	if w := out.FlexibleTimeWindow; w != nil {
		s.JitterMinutes = int(aws.ToInt32(w.MaximumWindowInMinutes))
	}
	if out.Target == nil {
		return s
	}
	s.Role = engine.Lit(aws.ToString(out.Target.RoleArn))
	if p := out.Target.RetryPolicy; p != nil {
		s.Retries, s.MaxAge = int(aws.ToInt32(p.MaximumRetryAttempts)), int(aws.ToInt32(p.MaximumEventAgeInSeconds))
	}
	if d := out.Target.DeadLetterConfig; d != nil {
		s.DeadLetter = aws.ToString(d.Arn)
	}
	call, ok := strings.CutPrefix(aws.ToString(out.Target.Arn), t.target())
	text := aws.ToString(out.Target.Input)
	if !ok || !parse(&s, call, text) {
		return s
	}
	read := s
	read.Call = call
	if again, err := textOf(read); err == nil && again == text && out.EndDate == nil && out.StartDate == nil {
		s.Call = call
	}
	return s
}

// parse sets the attributes that the text of a call shows; ok is false if it is not one of
// berth's calls.
func parse(s *Schedule, call, text string) (ok bool) {
	switch call {
	case RunTask:
		c, ok := ParseCall(text)
		if ok {
			c.into(s)
		}
		return ok
	case StopDatabase, StartDatabase:
		c, ok := parseDatabaseCall(text)
		s.Database = engine.Lit(c.DbInstanceIdentifier)
		return ok
	}
	return false
}

// into sets the attributes that a call shows.
func (c Call) into(s *Schedule) {
	net := c.NetworkConfiguration.AwsvpcConfiguration
	s.Cluster, s.TaskDefinition = engine.Lit(c.Cluster), engine.Lit(c.TaskDefinition)
	for _, item := range c.Strategy {
		s.Provider = item.CapacityProvider
	}
	s.PublicIP, s.Exec = net.AssignPublicIp == "ENABLED", c.EnableExecuteCommand
	for _, id := range net.Subnets {
		s.Subnets = append(s.Subnets, engine.Lit(id))
	}
	for _, id := range net.SecurityGroups {
		s.SecurityGroups = append(s.SecurityGroups, engine.Lit(id))
	}
	if c.Overrides != nil && len(c.Overrides.ContainerOverrides) == 1 {
		o := c.Overrides.ContainerOverrides[0]
		s.Container, s.Environment = o.Name, map[string]string{}
		for _, v := range o.Environment {
			s.Environment[v.Name] = v.Value
		}
	}
}
