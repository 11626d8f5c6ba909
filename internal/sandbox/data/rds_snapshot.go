package data

import (
	"fmt"
	"maps"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/rds"
	"github.com/aws/aws-sdk-go-v2/service/rds/types"

	"github.com/berthdev/berth/internal/sandbox/world"
)

func noDBSnapshot(name string) error {
	return world.WithStatus(404, &types.DBSnapshotNotFoundFault{Message: aws.String(fmt.Sprintf("DBSnapshot %s not found.", name))})
}

// deleteDBInstance takes a final snapshot, unless the call skips it. The instance goes
// when the snapshot is done.
func (p *RDS) deleteDBInstance(rq *world.Request, in *rds.DeleteDBInstanceInput) (*rds.DeleteDBInstanceOutput, error) {
	name, final := aws.ToString(in.DBInstanceIdentifier), aws.ToString(in.FinalDBSnapshotIdentifier)
	d := p.s.Instances.Find(rq, name)
	if d == nil {
		return nil, noDatabase(name)
	}
	status := aws.ToString(d.Shown.DBInstanceStatus)
	skip := aws.ToBool(in.SkipFinalSnapshot)
	switch {
	case skip == (final != ""):
		return nil, world.APIError(400, "InvalidParameterCombination",
			"FinalDBSnapshotIdentifier is required unless SkipFinalSnapshot is specified, and not allowed with it.")
	case status == "deleting":
		return nil, &types.InvalidDBInstanceStateFault{Message: aws.String("Instance " + name + " is already being deleted.")}
	case aws.ToBool(d.Shown.DeletionProtection):
		return nil, world.APIError(400, "InvalidParameterCombination",
			"Cannot delete protected DB Instance, please disable deletion protection and try again.")
	case !skip && status != "available" && status != "stopped":
		return nil, &types.InvalidDBInstanceStateFault{Message: aws.String(
			"Cannot create a snapshot because the database instance " + name + " is not currently in the available state.")}
	case !skip && p.s.Snapshots.Get(final) != nil:
		return nil, &types.DBSnapshotAlreadyExistsFault{Message: aws.String("Cannot create the snapshot because a snapshot with the identifier " + final + " already exists.")}
	}
	// "The default is to remove automated backups immediately after the DB
	// instance is deleted" (rds api_op_DeleteDBInstance.go).
	if in.DeleteAutomatedBackups != nil && !*in.DeleteAutomatedBackups && aws.ToInt32(d.Shown.BackupRetentionPeriod) > 0 && status != "creating" {
		p.s.Retained = append(p.s.Retained, d.Data)
	}
	takes := p.account.Takes(world.DatabaseDeleted)
	if !skip {
		takes += p.account.Takes(world.DatabaseSnapshot)
		p.snapshotOf(rq, d, final)
	}
	d.Shown.DBInstanceStatus = aws.String("deleting")
	p.account.Schedule(rq.Now.Add(takes), "rds.instance.gone", aws.ToString(d.Shown.DbiResourceId))
	return &rds.DeleteDBInstanceOutput{DBInstance: p.shown(d)}, nil
}

func (p *RDS) instanceGone(at time.Time, id string) {
	if d := p.byResource(id); d != nil {
		p.s.Instances.Remove(at, aws.ToString(d.Shown.DBInstanceIdentifier))
		p.Needs.Interfaces.Release(d.Interface, at)
	}
}

// snapshotOf begins a snapshot of an instance. It carries the instance's tags
// if the instance is set to copy them.
func (p *RDS) snapshotOf(rq *world.Request, d *database, name string) *dbSnapshot {
	s := &dbSnapshot{Data: d.Data, Password: d.Password, Database: aws.ToString(d.Shown.DBName), Tags: map[string]string{}, Shown: types.DBSnapshot{
		DBSnapshotIdentifier: &name, DBSnapshotArn: aws.String(p.account.ARN("rds", "snapshot:"+name)), SnapshotType: aws.String("manual"),
		DBInstanceIdentifier: d.Shown.DBInstanceIdentifier, DbiResourceId: d.Shown.DbiResourceId, Engine: d.Shown.Engine,
		EngineVersion: d.Shown.EngineVersion, AllocatedStorage: d.Shown.AllocatedStorage, MasterUsername: d.Shown.MasterUsername,
		Encrypted: d.Shown.StorageEncrypted, BackupRetentionPeriod: d.Shown.BackupRetentionPeriod,
		SnapshotCreateTime: aws.Time(rq.Now), Status: aws.String("creating"),
	}}
	if aws.ToBool(d.Shown.CopyTagsToSnapshot) {
		s.Tags = maps.Clone(d.Tags)
	}
	p.s.Snapshots.Put(p.account, rq.Now, name, s)
	p.account.Schedule(rq.Now.Add(p.account.Takes(world.DatabaseSnapshot)), "rds.snapshot.done", name)
	return s
}

func (p *RDS) snapshotDone(_ time.Time, name string) {
	if s := p.s.Snapshots.Get(name); s != nil {
		s.Shown.Status = aws.String("available")
	}
}

func (p *RDS) snapshotShown(s *dbSnapshot) types.DBSnapshot {
	out := s.Shown
	out.TagList = world.TagList[types.Tag](s.Tags)
	return out
}

func (p *RDS) createDBSnapshot(rq *world.Request, in *rds.CreateDBSnapshotInput) (*rds.CreateDBSnapshotOutput, error) {
	d, err := p.available(rq, aws.ToString(in.DBInstanceIdentifier))
	if err != nil {
		return nil, err
	}
	name := aws.ToString(in.DBSnapshotIdentifier)
	if p.s.Snapshots.Get(name) != nil {
		return nil, &types.DBSnapshotAlreadyExistsFault{Message: aws.String("Cannot create the snapshot because a snapshot with the identifier " + name + " already exists.")}
	}
	s := p.snapshotOf(rq, d, name)
	maps.Copy(s.Tags, world.TagMap(in.Tags))
	shown := p.snapshotShown(s)
	return &rds.CreateDBSnapshotOutput{DBSnapshot: &shown}, nil
}

func (p *RDS) describeDBSnapshots(rq *world.Request, in *rds.DescribeDBSnapshotsInput) (*rds.DescribeDBSnapshotsOutput, error) {
	var found []types.DBSnapshot
	want, of, kind := aws.ToString(in.DBSnapshotIdentifier), aws.ToString(in.DBInstanceIdentifier), aws.ToString(in.SnapshotType)
	for _, s := range p.s.Snapshots.List(rq) {
		name, instance := aws.ToString(s.Shown.DBSnapshotIdentifier), aws.ToString(s.Shown.DBInstanceIdentifier)
		if want != "" && want != name && want != aws.ToString(s.Shown.DBSnapshotArn) || of != "" && of != instance || kind != "" && kind != "manual" {
			continue
		}
		if rdsFilter(in.Filters, map[string]string{"db-snapshot-id": name, "db-instance-id": instance, "snapshot-type": "manual"}) {
			found = append(found, p.snapshotShown(s))
		}
	}
	if want != "" && len(found) == 0 {
		return nil, noDBSnapshot(want)
	}
	page, next, err := rdsPage(found, in.Marker, in.MaxRecords)
	return &rds.DescribeDBSnapshotsOutput{DBSnapshots: page, Marker: next}, err
}

func (p *RDS) deleteDBSnapshot(rq *world.Request, in *rds.DeleteDBSnapshotInput) (*rds.DeleteDBSnapshotOutput, error) {
	name := aws.ToString(in.DBSnapshotIdentifier)
	s := p.s.Snapshots.Get(name)
	if s == nil {
		return nil, noDBSnapshot(name)
	}
	if aws.ToString(s.Shown.Status) != "available" {
		return nil, &types.InvalidDBSnapshotStateFault{Message: aws.String("Cannot delete the snapshot because it is not currently in the available or failed state.")}
	}
	p.s.Snapshots.Remove(rq.Now, name)
	shown := p.snapshotShown(s)
	return &rds.DeleteDBSnapshotOutput{DBSnapshot: &shown}, nil
}
