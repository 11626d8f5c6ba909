package rds

import (
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/rds/types"

	"github.com/berthdev/berth/internal/engine"
)

// instanceObject is an instance as an engine.Object without its address. want puts
// the version in the desired state's words, and says whether a stopped instance is as
// desired; changes that AWS has accepted and not made yet count as made.
func instanceObject(d types.DBInstance, want Instance) engine.Object {
	shown := Instance{
		Name: aws.ToString(d.DBInstanceIdentifier), Engine: aws.ToString(d.Engine), Version: aws.ToString(d.EngineVersion),
		Class: aws.ToString(d.DBInstanceClass), StorageGiB: int(aws.ToInt32(d.AllocatedStorage)),
		MaxStorageGiB: int(aws.ToInt32(d.MaxAllocatedStorage)), Database: aws.ToString(d.DBName), User: aws.ToString(d.MasterUsername),
		MultiAZ: aws.ToBool(d.MultiAZ), BackupDays: int(aws.ToInt32(d.BackupRetentionPeriod)),
		DeletionProtection: aws.ToBool(d.DeletionProtection), Runs: want.Runs,
	}
	if d.DBSubnetGroup != nil {
		shown.SubnetGroup = engine.Lit(aws.ToString(d.DBSubnetGroup.DBSubnetGroupName))
	}
	for _, g := range d.DBParameterGroups {
		shown.ParameterGroup = engine.Lit(aws.ToString(g.DBParameterGroupName))
	}
	for _, g := range d.VpcSecurityGroups {
		shown.SecurityGroups = append(shown.SecurityGroups, engine.Lit(aws.ToString(g.VpcSecurityGroupId)))
	}
	shown.withPending(d.PendingModifiedValues)
	if want.Version != "" && strings.HasPrefix(shown.Version+".", want.Version+".") {
		shown.Version = want.Version
	}
	l := engine.Object{
		ID: shown.Name, Attrs: engine.Shown(shown, "password", "password_version", "from_snapshot", "port"), Tags: tagMap(d.TagList),
		Outputs: map[string]string{"arn": aws.ToString(d.DBInstanceArn)}, Created: aws.ToTime(d.InstanceCreateTime),
	}
	if d.Endpoint != nil && aws.ToString(d.Endpoint.Address) != "" {
		l.Outputs["endpoint"] = *d.Endpoint.Address
		l.Outputs["port"] = strconv.Itoa(int(aws.ToInt32(d.Endpoint.Port)))
	}
	if l.Outputs["port"] != "" {
		l.Attrs["port"] = l.Outputs["port"]
	}
	l.State, l.Detail = stateOf(aws.ToString(d.DBInstanceStatus))
	if want.Runs == ByClock && sleeps(l.Detail) {
		l.State = engine.StateReady
	}
	if l.State == engine.StateReady && l.Outputs["endpoint"] == "" {
		l.State = engine.StatePending // dependents need its address
	}
	return l
}

// withPending counts what AWS will change in the maintenance window, or is
// about to change.
func (i *Instance) withPending(p *types.PendingModifiedValues) {
	if p == nil {
		return
	}
	for _, v := range []struct {
		field *string
		value *string
	}{{&i.Version, p.EngineVersion}, {&i.Class, p.DBInstanceClass}} {
		if v.value != nil {
			*v.field = *v.value
		}
	}
	if p.AllocatedStorage != nil {
		i.StorageGiB = int(*p.AllocatedStorage)
	}
	if p.BackupRetentionPeriod != nil {
		i.BackupDays = int(*p.BackupRetentionPeriod)
	}
	if p.MultiAZ != nil {
		i.MultiAZ = *p.MultiAZ
	}
}

// stateOf sorts the statuses of an instance: those in which it can be used,
// those that pass, and those that do not.
// https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/accessing-monitoring.html
func stateOf(status string) (engine.State, string) {
	switch status {
	case "available", "backing-up", "storage-optimization", "storage-initialization", "configuring-enhanced-monitoring",
		"configuring-log-exports", "configuring-activity-stream":
		return engine.StateReady, status
	case "deleting", "delete-precheck":
		return engine.StateDeleting, status
	case "failed", "inaccessible-encryption-credentials", "incompatible-network", "incompatible-option-group",
		"incompatible-parameters", "incompatible-restore", "incompatible-create", "insufficient-capacity", "restore-error",
		stopped, "storage-full", "inaccessible-encryption-credentials-recoverable":
		return engine.StateFailed, status
	}
	return engine.StatePending, status
}

// sleeps says of a status whether AWS has stopped the instance, or is about to.
func sleeps(status string) bool { return status == stopped || status == "stopping" }

// stopped is the status of an instance that somebody, or the clock, has stopped.
const stopped = "stopped"

// copied says whether AWS takes a final snapshot of an instance.
type copied int

const (
	// copySure: it does, once AWS has finished its work on the instance.
	copySure copied = iota
	// copyNeedless: it does not, and the instance has no data of its own yet.
	copyNeedless
	// copyNever: it does not, and there may be data.
	copyNever
	// copyDoubtful: AWS does not document it, so berth tries.
	copyDoubtful
)

// copyOf says whether AWS takes a final snapshot in a status. "You can't create a final DB snapshot of your DB
// instance if it has the status creating, failed, incompatible-restore, or
// incompatible-network":
// https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_DeleteInstance.html
// restore-error is the newer name of a restore that failed.
func copyOf(status string) copied {
	switch status {
	case "creating":
		return copyNeedless
	case "failed", "incompatible-network", "incompatible-restore", "restore-error":
		return copyNever
	case stopped:
		return copySure
	}
	if state, _ := stateOf(status); state == engine.StateFailed {
		return copyDoubtful
	}
	return copySure
}
