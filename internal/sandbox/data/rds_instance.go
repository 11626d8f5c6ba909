package data

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/rds"
	"github.com/aws/aws-sdk-go-v2/service/rds/types"

	"github.com/berthdev/berth/internal/sandbox/world"
)

func noDatabase(name string) error {
	return world.WithStatus(404, &types.DBInstanceNotFoundFault{Message: aws.String(fmt.Sprintf("DBInstance %s not found.", name))})
}

func (p *RDS) createDBInstance(rq *world.Request, in *rds.CreateDBInstanceInput) (*rds.CreateDBInstanceOutput, error) {
	name := aws.ToString(in.DBInstanceIdentifier)
	version, err := checkDatabase(in)
	if err != nil {
		return nil, err
	}
	d := &database{
		Shown: types.DBInstance{
			Engine: in.Engine, EngineVersion: &version, AllocatedStorage: in.AllocatedStorage, DBName: in.DBName,
			MasterUsername: in.MasterUsername, StorageEncrypted: aws.Bool(aws.ToBool(in.StorageEncrypted)),
			BackupRetentionPeriod: aws.Int32(1), MaxAllocatedStorage: in.MaxAllocatedStorage, DbInstancePort: in.Port,
		},
		Password: digest(p.account, aws.ToString(in.MasterUserPassword)),
	}
	if in.BackupRetentionPeriod != nil {
		d.Shown.BackupRetentionPeriod = in.BackupRetentionPeriod
	}
	err = p.begin(rq, d, placement{
		name: name, class: in.DBInstanceClass, subnets: in.DBSubnetGroupName, parameters: in.DBParameterGroupName,
		groups: in.VpcSecurityGroupIds, multi: in.MultiAZ, protected: in.DeletionProtection, copyTags: in.CopyTagsToSnapshot,
		public: in.PubliclyAccessible, storage: in.StorageType, tags: in.Tags,
	})
	if err != nil {
		return nil, err
	}
	if p.s.Born == nil {
		p.s.Born = map[string]int{}
	}
	p.s.Born[name]++
	d.Data = fmt.Sprintf("%s, empty the %d. time", name, p.s.Born[name])
	p.next(rq, d, world.DatabaseCreated)
	return &rds.CreateDBInstanceOutput{DBInstance: p.shown(d)}, nil
}

func (p *RDS) restoreDBInstance(rq *world.Request, in *rds.RestoreDBInstanceFromDBSnapshotInput) (*rds.RestoreDBInstanceFromDBSnapshotOutput, error) {
	id := aws.ToString(in.DBSnapshotIdentifier)
	id = id[strings.LastIndex(id, ":")+1:]
	s := p.s.Snapshots.Find(rq, id)
	if s == nil {
		return nil, noDBSnapshot(id)
	}
	if aws.ToString(s.Shown.Status) != "available" {
		return nil, &types.InvalidDBSnapshotStateFault{Message: aws.String("DBSnapshot must have state available but actually has " + aws.ToString(s.Shown.Status))}
	}
	o := s.Shown
	d := &database{
		Shown: types.DBInstance{
			Engine: o.Engine, EngineVersion: o.EngineVersion, AllocatedStorage: o.AllocatedStorage, MasterUsername: o.MasterUsername,
			StorageEncrypted: o.Encrypted, DbInstancePort: in.Port, BackupRetentionPeriod: cmp.Or(in.BackupRetentionPeriod, o.BackupRetentionPeriod),
			DBName: world.Optional(s.Database),
		},
		Data: s.Data, Password: s.Password,
	}
	err := p.begin(rq, d, placement{
		name: aws.ToString(in.DBInstanceIdentifier), class: in.DBInstanceClass, subnets: in.DBSubnetGroupName,
		parameters: in.DBParameterGroupName, groups: in.VpcSecurityGroupIds, multi: in.MultiAZ, protected: in.DeletionProtection,
		copyTags: in.CopyTagsToSnapshot, public: in.PubliclyAccessible, storage: in.StorageType, tags: in.Tags,
	})
	if err != nil {
		return nil, err
	}
	p.next(rq, d, world.DatabaseRestored)
	return &rds.RestoreDBInstanceFromDBSnapshotOutput{DBInstance: p.shown(d)}, nil
}

// placement is the input that creating and restoring have in common.
type placement struct {
	name                                string
	class, subnets, parameters, storage *string
	groups                              []string
	multi, protected, copyTags, public  *bool
	tags                                []types.Tag
}

// hasMachines refuses an instance class that too few of a group's zones have.
func (p *RDS) hasMachines(g *subnetGroup, class string, multi bool) error {
	zones := 0
	for _, id := range g.Subnets {
		if !strings.HasPrefix(class, "db.t4g.") || p.account.HasGraviton(p.Needs.Network.Zone(id)) {
			zones++
		}
	}
	if zones == 0 || multi && zones < 2 {
		return &types.InsufficientDBInstanceCapacityFault{Message: aws.String(
			class + " is not available in enough of the Availability Zones of the DB subnet group.")}
	}
	return nil
}

// begin checks the placement of a new instance and stores the instance.
func (p *RDS) begin(rq *world.Request, d *database, at placement) error {
	if p.s.Instances.Get(at.name) != nil {
		return &types.DBInstanceAlreadyExistsFault{Message: aws.String("DB instance already exists")}
	}
	g := p.s.Subnets.Find(rq, aws.ToString(at.subnets))
	if g == nil {
		return noDBSubnetGroup(aws.ToString(at.subnets))
	}
	if err := p.hasMachines(g, aws.ToString(at.class), aws.ToBool(at.multi)); err != nil {
		return err
	}
	parameters := cmp.Or(aws.ToString(at.parameters), "default."+familyOf(d.Shown))
	if err := p.groups.checkFamily(rq, parameters, familyOf(d.Shown)); err != nil {
		return err
	}
	for _, id := range at.groups {
		if have, ok := p.Needs.Network.FindGroup(rq, id); !ok || have != g.VPC {
			return world.APIError(400, "InvalidParameterValue", "Invalid security group , groupId= %s, groupName=.", id)
		}
	}
	if len(p.s.Instances.All()) >= p.account.Quota("db instances", 40) {
		return &types.InstanceQuotaExceededFault{Message: aws.String("Cannot create more than the allowed number of DB instances.")}
	}
	if err := p.Needs.Roles.EnsureLinkedRole(rq, "rds.amazonaws.com"); err != nil {
		return err
	}
	if !p.Needs.Roles.LinkedRoleReady("rds.amazonaws.com") {
		return world.APIError(400, "InvalidParameterValue",
			"Unable to create the resource. Verify that you have permission to create service linked role. Otherwise wait and try again later")
	}
	s := &d.Shown
	s.DBInstanceIdentifier, s.DBInstanceArn = aws.String(at.name), aws.String(p.account.ARN("rds", "db:"+at.name))
	s.DbiResourceId = aws.String("db-" + strings.ToUpper(p.account.NewHex("dbi", 26)))
	s.DBInstanceClass, s.MultiAZ, s.StorageType = at.class, aws.Bool(aws.ToBool(at.multi)), at.storage
	s.DeletionProtection, s.CopyTagsToSnapshot = aws.Bool(aws.ToBool(at.protected)), aws.Bool(aws.ToBool(at.copyTags))
	s.PubliclyAccessible, s.InstanceCreateTime = aws.Bool(aws.ToBool(at.public)), aws.Time(rq.Now)
	s.DBInstanceStatus, s.AutoMinorVersionUpgrade = aws.String("creating"), aws.Bool(true)
	d.SubnetGroup, d.ParameterGroup, d.Groups, d.Tags = g.Name, parameters, slices.Clone(at.groups), world.TagMap(at.tags)
	d.Interface = p.Needs.Interfaces.Attach("rds", g.Subnets[0], d.Groups, false, "RDSNetworkInterface")
	p.s.Instances.Put(p.account, rq.Now, at.name, d)
	return nil
}

// shown is an instance as AWS shows it.
func (p *RDS) shown(d *database) *types.DBInstance {
	out := d.Shown
	out.TagList = world.TagList[types.Tag](d.Tags)
	if g := p.s.Subnets.Get(d.SubnetGroup); g != nil {
		out.DBSubnetGroup = p.groups.subnetGroupShown(g)
	}
	out.DBParameterGroups = []types.DBParameterGroupStatus{{
		DBParameterGroupName: aws.String(d.ParameterGroup), ParameterApplyStatus: aws.String("in-sync"),
	}}
	for _, g := range d.Groups {
		out.VpcSecurityGroups = append(out.VpcSecurityGroups, types.VpcSecurityGroupMembership{
			VpcSecurityGroupId: aws.String(g), Status: aws.String("active"),
		})
	}
	return &out
}

func (p *RDS) describeDBInstances(rq *world.Request, in *rds.DescribeDBInstancesInput) (*rds.DescribeDBInstancesOutput, error) {
	var found []types.DBInstance
	want := aws.ToString(in.DBInstanceIdentifier)
	for _, d := range p.s.Instances.List(rq) {
		name := aws.ToString(d.Shown.DBInstanceIdentifier)
		if (want == "" || want == name) && rdsFilter(in.Filters, map[string]string{"db-instance-id": name, "engine": aws.ToString(d.Shown.Engine)}) {
			found = append(found, *p.shown(d))
		}
	}
	if want != "" && len(found) == 0 {
		return nil, noDatabase(want)
	}
	page, next, err := rdsPage(found, in.Marker, in.MaxRecords)
	return &rds.DescribeDBInstancesOutput{DBInstances: page, Marker: next}, err
}
