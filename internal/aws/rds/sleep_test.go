package rds_test

import (
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/rds"

	"github.com/berthdev/berth/internal/aws/rds"
	"github.com/berthdev/berth/internal/aws/typetest"
	"github.com/berthdev/berth/internal/clock"
	"github.com/berthdev/berth/internal/engine"
)

// asleep is a database that the clock stops and starts.
type asleep struct {
	*testing.T
	*typetest.Driver
	api *sdk.Client
	at  place
}

func newAsleep(t *testing.T, cfg aws.Config) asleep {
	t.Helper()
	s := asleep{t, typetest.New(t, cfg, clock.Wall{}, databases), sdk.NewFromConfig(cfg), ground(t, cfg, clock.Wall{})}
	s.Up(s.graph(nil), false)
	time.Sleep(time.Hour)
	return s
}

// graph is the database with another change than that the clock stops it.
func (s asleep) graph(change func(*rds.Instance)) *engine.Graph {
	return desired(engine.NewGraph(), s.at, func(i *rds.Instance) {
		i.Runs = rds.ByClock
		if change != nil {
			change(i)
		}
	})
}

// stop stops the database as a schedule does, and waits so long.
func (s asleep) stop(wait time.Duration) {
	s.Helper()
	if _, err := s.api.StopDBInstance(s.Context(), &sdk.StopDBInstanceInput{DBInstanceIdentifier: aws.String("db-abcdefghij")}); err != nil {
		s.Fatal(err)
	}
	time.Sleep(wait)
}

func (s asleep) wantStatus(want string) {
	s.Helper()
	out, err := s.api.DescribeDBInstances(s.Context(), &sdk.DescribeDBInstancesInput{})
	if err != nil {
		s.Fatal(err)
	}
	if got := aws.ToString(out.DBInstances[0].DBInstanceStatus); got != want {
		s.Errorf("the database is %s, want %s", got, want)
	}
}

// TestASleepingDatabaseIsNoDrift: neither on the way nor when it is stopped, and nothing
// waits for it. Labels are set without a start.
func TestASleepingDatabaseIsNoDrift(t *testing.T) {
	t.Parallel()
	typetest.Sandbox(t, func(t *testing.T, cfg aws.Config) {
		s := newAsleep(t, cfg)
		for _, wait := range []time.Duration{time.Second, time.Hour} {
			s.MustPlan("", s.graph(nil), true)
			s.stop(wait)
			s.MustPlan("", s.graph(nil), true)
			began := time.Now()
			s.Up(s.graph(nil), false)
			if took := time.Since(began); took > time.Minute {
				t.Errorf("nothing to do took %s", took)
			}
			labelled := s.graph(nil)
			for _, n := range labelled.Nodes() {
				n.Label(map[string]string{"stopped": wait.String()})
			}
			if wait > time.Minute {
				s.Up(labelled, false)
				s.wantStatus("stopped")
				continue
			}
			time.Sleep(time.Hour)
			s.wantStatus("stopped")
			s.Up(desired(engine.NewGraph(), s.at, nil), false)
			s.wantStatus("available")
			s.Up(s.graph(nil), false)
			s.wantStatus("available")
		}
		s.Down()
	})
}

// TestAChangeWakesADatabase: AWS changes no stopped instance. It is started first, also if
// it was on the way to stop, and when the change is a teardown it is not.
func TestAChangeWakesADatabase(t *testing.T) {
	t.Parallel()
	for name, wait := range map[string]time.Duration{"stopping": time.Second, "stopped": time.Hour} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			typetest.Sandbox(t, func(t *testing.T, cfg aws.Config) {
				s := newAsleep(t, cfg)
				s.stop(wait)
				more := s.graph(func(i *rds.Instance) { i.BackupDays = 7 })
				s.MustPlan("update rds.instance/db (backup_days edited)", more, false)
				s.Up(more, false)
				s.wantStatus("available")
				s.MustPlan("", more, true)
				s.stop(wait)
				s.Down()
			})
		})
	}
}

// TestAWokenDatabaseIsAwaited: what depends on it begins once it runs.
func TestAWokenDatabaseIsAwaited(t *testing.T) {
	t.Parallel()
	typetest.Sandbox(t, func(t *testing.T, cfg aws.Config) {
		s := newAsleep(t, cfg)
		s.stop(time.Hour)
		g := s.graph(nil)
		w := s.World(g, false)
		object := w.Objects("rds.instance")[0]
		if !rds.IsAsleep(object) {
			t.Errorf("%+v is not asleep", object)
		}
		rds.Wake(object)
		reg, err := engine.NewRegistry(databases(cfg)...)
		if err != nil {
			t.Fatal(err)
		}
		p, err := engine.MakePlan(g, w, reg, engine.PlanOptions{})
		if err != nil || len(p.Actions) != 1 || p.Actions[0].Verb != engine.VerbUpdate {
			t.Fatalf("the plan is %+v, %v", p, err)
		}
		if _, err := (&engine.Runner{Clock: clock.Wall{}}).Apply(t.Context(), p); err != nil {
			t.Fatal(err)
		}
		s.wantStatus("available")
		s.MustPlan("", g, true)
		s.Down()
	})
}
