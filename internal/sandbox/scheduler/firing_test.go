package scheduler_test

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	ecstypes "github.com/aws/aws-sdk-go-v2/service/ecs/types"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/scheduler"
	"github.com/aws/aws-sdk-go-v2/service/scheduler/types"

	"github.com/berthdev/berth/internal/clock"
	"github.com/berthdev/berth/internal/sandbox"
	"github.com/berthdev/berth/internal/sandbox/sandboxtest"
	"github.com/berthdev/berth/internal/sandbox/world"
)

const (
	account = "arn:aws:ecs:eu-central-1:123456789012:"
	allowed = `{"Version":"2012-10-17","Statement":[
		{"Effect":"Allow","Action":"ecs:RunTask","Resource":"` + account + `task-definition/nightly:*","Condition":{"ArnEquals":{"ecs:cluster":"` + account + `cluster/shop"}}},
		{"Effect":"Allow","Action":"ecs:TagResource","Resource":"` + account + `task/shop/*"},
		{"Effect":"Allow","Action":"iam:PassRole","Resource":"*"}]}`
)

// ground is a cluster with a task definition, and a group with a role for schedules.
type ground struct {
	*sandboxtest.Stack
	api *scheduler.Client
}

func newGround(t *testing.T, policy string) ground {
	t.Helper()
	s := sandboxtest.NewStack(t, world.Options{Clock: clock.Wall{}, Seed: 1})
	g := ground{s, scheduler.NewFromConfig(s.W.Config())}
	sandboxtest.Ask(t, s.ECS.RegisterTaskDefinition, &ecs.RegisterTaskDefinitionInput{
		Family: aws.String("nightly"), Cpu: aws.String("256"), Memory: aws.String("512"), NetworkMode: ecstypes.NetworkModeAwsvpc,
		RequiresCompatibilities: []ecstypes.Compatibility{ecstypes.CompatibilityFargate}, ExecutionRoleArn: &s.Role,
		ContainerDefinitions: []ecstypes.ContainerDefinition{{Name: aws.String("nightly"), Image: aws.String("example/job:1"), Essential: aws.Bool(true)}},
	})
	trust := `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"scheduler.amazonaws.com"},"Action":"sts:AssumeRole",
		"Condition":{"ArnLike":{"aws:SourceArn":"arn:aws:scheduler:eu-central-1:123456789012:schedule-group/jobs"}}}]}`
	sandboxtest.Ask(t, s.IAM.CreateRole, &iam.CreateRoleInput{RoleName: aws.String("schedules"), AssumeRolePolicyDocument: &trust})
	sandboxtest.Ask(t, s.IAM.PutRolePolicy, &iam.PutRolePolicyInput{RoleName: aws.String("schedules"), PolicyName: aws.String("run"), PolicyDocument: &policy})
	sandboxtest.Ask(t, g.api.CreateScheduleGroup, &scheduler.CreateScheduleGroupInput{Name: aws.String("jobs")})
	time.Sleep(time.Minute)
	return g
}

// add adds a schedule that runs the task; token is its client token.
func (g ground) add(expression, token string) *scheduler.CreateScheduleInput {
	input := `{"Cluster":"` + account + `cluster/shop","TaskDefinition":"` + account + `task-definition/nightly:1","LaunchType":"FARGATE","PropagateTags":"TASK_DEFINITION",` +
		`"NetworkConfiguration":{"AwsvpcConfiguration":{"AssignPublicIp":"ENABLED","Subnets":["` + g.Subnets[0] + `"],"SecurityGroups":["` + g.ServiceGroup + `"]}},` +
		`"StartedBy":"jobs"` + token + `}`
	in := &scheduler.CreateScheduleInput{
		GroupName: aws.String("jobs"), Name: aws.String("nightly"), ScheduleExpression: &expression, ScheduleExpressionTimezone: aws.String("Europe/Berlin"),
		FlexibleTimeWindow: &types.FlexibleTimeWindow{Mode: types.FlexibleTimeWindowModeOff},
		Target: &types.Target{
			Arn: aws.String("arn:aws:scheduler:::aws-sdk:ecs:runTask"), RoleArn: aws.String("arn:aws:iam::123456789012:role/schedules"), Input: &input,
			RetryPolicy: &types.RetryPolicy{MaximumRetryAttempts: aws.Int32(2), MaximumEventAgeInSeconds: aws.Int32(3600)},
		},
	}
	sandboxtest.Ask(g.T, g.api.CreateSchedule, in)
	return in
}

// started is how many tasks were started in the last hour.
func (g ground) started() int {
	n := 0
	for _, status := range []ecstypes.DesiredStatus{ecstypes.DesiredStatusRunning, ecstypes.DesiredStatusStopped} {
		n += len(sandboxtest.Ask(g.T, g.ECS.ListTasks, &ecs.ListTasksInput{Cluster: aws.String("shop"), StartedBy: aws.String("jobs"), DesiredStatus: status}).TaskArns)
	}
	return n
}

// TestFirings: a schedule starts tasks at its times, in its zone; a firing that comes
// twice starts one task with a token, and two without.
func TestFirings(t *testing.T) {
	t.Parallel()
	for name, token := range map[string]string{"token": `,"ClientToken":"n-<aws.scheduler.scheduled-time>"`, "no token": ""} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				g := newGround(t, allowed)
				g.add("rate(1 minute)", token)
				time.Sleep(50 * time.Minute)
				calls, failures := sandbox.Firings(g.W, "jobs", "nightly")
				again, last := 0, 0
				for _, f := range calls {
					if f.Error != "" {
						t.Fatalf("%s: %s", f.Scheduled, f.Error)
					}
					if f.Again {
						again++
					}
					last++
				}
				if again == 0 || last != 20 || len(failures) > 0 {
					t.Fatalf("%d of the last %d firings came twice, %d failed", again, last, len(failures))
				}
				switch got := g.started(); {
				case token != "" && (got < 49 || got > 51):
					t.Errorf("%d tasks in 50 minutes", got)
				case token == "" && got < 52:
					t.Errorf("%d tasks in 50 minutes, though firings came twice", got)
				}
			})
		})
	}
}

// TestTheTimeOfAZone: synctest begins on 2000-01-01 at midnight UTC.
func TestTheTimeOfAZone(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g := newGround(t, allowed)
		g.add("cron(0 3 * * ? *)", "")
		time.Sleep(36 * time.Hour)
		calls, _ := sandbox.Firings(g.W, "jobs", "nightly")
		if len(calls) == 0 || calls[0].Scheduled.Format(time.RFC3339) != "2000-01-01T02:00:00Z" || calls[0].At.Sub(calls[0].Scheduled) >= time.Minute {
			t.Errorf("%+v", calls)
		}
	})
}

// TestARoleThatMayNot: the call is repeated as the policy says, and then given up.
func TestARoleThatMayNot(t *testing.T) {
	t.Parallel()
	for name, policy := range map[string]string{
		"another cluster": strings.ReplaceAll(allowed, "cluster/shop", "cluster/other"),
		"another family":  strings.ReplaceAll(allowed, "nightly:*", "daily:*"),
		"no tags":         strings.ReplaceAll(allowed, "ecs:TagResource", "ecs:StopTask"),
		"no roles":        strings.ReplaceAll(allowed, "iam:PassRole", "iam:GetRole"),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				g := newGround(t, policy)
				g.add("cron(0 3 * * ? *)", "")
				time.Sleep(5 * time.Hour)
				calls, failures := sandbox.Firings(g.W, "jobs", "nightly")
				if len(failures) == 0 || failures[0].Attempt != 3 || !strings.Contains(failures[0].Error, "not authorized") {
					t.Errorf("calls %+v, failures %+v", calls, failures)
				}
				if g.started() != 0 {
					t.Error("it started a task")
				}
			})
		})
	}
}

// TestAPausedScheduleStartsNothing: nor does the firing that was due before the change.
func TestAPausedScheduleStartsNothing(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g := newGround(t, allowed)
		in := g.add("cron(0 3 * * ? *)", "")
		time.Sleep(time.Minute)
		sandboxtest.Ask(t, g.api.UpdateSchedule, &scheduler.UpdateScheduleInput{
			GroupName: in.GroupName, Name: in.Name, ScheduleExpression: in.ScheduleExpression, FlexibleTimeWindow: in.FlexibleTimeWindow,
			Target: in.Target, State: types.ScheduleStateDisabled,
		})
		time.Sleep(5 * time.Hour)
		if calls, _ := sandbox.Firings(g.W, "jobs", "nightly"); len(calls) > 0 {
			t.Errorf("%+v", calls)
		}
	})
}
