package data_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/rds"

	"github.com/berthdev/berth/internal/clock"
	"github.com/berthdev/berth/internal/sandbox/sandboxtest"
	"github.com/berthdev/berth/internal/sandbox/world"
)

// newDatabase makes a database that is available.
func newDatabase(t *testing.T) *rds.Client {
	t.Helper()
	s := sandboxtest.NewStack(t, world.Options{Clock: clock.Wall{}})
	api := rds.NewFromConfig(s.W.Config())
	sandboxtest.Ask(t, s.IAM.CreateServiceLinkedRole, &iam.CreateServiceLinkedRoleInput{AWSServiceName: aws.String("rds.amazonaws.com")})
	sandboxtest.Ask(t, api.CreateDBSubnetGroup, &rds.CreateDBSubnetGroupInput{
		DBSubnetGroupName: aws.String("main"), DBSubnetGroupDescription: aws.String("x"), SubnetIds: s.Subnets,
	})
	time.Sleep(time.Minute)
	sandboxtest.Ask(t, api.CreateDBInstance, &rds.CreateDBInstanceInput{
		DBInstanceIdentifier: aws.String("db"), Engine: aws.String("postgres"), EngineVersion: aws.String("17"), DBInstanceClass: aws.String("db.t4g.micro"),
		AllocatedStorage: aws.Int32(20), MasterUsername: aws.String("shop"), MasterUserPassword: aws.String("correct-horse"),
		DBSubnetGroupName: aws.String("main"), BackupRetentionPeriod: aws.Int32(0),
	})
	time.Sleep(time.Hour)
	return api
}

func wantStatus(t *testing.T, api *rds.Client, want string) {
	t.Helper()
	out := sandboxtest.Ask(t, api.DescribeDBInstances, &rds.DescribeDBInstancesInput{})
	if got := aws.ToString(out.DBInstances[0].DBInstanceStatus); got != want {
		t.Errorf("the database is %s, want %s", got, want)
	}
}

// TestAStoppedDatabase: it takes minutes to stop and to start, cannot be changed or
// copied while it is stopped, and can be deleted with a final snapshot.
// https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_StopInstance.html
func TestAStoppedDatabase(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		api, name := newDatabase(t), aws.String("db")
		const wrong = "InvalidDBInstanceState"
		refuses := func() {
			t.Helper()
			_, err := api.ModifyDBInstance(t.Context(), &rds.ModifyDBInstanceInput{DBInstanceIdentifier: name, BackupRetentionPeriod: aws.Int32(2)})
			sandboxtest.WantCode(t, err, wrong)
			_, err = api.CreateDBSnapshot(t.Context(), &rds.CreateDBSnapshotInput{DBInstanceIdentifier: name, DBSnapshotIdentifier: aws.String("copy")})
			sandboxtest.WantCode(t, err, wrong)
			_, err = api.StopDBInstance(t.Context(), &rds.StopDBInstanceInput{DBInstanceIdentifier: name})
			sandboxtest.WantCode(t, err, wrong)
		}
		_, err := api.StartDBInstance(t.Context(), &rds.StartDBInstanceInput{DBInstanceIdentifier: name})
		sandboxtest.WantCode(t, err, wrong)
		sandboxtest.Ask(t, api.StopDBInstance, &rds.StopDBInstanceInput{DBInstanceIdentifier: name})
		wantStatus(t, api, "stopping")
		refuses()
		_, err = api.StartDBInstance(t.Context(), &rds.StartDBInstanceInput{DBInstanceIdentifier: name})
		sandboxtest.WantCode(t, err, wrong)
		_, err = api.DeleteDBInstance(t.Context(), &rds.DeleteDBInstanceInput{DBInstanceIdentifier: name, FinalDBSnapshotIdentifier: aws.String("final")})
		sandboxtest.WantCode(t, err, wrong)
		time.Sleep(20 * time.Minute)
		wantStatus(t, api, "stopped")
		refuses()
		sandboxtest.Ask(t, api.StartDBInstance, &rds.StartDBInstanceInput{DBInstanceIdentifier: name})
		wantStatus(t, api, "starting")
		refuses()
		time.Sleep(20 * time.Minute)
		wantStatus(t, api, "available")
		sandboxtest.Ask(t, api.StopDBInstance, &rds.StopDBInstanceInput{DBInstanceIdentifier: name})
		time.Sleep(20 * time.Minute)
		sandboxtest.Ask(t, api.DeleteDBInstance, &rds.DeleteDBInstanceInput{DBInstanceIdentifier: name, FinalDBSnapshotIdentifier: aws.String("final")})
	})
}

// TestAWeekStopped: AWS starts an instance that has been stopped for seven days, and one
// that was started meanwhile is not touched.
func TestAWeekStopped(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		api, name := newDatabase(t), aws.String("db")
		sandboxtest.Ask(t, api.StopDBInstance, &rds.StopDBInstanceInput{DBInstanceIdentifier: name})
		time.Sleep(6 * 24 * time.Hour)
		wantStatus(t, api, "stopped")
		sandboxtest.Ask(t, api.StartDBInstance, &rds.StartDBInstanceInput{DBInstanceIdentifier: name})
		time.Sleep(time.Hour)
		sandboxtest.Ask(t, api.StopDBInstance, &rds.StopDBInstanceInput{DBInstanceIdentifier: name})
		time.Sleep(2 * 24 * time.Hour)
		wantStatus(t, api, "stopped")
		time.Sleep(5*24*time.Hour + 20*time.Minute)
		wantStatus(t, api, "available")
	})
}
