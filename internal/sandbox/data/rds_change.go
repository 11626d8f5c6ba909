package data

import (
	"cmp"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/rds"
	"github.com/aws/aws-sdk-go-v2/service/rds/types"

	"github.com/berthdev/berth/internal/sandbox/world"
)

// next makes an instance available after a step.
func (p *RDS) next(rq *world.Request, d *database, step world.Step) {
	p.account.Schedule(rq.Now.Add(p.account.Takes(step)), "rds.instance.next", aws.ToString(d.Shown.DbiResourceId))
}

// byResource is the instance of a resource id, which is never used again.
func (p *RDS) byResource(id string) *database {
	for _, d := range p.s.Instances.All() {
		if aws.ToString(d.Shown.DbiResourceId) == id {
			return d
		}
	}
	return nil
}

// instanceNext ends the step that an instance is in. Its creation is followed by the
// first backup, during which it can be used.
func (p *RDS) instanceNext(at time.Time, id string) {
	d := p.byResource(id)
	if d == nil {
		return
	}
	name := aws.ToString(d.Shown.DBInstanceIdentifier)
	switch aws.ToString(d.Shown.DBInstanceStatus) {
	case "creating":
		d.Shown.Endpoint = &types.Endpoint{
			Address: aws.String(name + "." + digest(p.account, "rds endpoint") + "." + p.account.Region() + ".rds.amazonaws.com"),
			Port:    aws.Int32(cmp.Or(aws.ToInt32(d.Shown.DbInstancePort), portOf(aws.ToString(d.Shown.Engine)))), HostedZoneId: aws.String("Z1RLNUO7B9Q6NB"),
		}
		if aws.ToInt32(d.Shown.BackupRetentionPeriod) > 0 {
			d.Shown.DBInstanceStatus = aws.String("backing-up")
			p.account.Schedule(at.Add(p.account.Takes(world.DatabaseBackedUp)), "rds.instance.next", id)
			return
		}
	case "available", "backing-up", "modifying", "starting":
	default: // another step has begun, or the instance has failed for good
		return
	}
	d.Shown.DBInstanceStatus = aws.String("available")
	if d.NextPassword != "" {
		d.Password, d.NextPassword = d.NextPassword, ""
	}
	if d.Next != nil {
		n := d.Next
		d.Shown.EngineVersion, d.Shown.DBInstanceClass, d.Shown.MultiAZ = n.EngineVersion, n.DBInstanceClass, n.MultiAZ
		d.Shown.AllocatedStorage, d.Next = n.AllocatedStorage, nil
	}
	d.Shown.PendingModifiedValues = nil
}

func portOf(engine string) int32 {
	if engine == "mysql" {
		return 3306
	}
	return 5432
}

func (p *RDS) modifyDBInstance(rq *world.Request, in *rds.ModifyDBInstanceInput) (*rds.ModifyDBInstanceOutput, error) {
	d, err := p.available(rq, aws.ToString(in.DBInstanceIdentifier))
	if err != nil {
		return nil, err
	}
	after, pending, step, err := p.changed(d, in)
	if err != nil {
		return nil, err
	}
	parameters := d.ParameterGroup
	if in.DBParameterGroupName != nil {
		parameters = *in.DBParameterGroupName
	}
	if err := p.groups.checkFamily(rq, parameters, familyOf(after)); err != nil {
		return nil, err
	}
	if in.VpcSecurityGroupIds != nil {
		d.Groups = slices.Clone(in.VpcSecurityGroupIds)
		p.Needs.Interfaces.SetGroups(d.Interface, d.Groups)
	}
	d.ParameterGroup = parameters
	for _, v := range []struct {
		to   **int32
		from *int32
	}{{&d.Shown.MaxAllocatedStorage, in.MaxAllocatedStorage}, {&d.Shown.BackupRetentionPeriod, in.BackupRetentionPeriod}} {
		if v.from != nil {
			*v.to = v.from
		}
	}
	if in.DeletionProtection != nil {
		d.Shown.DeletionProtection = in.DeletionProtection
	}
	if in.MasterUserPassword != nil {
		d.NextPassword = digest(p.account, *in.MasterUserPassword)
	}
	d.Shown.PendingModifiedValues = pending
	if pending != nil && aws.ToBool(in.ApplyImmediately) {
		d.Next = &after
		// A change of the password alone does not wait for other work.
		if step != world.PasswordSet {
			d.Shown.DBInstanceStatus = aws.String("modifying")
		}
		p.next(rq, d, step)
	}
	return &rds.ModifyDBInstanceOutput{DBInstance: p.shown(d)}, nil
}

// changed is an instance as it will be, with what of the change takes time, and how
// long.
func (p *RDS) changed(d *database, in *rds.ModifyDBInstanceInput) (after types.DBInstance, pending *types.PendingModifiedValues, step world.Step, err error) {
	after, step = d.Shown, world.PasswordSet
	later := types.PendingModifiedValues{}
	engine := aws.ToString(after.Engine)
	if in.MasterUserPassword != nil {
		if err := checkPassword(engine, *in.MasterUserPassword); err != nil {
			return after, nil, step, err
		}
		later.MasterUserPassword, pending = aws.String("****"), &later
	}
	if n := in.AllocatedStorage; n != nil && *n != aws.ToInt32(after.AllocatedStorage) {
		if *n < aws.ToInt32(after.AllocatedStorage) {
			return after, nil, step, world.APIError(400, "InvalidParameterCombination", "You can't reduce the amount of storage allocated for your instance.")
		}
		after.AllocatedStorage, later.AllocatedStorage, pending, step = n, n, &later, world.DatabaseModified
	}
	if c := in.DBInstanceClass; c != nil && *c != aws.ToString(after.DBInstanceClass) {
		after.DBInstanceClass, later.DBInstanceClass, pending, step = c, c, &later, world.DatabaseModified
	}
	if m := in.MultiAZ; m != nil && *m != aws.ToBool(after.MultiAZ) {
		after.MultiAZ, later.MultiAZ, pending, step = m, m, &later, world.DatabaseModified
	}
	if v := in.EngineVersion; v != nil {
		full, ok := resolveVersion(engine, *v)
		switch {
		case !ok:
			return after, nil, step, world.APIError(400, "InvalidParameterCombination", "Cannot find upgrade target from %s with requested version %s.", aws.ToString(after.EngineVersion), *v)
		case majorOf(engine, full) != majorOf(engine, aws.ToString(after.EngineVersion)) && !aws.ToBool(in.AllowMajorVersionUpgrade):
			return after, nil, step, world.APIError(400, "InvalidParameterCombination", "The AllowMajorVersionUpgrade flag must be present when upgrading to a new major version.")
		case full != aws.ToString(after.EngineVersion):
			after.EngineVersion, later.EngineVersion, pending, step = &full, &full, &later, world.DatabaseUpgraded
		}
	}
	return after, pending, step, nil
}

// available is an instance that can be changed now.
func (p *RDS) available(rq *world.Request, name string) (*database, error) {
	d := p.s.Instances.Find(rq, name)
	if d == nil {
		return nil, noDatabase(name)
	}
	if status := aws.ToString(d.Shown.DBInstanceStatus); status != "available" {
		return nil, &types.InvalidDBInstanceStateFault{Message: aws.String("Database instance is not in available state.")}
	}
	return d, nil
}
