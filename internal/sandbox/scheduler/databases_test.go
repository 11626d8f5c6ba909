package scheduler_test

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/rds"
	"github.com/aws/aws-sdk-go-v2/service/scheduler"
	"github.com/aws/aws-sdk-go-v2/service/scheduler/types"

	"github.com/berthdev/berth/internal/sandbox"
	"github.com/berthdev/berth/internal/sandbox/sandboxtest"
)

const mayStop = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["rds:StopDBInstance","rds:StartDBInstance"],
	"Resource":"arn:aws:rds:eu-central-1:123456789012:db:db"}]}`

// withDatabase is the ground with a database, and a role that may do what policy allows.
func withDatabase(t *testing.T, policy string) (ground, *rds.Client) {
	t.Helper()
	g := newGround(t, policy)
	api := rds.NewFromConfig(g.W.Config())
	sandboxtest.Ask(t, g.IAM.CreateServiceLinkedRole, &iam.CreateServiceLinkedRoleInput{AWSServiceName: aws.String("rds.amazonaws.com")})
	sandboxtest.Ask(t, api.CreateDBSubnetGroup, &rds.CreateDBSubnetGroupInput{
		DBSubnetGroupName: aws.String("main"), DBSubnetGroupDescription: aws.String("x"), SubnetIds: g.Subnets,
	})
	time.Sleep(time.Minute)
	sandboxtest.Ask(t, api.CreateDBInstance, &rds.CreateDBInstanceInput{
		DBInstanceIdentifier: aws.String("db"), Engine: aws.String("postgres"), EngineVersion: aws.String("17"), DBInstanceClass: aws.String("db.t4g.micro"),
		AllocatedStorage: aws.Int32(20), MasterUsername: aws.String("shop"), MasterUserPassword: aws.String("correct-horse"), DBSubnetGroupName: aws.String("main"),
	})
	time.Sleep(30 * time.Minute)
	return g, api
}

// calls adds a schedule for a call of RDS.
func (g ground) calls(name, expression, call, input string) error {
	_, err := g.api.CreateSchedule(g.T.Context(), &scheduler.CreateScheduleInput{
		GroupName: aws.String("jobs"), Name: &name, ScheduleExpression: &expression,
		FlexibleTimeWindow: &types.FlexibleTimeWindow{Mode: types.FlexibleTimeWindowModeOff},
		Target: &types.Target{
			Arn: aws.String("arn:aws:scheduler:::aws-sdk:rds:" + call), RoleArn: aws.String("arn:aws:iam::123456789012:role/schedules"), Input: &input,
			RetryPolicy: &types.RetryPolicy{MaximumRetryAttempts: aws.Int32(1), MaximumEventAgeInSeconds: aws.Int32(3600)},
		},
	})
	return err
}

// TestADatabaseIsStoppedAndStarted: synctest begins on 2000-01-01 at midnight UTC.
func TestADatabaseIsStoppedAndStarted(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g, api := withDatabase(t, mayStop)
		sandboxtest.Must(t, g.calls("stop", "cron(0 19 * * ? *)", "stopDBInstance", `{"DbInstanceIdentifier":"db"}`))
		sandboxtest.Must(t, g.calls("start", "cron(0 7 * * ? *)", "startDBInstance", `{"DbInstanceIdentifier":"db"}`))
		day := time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)
		for _, step := range []struct {
			at     time.Duration
			status string
		}{
			{18 * time.Hour, "available"}, {19*time.Hour + 2*time.Minute, "stopping"}, {20 * time.Hour, "stopped"},
			{31*time.Hour + 2*time.Minute, "starting"}, {32 * time.Hour, "available"}, {44 * time.Hour, "stopped"},
		} {
			time.Sleep(time.Until(day.Add(step.at)))
			out := sandboxtest.Ask(t, api.DescribeDBInstances, &rds.DescribeDBInstancesInput{})
			if got := aws.ToString(out.DBInstances[0].DBInstanceStatus); got != step.status {
				t.Errorf("after %s it is %s, want %s", step.at, got, step.status)
			}
		}
	})
}

// TestARoleMayStopItsOwnDatabaseOnly: any other call is refused, and given up.
func TestARoleMayStopItsOwnDatabaseOnly(t *testing.T) {
	t.Parallel()
	for name, policy := range map[string]string{
		"another database": strings.ReplaceAll(mayStop, "db:db", "db:other"),
		"another right":    strings.ReplaceAll(mayStop, "rds:StopDBInstance", "rds:RebootDBInstance"),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				g, _ := withDatabase(t, policy)
				sandboxtest.Must(t, g.calls("stop", "cron(0 3 * * ? *)", "stopDBInstance", `{"DbInstanceIdentifier":"db"}`))
				time.Sleep(5 * time.Hour)
				calls, failures := sandbox.Firings(g.W, "jobs", "stop")
				if len(failures) == 0 || !strings.Contains(failures[0].Error, "not authorized") {
					t.Errorf("calls %+v, failures %+v", calls, failures)
				}
			})
		})
	}
}

// TestMembersOfRDSAreThoseOfAWSsSDK: Scheduler takes DbInstanceIdentifier, and not the
// DBInstanceIdentifier of the API.
func TestMembersOfRDSAreThoseOfAWSsSDK(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g := newGround(t, mayStop)
		for _, input := range []string{`{"DBInstanceIdentifier":"db"}`, `{}`, `{"DbInstanceIdentifier":"db","Force":true}`} {
			sandboxtest.WantCode(t, g.calls("stop", "cron(0 3 * * ? *)", "stopDBInstance", input), "ValidationException")
		}
	})
}
