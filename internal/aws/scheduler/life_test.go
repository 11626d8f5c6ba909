package scheduler_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/resourcegroupstaggingapi"
	sdk "github.com/aws/aws-sdk-go-v2/service/scheduler"
	"github.com/aws/aws-sdk-go-v2/service/scheduler/types"

	"github.com/berthdev/berth/internal/aws/gate"
	"github.com/berthdev/berth/internal/aws/scheduler"
	"github.com/berthdev/berth/internal/aws/typetest"
	"github.com/berthdev/berth/internal/clock"
	"github.com/berthdev/berth/internal/engine"
)

func TestLife(t *testing.T) {
	t.Parallel()
	typetest.Run(t, typetest.Story{
		Kinds: kinds,
		Life:  life, OnMoto: lifeOnMoto,
		Ground: func(t *testing.T, cfg aws.Config, c clock.Clock) []*engine.Graph {
			role := newRole(t, cfg)
			typetest.Settle(t, cfg, c)
			return []*engine.Graph{
				desired(cfg, role, nil),
				desired(cfg, role, func(s *scheduler.Schedule) { s.Expression, s.JitterMinutes = "cron(0 4 1 1 ? *)", 5 }),
			}
		},
	})
}

func kinds(cfg aws.Config) []engine.AnyType {
	groups := scheduler.Groups{
		API: sdk.NewFromConfig(cfg), Tagging: resourcegroupstaggingapi.NewFromConfig(cfg), Region: cfg.Region,
	}
	return []engine.AnyType{
		engine.Erase(groups), engine.Erase(scheduler.Schedules{Groups: groups, ECS: ecs.NewFromConfig(cfg), Partition: "aws"}),
	}
}

// desired is a group with two schedules of tasks, which a test may change, and one that
// stops a database.
func desired(cfg aws.Config, role string, change func(*scheduler.Schedule)) *engine.Graph {
	g := engine.NewGraph()
	group := g.Add(typetest.Stack, "main", scheduler.Group{Name: scheduler.GroupName(typetest.Stack, cfg.Region)})
	for _, name := range []string{"backup", "report"} {
		s := scheduler.Schedule{
			Group: group.ID(), Name: name, Expression: "cron(0 3 1 1 ? *)", Zone: "Europe/Berlin", State: scheduler.Enabled,
			Retries: 2, MaxAge: 3600, Role: engine.Lit(role), Call: scheduler.RunTask,
			Cluster:        engine.Lit("arn:aws:ecs:" + cfg.Region + ":123456789012:cluster/shop"),
			TaskDefinition: engine.Lit("arn:aws:ecs:" + cfg.Region + ":123456789012:task-definition/" + name + ":1"),
			Subnets:        engine.Lits("subnet-0b", "subnet-0a"), SecurityGroups: engine.Lits("sg-0b", "sg-0a"),
			Container: name, Environment: map[string]string{"KIND": "<daily> & more"},
		}
		if change != nil {
			change(&s)
		}
		g.Add(typetest.Stack, name, s)
	}
	g.Add(typetest.Stack, "db/stop", scheduler.Schedule{
		Group: group.ID(), Name: "db-stop", Expression: "cron(0 19 1 1 ? *)", Zone: "Europe/Berlin", State: scheduler.Enabled,
		Retries: 2, MaxAge: 1800, Role: engine.Lit(role), Call: scheduler.StopDatabase, Database: engine.Lit("shop-db"),
	})
	return g
}

// toDatabase makes a schedule start a database.
func toDatabase(s scheduler.Schedule) scheduler.Schedule {
	return scheduler.Schedule{
		Group: s.Group, Name: s.Name, Expression: s.Expression, Zone: s.Zone, State: s.State, Retries: s.Retries, MaxAge: s.MaxAge,
		Role: s.Role, Call: scheduler.StartDatabase, Database: engine.Lit("shop-db"),
	}
}

func newRole(t *testing.T, cfg aws.Config) string {
	t.Helper()
	trust := `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"scheduler.amazonaws.com"},"Action":"sts:AssumeRole"}]}`
	_, err := iam.NewFromConfig(cfg).CreateRole(t.Context(), &iam.CreateRoleInput{RoleName: aws.String("schedules"), AssumeRolePolicyDocument: &trust})
	if err != nil && !gate.IsExists(err) {
		t.Fatal(err)
	}
	return "arn:aws:iam::123456789012:role/schedules"
}

func groupOf(cfg aws.Config) *string {
	return aws.String(scheduler.GroupName(typetest.Stack, cfg.Region))
}

// life takes schedules through their whole life.
func life(t *testing.T, cfg aws.Config, c clock.Clock) {
	t.Helper()
	role := newRole(t, cfg)
	d := typetest.New(t, cfg, c, kinds)
	first := desired(cfg, role, nil)
	d.Up(first, false) // the role cannot be assumed at once
	if err := d.Blind(first, nil); err != nil {
		t.Errorf("everything once more: %v", err)
	}
	calls := d.Calls()
	d.MustPlan("", first, false)
	if got := d.Calls() - calls; got != 6 { // the group, its tags, a list, three schedules
		t.Errorf("a reading took %d calls, want 6", got)
	}
	for _, change := range []func(*scheduler.Schedule){
		func(s *scheduler.Schedule) { *s = toDatabase(*s) },
		func(s *scheduler.Schedule) { s.Expression, s.Zone = "rate(5 minutes)", "UTC" },
		func(s *scheduler.Schedule) { s.JitterMinutes, s.Retries, s.MaxAge = 15, 0, 60 },
		func(s *scheduler.Schedule) { s.DeadLetter = "arn:aws:sqs:eu-central-1:123456789012:failures" },
		func(s *scheduler.Schedule) {
			s.TaskDefinition, s.PublicIP = engine.Lit(s.TaskDefinition.Value()[:len(s.TaskDefinition.Value())-1]+"2"), true
		},
		func(s *scheduler.Schedule) { s.Environment, s.Container, s.State = nil, "", scheduler.Disabled },
	} {
		g := desired(cfg, role, change)
		d.Up(g, false)
		d.MustPlan("", g, true)
	}
	d.Up(first, false)
	byHand(t, cfg, d, role)
	d.Down()
}

// byHand pauses a schedule and damages it.
func byHand(t *testing.T, cfg aws.Config, d *typetest.Driver, role string) {
	t.Helper()
	api, first := sdk.NewFromConfig(cfg), desired(cfg, role, nil)
	read := func() *sdk.GetScheduleOutput {
		out, err := api.GetSchedule(t.Context(), &sdk.GetScheduleInput{GroupName: groupOf(cfg), Name: aws.String("backup")})
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	change := func(f func(*sdk.UpdateScheduleInput)) {
		out := read()
		in := &sdk.UpdateScheduleInput{
			GroupName: out.GroupName, Name: out.Name, Description: out.Description, State: out.State, Target: out.Target,
			ScheduleExpression: out.ScheduleExpression, ScheduleExpressionTimezone: out.ScheduleExpressionTimezone,
			FlexibleTimeWindow: out.FlexibleTimeWindow, ActionAfterCompletion: out.ActionAfterCompletion,
		}
		f(in)
		if _, err := api.UpdateSchedule(t.Context(), in); err != nil {
			t.Fatal(err)
		}
	}
	change(func(in *sdk.UpdateScheduleInput) { in.State = types.ScheduleStateDisabled })
	d.MustPlan("", first, false) // a pause is no drift
	later := desired(cfg, role, func(s *scheduler.Schedule) { s.Expression = "cron(0 5 1 1 ? *)" })
	d.Up(later, false)
	if state := read().State; state != types.ScheduleStateDisabled {
		t.Errorf("a change of the time made a paused schedule %s", state)
	}
	off := desired(cfg, role, func(s *scheduler.Schedule) { s.State = scheduler.Disabled })
	d.Up(off, false)
	d.Up(first, false)
	if state := read().State; state != types.ScheduleStateEnabled {
		t.Errorf("enabled in the file again, it is %s", state)
	}
	change(func(in *sdk.UpdateScheduleInput) { in.ScheduleExpression = aws.String("rate(1 minute)") })
	d.MustPlan("update scheduler.schedule/backup (expression changed outside berth)", first, false)
	d.Up(first, false)
	change(func(in *sdk.UpdateScheduleInput) {
		in.Target.Input = aws.String(strings.Replace(*in.Target.Input, `"Count":1`, `"Count":2`, 1))
	})
	d.MustPlan("update scheduler.schedule/backup (target changed outside berth)", first, false)
	d.Up(first, false)
	change(func(in *sdk.UpdateScheduleInput) { in.Description = nil })
	d.Up(first, false)
	d.MustPlan("", first, true)
}

// lifeOnMoto has no second creation of the group: moto makes it anew, without its
// schedules.
func lifeOnMoto(t *testing.T, cfg aws.Config, c clock.Clock) {
	t.Helper()
	role := newRole(t, cfg)
	d := typetest.New(t, cfg, c, kinds)
	g := desired(cfg, role, nil)
	d.Up(g, false)
	d.MustPlan("", g, true)
	later := desired(cfg, role, func(s *scheduler.Schedule) { s.Expression, s.JitterMinutes = "rate(1 hour)", 5 })
	d.Up(later, false)
	d.MustPlan("", later, true)
	d.Up(g, false)
	byHand(t, cfg, d, role)
	d.Down()
}

// TestSchedulesOfOthersStay: with a group AWS deletes all of its schedules.
func TestSchedulesOfOthersStay(t *testing.T) {
	t.Parallel()
	typetest.Sandbox(t, func(t *testing.T, cfg aws.Config) {
		role := newRole(t, cfg)
		typetest.Settle(t, cfg, clock.Wall{})
		d := typetest.New(t, cfg, clock.Wall{}, kinds)
		g := desired(cfg, role, nil)
		d.Up(g, false)
		api := sdk.NewFromConfig(cfg)
		_, err := api.CreateSchedule(t.Context(), &sdk.CreateScheduleInput{
			GroupName: groupOf(cfg), Name: aws.String("theirs"), ScheduleExpression: aws.String("rate(1 day)"),
			FlexibleTimeWindow: &types.FlexibleTimeWindow{Mode: types.FlexibleTimeWindowModeOff},
			Target:             &types.Target{Arn: aws.String("arn:aws:scheduler:::aws-sdk:sqs:sendMessage"), RoleArn: &role, Input: aws.String("{}")},
		})
		if err != nil {
			t.Fatal(err)
		}
		typetest.Settle(t, cfg, clock.Wall{})
		err = d.Try(t.Context(), nil, false, engine.PlanOptions{Destroy: []engine.Owner{typetest.Stack, typetest.Env}})
		var foreign *scheduler.ForeignSchedulesError
		if !errors.As(err, &foreign) || len(foreign.Names) != 1 || foreign.Names[0] != "theirs" {
			t.Errorf("the teardown: %v", err)
		}
		if _, err := api.GetSchedule(t.Context(), &sdk.GetScheduleInput{GroupName: groupOf(cfg), Name: aws.String("theirs")}); err != nil {
			t.Errorf("somebody else's schedule: %v", err)
		}
		if _, err := api.DeleteSchedule(t.Context(), &sdk.DeleteScheduleInput{GroupName: groupOf(cfg), Name: aws.String("theirs")}); err != nil {
			t.Fatal(err)
		}
		typetest.Settle(t, cfg, clock.Wall{})
		d.Down()
	})
}
