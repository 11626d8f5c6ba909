package rds

import (
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/rds"

	"github.com/berthdev/berth/internal/aws/gate"
	"github.com/berthdev/berth/internal/engine"
)

// storageType is general purpose SSD, whose 3000 IOPS do not depend on its
// size.
const storageType = "gp3"

func createInput(w engine.Desired[Instance], password string) *rds.CreateDBInstanceInput {
	d := w.Want
	return &rds.CreateDBInstanceInput{
		DBInstanceIdentifier: &d.Name, Engine: &d.Engine, EngineVersion: gate.Optional(d.Version), DBInstanceClass: &d.Class,
		AllocatedStorage: number(d.StorageGiB), MaxAllocatedStorage: number(d.MaxStorageGiB), StorageType: aws.String(storageType),
		Port: port(d.Port), DBName: gate.Optional(d.Database), MasterUsername: &d.User, MasterUserPassword: &password,
		DBSubnetGroupName: aws.String(d.SubnetGroup.Value()), DBParameterGroupName: gate.Optional(d.ParameterGroup.Value()),
		VpcSecurityGroupIds: engine.Values(d.SecurityGroups), MultiAZ: &d.MultiAZ, PubliclyAccessible: aws.Bool(false),
		StorageEncrypted: aws.Bool(true), BackupRetentionPeriod: number(d.BackupDays), DeletionProtection: &d.DeletionProtection,
		AutoMinorVersionUpgrade: aws.Bool(true), CopyTagsToSnapshot: aws.Bool(true), Tags: tagList(w.Tags),
	}
}

// restoreInput leaves the tag of what was last applied out: a restored instance is
// not as desired until its password and storage have been set.
func restoreInput(w engine.Desired[Instance], snapshot string) *rds.RestoreDBInstanceFromDBSnapshotInput {
	d := w.Want
	tags := tagList(w.Tags)
	for i := range tags {
		if *tags[i].Key == engine.TagLastApplied {
			tags = append(tags[:i], tags[i+1:]...)
			break
		}
	}
	return &rds.RestoreDBInstanceFromDBSnapshotInput{
		DBInstanceIdentifier: &d.Name, DBSnapshotIdentifier: &snapshot, DBInstanceClass: &d.Class, StorageType: aws.String(storageType), Port: port(d.Port),
		DBSubnetGroupName: aws.String(d.SubnetGroup.Value()), DBParameterGroupName: gate.Optional(d.ParameterGroup.Value()),
		VpcSecurityGroupIds: engine.Values(d.SecurityGroups), MultiAZ: &d.MultiAZ, PubliclyAccessible: aws.Bool(false),
		BackupRetentionPeriod: number(d.BackupDays), DeletionProtection: &d.DeletionProtection,
		AutoMinorVersionUpgrade: aws.Bool(true), CopyTagsToSnapshot: aws.Bool(true), Tags: tags,
	}
}

// afterRestore are the attributes that a restore cannot set.
func afterRestore() []string { return []string{"password", "max_storage_gib"} }

// everything are all attributes that can be changed in place.
func everything() []string {
	return []string{
		"version", "class", "storage_gib", "max_storage_gib", "password", "parameter_group", "security_groups",
		"multi_az", "backup_days", "deletion_protection",
	}
}

// modifyInput is the call that changes the named attributes at once; a nil password
// leaves the password alone. changes is false if there is nothing to change.
func modifyInput(d Instance, object engine.Object, changed []string, password *string) (in *rds.ModifyDBInstanceInput, changes bool) {
	in = &rds.ModifyDBInstanceInput{
		DBInstanceIdentifier: &object.ID, ApplyImmediately: aws.Bool(true), MasterUserPassword: password,
	}
	set := map[string]func(){
		"version": func() {
			in.EngineVersion = gate.Optional(d.Version)
			in.AllowMajorVersionUpgrade = aws.Bool(major(d.Engine, engine.ShownAs[Instance](object).Version) != major(d.Engine, d.Version))
		},
		"class":               func() { in.DBInstanceClass = &d.Class },
		"storage_gib":         func() { in.AllocatedStorage = number(d.StorageGiB) },
		"max_storage_gib":     func() { in.MaxAllocatedStorage = number(d.MaxStorageGiB) },
		"parameter_group":     func() { in.DBParameterGroupName = gate.Optional(d.ParameterGroup.Value()) },
		"security_groups":     func() { in.VpcSecurityGroupIds = engine.Values(d.SecurityGroups) },
		"multi_az":            func() { in.MultiAZ = &d.MultiAZ },
		"backup_days":         func() { in.BackupRetentionPeriod = number(d.BackupDays) },
		"deletion_protection": func() { in.DeletionProtection = &d.DeletionProtection },
	}
	changes = password != nil
	for _, name := range changed {
		if f, ok := set[name]; ok {
			changes = true
			f()
		}
	}
	return in, changes
}

// major is the part of a version within which AWS upgrades by itself: 16 of
// Postgres 16.4, 8.0 of MySQL 8.0.39.
func major(engineName, version string) string {
	parts := strings.Split(version, ".")
	n := 1
	if engineName == "mysql" {
		n = 2
	}
	return strings.Join(parts[:min(n, len(parts))], ".")
}

// port is nil for 0, so that AWS takes its default.
func port(n int) *int32 {
	if n == 0 {
		return nil
	}
	return number(n)
}

func number(n int) *int32 { return aws.Int32(int32(n)) } //nolint:gosec // sizes and days are small
