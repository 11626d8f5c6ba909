package data

import (
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/rds"
	"github.com/aws/aws-sdk-go-v2/service/rds/types"

	"github.com/berthdev/berth/internal/sandbox/world"
)

const (
	stoppedEvent = "rds.instance.stopped"
	weekEvent    = "rds.instance.week"
	// longestStop is how long AWS leaves an instance stopped: "The instance restarts
	// automatically after 7 days."
	// https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_StopDBInstance.html
	longestStop = 7 * 24 * time.Hour
)

// stopDBInstance begins to stop an instance, which must be available.
// https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_StopInstance.html
func (p *RDS) stopDBInstance(rq *world.Request, in *rds.StopDBInstanceInput) (*rds.StopDBInstanceOutput, error) {
	name := aws.ToString(in.DBInstanceIdentifier)
	d := p.s.Instances.Find(rq, name)
	if d == nil {
		return nil, noDatabase(name)
	}
	if aws.ToString(d.Shown.DBInstanceStatus) != "available" {
		return nil, &types.InvalidDBInstanceStateFault{Message: aws.String("Instance " + name + " is not in available state.")}
	}
	if s := aws.ToString(in.DBSnapshotIdentifier); s != "" {
		if p.s.Snapshots.Get(s) != nil {
			return nil, &types.DBSnapshotAlreadyExistsFault{Message: aws.String("Cannot create the snapshot because a snapshot with the identifier " + s + " already exists.")}
		}
		p.snapshotOf(rq, d, s)
	}
	d.Shown.DBInstanceStatus = aws.String("stopping")
	p.account.Schedule(rq.Now.Add(p.account.Takes(world.DatabaseStopped)), stoppedEvent, aws.ToString(d.Shown.DbiResourceId))
	return &rds.StopDBInstanceOutput{DBInstance: p.shown(d)}, nil
}

// instanceStopped ends the stopping of an instance.
func (p *RDS) instanceStopped(at time.Time, id string) {
	d := p.byResource(id)
	if d == nil || aws.ToString(d.Shown.DBInstanceStatus) != "stopping" {
		return
	}
	d.Shown.DBInstanceStatus, d.Stopped = aws.String("stopped"), at
	p.account.Schedule(at.Add(longestStop), weekEvent, id+" "+at.Format(time.RFC3339Nano))
}

// instanceWeek starts an instance that has been stopped for a week.
func (p *RDS) instanceWeek(at time.Time, id string) {
	resource, since, _ := strings.Cut(id, " ")
	d := p.byResource(resource)
	if d != nil && aws.ToString(d.Shown.DBInstanceStatus) == "stopped" && d.Stopped.Format(time.RFC3339Nano) == since {
		p.begins(at, d)
	}
}

func (p *RDS) startDBInstance(rq *world.Request, in *rds.StartDBInstanceInput) (*rds.StartDBInstanceOutput, error) {
	name := aws.ToString(in.DBInstanceIdentifier)
	d := p.s.Instances.Find(rq, name)
	if d == nil {
		return nil, noDatabase(name)
	}
	if aws.ToString(d.Shown.DBInstanceStatus) != "stopped" {
		return nil, &types.InvalidDBInstanceStateFault{Message: aws.String("Instance " + name + " is not stopped.")}
	}
	p.begins(rq.Now, d)
	return &rds.StartDBInstanceOutput{DBInstance: p.shown(d)}, nil
}

// begins starts an instance.
func (p *RDS) begins(at time.Time, d *database) {
	d.Shown.DBInstanceStatus, d.Stopped = aws.String("starting"), time.Time{}
	p.account.Schedule(at.Add(p.account.Takes(world.DatabaseStarted)), "rds.instance.next", aws.ToString(d.Shown.DbiResourceId))
}
