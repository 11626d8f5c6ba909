package moto

import (
	"github.com/aws/aws-sdk-go-v2/service/elasticache"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/rds"
	"github.com/aws/aws-sdk-go-v2/service/rds/types"
)

// databases plays a database with its groups and a snapshot, in an existing
// network.
func (s *script) databases(n *network) {
	c := s.c.RDS
	name, none := p("berth-a"), p("berth-none")
	for _, service := range []string{"rds.amazonaws.com", "elasticache.amazonaws.com"} {
		try(s, aside, s.c.IAM.CreateServiceLinkedRole, &iam.CreateServiceLinkedRoleInput{AWSServiceName: &service}, nil)
	}
	s.cache(n)
	subnets := &rds.CreateDBSubnetGroupInput{
		DBSubnetGroupName: name, DBSubnetGroupDescription: p("berth"), SubnetIds: n.subnets,
		Tags: []types.Tag{{Key: p("berth:owner"), Value: p("env/a")}},
	}
	try(s, success, c.CreateDBSubnetGroup, subnets, func(o *rds.CreateDBSubnetGroupOutput) []any {
		return []any{o.DBSubnetGroup.DBSubnetGroupArn, len(o.DBSubnetGroup.Subnets)}
	})
	try(s, duplicate, c.CreateDBSubnetGroup, subnets, nil)
	lost := *subnets
	lost.DBSubnetGroupName, lost.SubnetIds = none, []string{"subnet-0123456789abcdef0"}
	try(s, dependency, c.CreateDBSubnetGroup, &lost, nil)
	try(s, success, c.DescribeDBSubnetGroups, &rds.DescribeDBSubnetGroupsInput{DBSubnetGroupName: name}, func(o *rds.DescribeDBSubnetGroupsOutput) []any {
		return []any{len(o.DBSubnetGroups), first(o.DBSubnetGroups).DBSubnetGroupDescription}
	})
	try(s, notFound, c.DescribeDBSubnetGroups, &rds.DescribeDBSubnetGroupsInput{DBSubnetGroupName: none}, nil)
	group := &rds.CreateDBParameterGroupInput{DBParameterGroupName: name, DBParameterGroupFamily: p("postgres16"), Description: p("berth")}
	try(s, success, c.CreateDBParameterGroup, group, func(o *rds.CreateDBParameterGroupOutput) []any {
		return []any{o.DBParameterGroup.DBParameterGroupArn, o.DBParameterGroup.Description}
	})
	try(s, duplicate, c.CreateDBParameterGroup, group, nil)
	try(s, success, c.DescribeDBParameterGroups, &rds.DescribeDBParameterGroupsInput{DBParameterGroupName: name}, func(o *rds.DescribeDBParameterGroupsOutput) []any {
		return []any{len(o.DBParameterGroups), first(o.DBParameterGroups).DBParameterGroupFamily}
	})
	try(s, notFound, c.DescribeDBParameterGroups, &rds.DescribeDBParameterGroupsInput{DBParameterGroupName: none}, nil)
	// Not the default value, which AWS does not report as set by the user.
	set := &rds.ModifyDBParameterGroupInput{DBParameterGroupName: name, Parameters: []types.Parameter{
		{ParameterName: p("rds.force_ssl"), ParameterValue: p("0"), ApplyMethod: types.ApplyMethodImmediate},
	}}
	try(s, success, c.ModifyDBParameterGroup, set, nil)
	try(s, duplicate, c.ModifyDBParameterGroup, set, nil)
	try(s, notFound, c.ModifyDBParameterGroup, &rds.ModifyDBParameterGroupInput{DBParameterGroupName: none, Parameters: set.Parameters}, nil)
	show := func(o *rds.DescribeDBParametersOutput) []any {
		return []any{len(o.Parameters), first(o.Parameters).ParameterValue}
	}
	try(s, success, c.DescribeDBParameters, &rds.DescribeDBParametersInput{DBParameterGroupName: name, Source: p("user")}, show)
	try(s, notFound, c.DescribeDBParameters, &rds.DescribeDBParametersInput{DBParameterGroupName: none, Source: p("user")}, show)
	s.database(name, none)
	try(s, success, c.DeleteDBParameterGroup, &rds.DeleteDBParameterGroupInput{DBParameterGroupName: name}, nil)
	try(s, notFound, c.DeleteDBParameterGroup, &rds.DeleteDBParameterGroupInput{DBParameterGroupName: none}, nil)
	try(s, success, c.DeleteDBSubnetGroup, &rds.DeleteDBSubnetGroupInput{DBSubnetGroupName: name}, nil)
	try(s, notFound, c.DeleteDBSubnetGroup, &rds.DeleteDBSubnetGroupInput{DBSubnetGroupName: none}, nil)
}

// database plays an instance, its final snapshot, and its restoration.
func (s *script) database(name, none *string) {
	c := s.c.RDS
	in := &rds.CreateDBInstanceInput{
		DBInstanceIdentifier: name, Engine: p("postgres"), EngineVersion: p("16.8"), DBInstanceClass: p("db.t4g.micro"),
		AllocatedStorage: p(int32(20)), MaxAllocatedStorage: p(int32(100)), DBName: p("shop"), MasterUsername: p("postgres"),
		MasterUserPassword: p("correct-horse"), DBSubnetGroupName: name, DBParameterGroupName: name, StorageEncrypted: p(true),
		BackupRetentionPeriod: p(int32(0)), CopyTagsToSnapshot: p(true), Tags: []types.Tag{{Key: p("berth:owner"), Value: p("env/a")}},
	}
	shown := func(d types.DBInstance) []any {
		return []any{
			d.DBInstanceIdentifier, d.Engine, d.EngineVersion, d.DBInstanceClass, d.AllocatedStorage, d.MaxAllocatedStorage, d.DBName,
			d.MasterUsername, d.StorageEncrypted, d.BackupRetentionPeriod, d.DeletionProtection, len(d.TagList),
			first(d.DBParameterGroups).DBParameterGroupName, d.DBInstanceArn,
		}
	}
	try(s, success, c.CreateDBInstance, in, nil)
	try(s, duplicate, c.CreateDBInstance, in, nil)
	lost := *in
	lost.DBInstanceIdentifier, lost.DBSubnetGroupName = none, none
	try(s, dependency, c.CreateDBInstance, &lost, nil)
	byName := func(name *string) *rds.DescribeDBInstancesInput {
		return &rds.DescribeDBInstancesInput{Filters: []types.Filter{{Name: p("db-instance-id"), Values: []string{*name}}}}
	}
	describe := func(o *rds.DescribeDBInstancesOutput) []any {
		if len(o.DBInstances) == 0 {
			return []any{0}
		}
		return append(shown(o.DBInstances[0]), o.DBInstances[0].DBInstanceStatus, o.DBInstances[0].Endpoint.Port)
	}
	try(s, success, c.DescribeDBInstances, byName(name), describe)
	try(s, notFound, c.DescribeDBInstances, byName(none), describe)
	change := &rds.ModifyDBInstanceInput{
		DBInstanceIdentifier: name, BackupRetentionPeriod: p(int32(3)), DeletionProtection: p(true), ApplyImmediately: p(true),
	}
	try(s, success, c.ModifyDBInstance, change, nil)
	try(s, duplicate, c.ModifyDBInstance, change, nil)
	try(s, notFound, c.ModifyDBInstance, &rds.ModifyDBInstanceInput{DBInstanceIdentifier: none}, nil)
	final := p("berth-a-final")
	kill := &rds.DeleteDBInstanceInput{DBInstanceIdentifier: name, FinalDBSnapshotIdentifier: final}
	try(s, dependency, c.DeleteDBInstance, kill, nil)
	try(s, aside, c.ModifyDBInstance, &rds.ModifyDBInstanceInput{DBInstanceIdentifier: name, DeletionProtection: p(false), ApplyImmediately: p(true)}, nil)
	try(s, success, c.DeleteDBInstance, kill, nil)
	try(s, notFound, c.DeleteDBInstance, &rds.DeleteDBInstanceInput{DBInstanceIdentifier: none, SkipFinalSnapshot: p(true)}, nil)
	try(s, success, c.DescribeDBSnapshots, &rds.DescribeDBSnapshotsInput{DBSnapshotIdentifier: final}, func(o *rds.DescribeDBSnapshotsOutput) []any {
		d := first(o.DBSnapshots)
		return []any{len(o.DBSnapshots), d.DBInstanceIdentifier, d.Engine, d.Status, d.SnapshotType, len(d.TagList)}
	})
	try(s, notFound, c.DescribeDBSnapshots, &rds.DescribeDBSnapshotsInput{DBSnapshotIdentifier: none}, nil)
	back := &rds.RestoreDBInstanceFromDBSnapshotInput{
		DBInstanceIdentifier: name, DBSnapshotIdentifier: final, DBInstanceClass: p("db.t4g.micro"), DBSubnetGroupName: name, DBParameterGroupName: name,
	}
	try(s, success, c.RestoreDBInstanceFromDBSnapshot, back, func(o *rds.RestoreDBInstanceFromDBSnapshotOutput) []any {
		return []any{o.DBInstance.Engine, o.DBInstance.MasterUsername, o.DBInstance.AllocatedStorage}
	})
	try(s, duplicate, c.RestoreDBInstanceFromDBSnapshot, back, nil)
	gone := *back
	gone.DBInstanceIdentifier, gone.DBSnapshotIdentifier = none, none
	try(s, notFound, c.RestoreDBInstanceFromDBSnapshot, &gone, nil)
	try(s, aside, c.DeleteDBInstance, &rds.DeleteDBInstanceInput{DBInstanceIdentifier: name, SkipFinalSnapshot: p(true)}, nil)
	try(s, success, c.DeleteDBSnapshot, &rds.DeleteDBSnapshotInput{DBSnapshotIdentifier: final}, nil)
	try(s, notFound, c.DeleteDBSnapshot, &rds.DeleteDBSnapshotInput{DBSnapshotIdentifier: none}, nil)
}

// cache plays what the emulator supports of a cache: making one and showing it.
func (s *script) cache(n *network) {
	c := s.c.Cache
	name, none := p("berth-a"), p("berth-none")
	subnets := &elasticache.CreateCacheSubnetGroupInput{
		CacheSubnetGroupName: name, CacheSubnetGroupDescription: p("berth"), SubnetIds: n.subnets,
	}
	try(s, success, c.CreateCacheSubnetGroup, subnets, func(o *elasticache.CreateCacheSubnetGroupOutput) []any {
		return []any{o.CacheSubnetGroup.ARN, len(o.CacheSubnetGroup.Subnets)}
	})
	try(s, duplicate, c.CreateCacheSubnetGroup, subnets, nil)
	try(s, success, c.DescribeCacheSubnetGroups, &elasticache.DescribeCacheSubnetGroupsInput{CacheSubnetGroupName: name}, func(o *elasticache.DescribeCacheSubnetGroupsOutput) []any {
		return []any{len(o.CacheSubnetGroups), first(o.CacheSubnetGroups).CacheSubnetGroupDescription}
	})
	try(s, notFound, c.DescribeCacheSubnetGroups, &elasticache.DescribeCacheSubnetGroupsInput{CacheSubnetGroupName: none}, nil)
	in := &elasticache.CreateReplicationGroupInput{
		ReplicationGroupId: name, ReplicationGroupDescription: p("berth"), Engine: p("redis"), EngineVersion: p("7.1"),
		CacheNodeType: p("cache.t4g.micro"), NumCacheClusters: p(int32(1)), CacheSubnetGroupName: name,
		TransitEncryptionEnabled: p(true), AtRestEncryptionEnabled: p(true),
	}
	try(s, success, c.CreateReplicationGroup, in, func(o *elasticache.CreateReplicationGroupOutput) []any {
		return []any{o.ReplicationGroup.ARN, o.ReplicationGroup.Description}
	})
	try(s, duplicate, c.CreateReplicationGroup, in, nil)
	lost := *in
	lost.ReplicationGroupId, lost.CacheSubnetGroupName = none, none
	try(s, dependency, c.CreateReplicationGroup, &lost, nil)
	try(s, success, c.DescribeReplicationGroups, &elasticache.DescribeReplicationGroupsInput{ReplicationGroupId: name}, func(o *elasticache.DescribeReplicationGroupsOutput) []any {
		return []any{len(o.ReplicationGroups), first(o.ReplicationGroups).Status, len(first(o.ReplicationGroups).MemberClusters)}
	})
	try(s, notFound, c.DescribeReplicationGroups, &elasticache.DescribeReplicationGroupsInput{ReplicationGroupId: p("berth-nobody")}, nil)
	try(s, success, c.DescribeSnapshots, &elasticache.DescribeSnapshotsInput{}, func(o *elasticache.DescribeSnapshotsOutput) []any {
		return []any{len(o.Snapshots)}
	})
	try(s, notFound, c.DescribeSnapshots, &elasticache.DescribeSnapshotsInput{SnapshotName: none}, nil)
	try(s, aside, c.DeleteReplicationGroup, &elasticache.DeleteReplicationGroupInput{ReplicationGroupId: name}, nil)
	try(s, aside, c.DeleteReplicationGroup, &elasticache.DeleteReplicationGroupInput{ReplicationGroupId: none}, nil)
	try(s, aside, c.DeleteCacheSubnetGroup, &elasticache.DeleteCacheSubnetGroupInput{CacheSubnetGroupName: name}, nil)
}

func databaseDifferences() map[string]difference {
	const doc = "https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/"
	return map[string]difference{
		"elasticache.CreateReplicationGroup: dependency": {
			"CacheSubnetGroupNotFoundFault", "ok", "moto does not look for the subnet group",
			"https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_CreateReplicationGroup.html",
		},
		"rds.CreateDBSubnetGroup: dependency":      {"InvalidSubnet", "InvalidSubnetID.NotFound", "RDS has a code of its own", doc + "API_CreateDBSubnetGroup.html"},
		"rds.CreateDBSubnetGroup: duplicate":       {"DBSubnetGroupAlreadyExists", "ok", "moto replaces the group", doc + "API_CreateDBSubnetGroup.html"},
		"rds.DescribeDBParameterGroups: not found": {"DBParameterGroupNotFound", "ok", "moto leaves out what it does not find", doc + "API_DescribeDBParameterGroups.html"},
	}
}
