package data

import (
	"fmt"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/rds/types"

	"github.com/berthdev/berth/internal/sandbox/world"
)

// rdsState is RDS; everything is under its name.
type rdsState struct {
	Instances  world.Table[database]
	Snapshots  world.Table[dbSnapshot]
	Subnets    world.Table[subnetGroup]
	Parameters world.Table[dbParameterGroup]
	// Born counts by name the instances that began empty.
	Born map[string]int
	// Retained is the data in automated backups that a deletion has kept.
	Retained []string `json:",omitempty"`
}

// database is a database instance.
type database struct {
	// Shown is the instance as AWS shows it, without what its groups say.
	Shown types.DBInstance
	Tags  map[string]string
	// SubnetGroup and ParameterGroup are names, Groups security group ids.
	SubnetGroup, ParameterGroup string
	Groups                      []string
	// Interface is its network interface.
	Interface string
	// Data stands for what is in the database: the name of the instance that
	// began empty and how many had done so, passed on by snapshots.
	Data string
	// Password is a digest of the master password.
	Password string
	// Final is the snapshot that its deletion makes; empty for none.
	Final string
	// Next is what it becomes when the present status ends.
	Next *types.DBInstance `json:",omitempty"`
	// Stopped is since when it is stopped.
	Stopped time.Time `json:",omitzero"`
	// NextPassword is the digest of the password that is being set.
	NextPassword string
}

// down reports whether nobody can connect to it.
// https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/accessing-monitoring.html
func (d *database) down() bool {
	switch status := aws.ToString(d.Shown.DBInstanceStatus); status {
	case "stopped", "stopping", "starting", "creating", "failed", "deleting", "restore-error", "inaccessible-encryption-credentials":
		return true
	default:
		return strings.HasPrefix(status, "incompatible-")
	}
}

// dbSnapshot is a snapshot of a database.
type dbSnapshot struct {
	Shown          types.DBSnapshot
	Tags           map[string]string
	Data, Password string
	// Database is the name of the first database.
	Database string
}

// dbParameterGroup is a configuration.
type dbParameterGroup struct {
	Name, ARN, Family, Description string
	Values                         map[string]string
	Tags                           map[string]string
}

// SetStatus puts a database instance into a status that AWS alone brings about,
// such as "failed" or "storage-full".
func (p *RDS) SetStatus(name, status string) error {
	d := p.s.Instances.Get(name)
	if d == nil {
		return fmt.Errorf("the sandbox has no database %s", name)
	}
	d.Shown.DBInstanceStatus = aws.String(status)
	return nil
}
