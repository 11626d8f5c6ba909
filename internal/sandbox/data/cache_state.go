package data

import (
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/elasticache/types"

	"github.com/berthdev/berth/internal/sandbox/world"
)

// cacheState is ElastiCache; everything is under its name.
type cacheState struct {
	Groups    world.Table[cacheGroup]
	Snapshots world.Table[cacheSnapshot]
	Subnets   world.Table[subnetGroup]
	// Born counts by name the groups that began empty.
	Born map[string]int
}

// cacheGroup is a replication group of one shard.
type cacheGroup struct {
	// ID is never used again, not even for a group of the same name.
	ID    string
	Shown types.ReplicationGroup
	Tags  map[string]string
	// Version is what its nodes run.
	Version, SubnetGroup string
	Groups               []string
	// Nodes is the number of nodes, Interface the network interface of the
	// first.
	Nodes     int32
	Interface string
	Port      int32
	// Data stands for what is in it; see database.Data.
	Data string
	// Next is what it becomes when the present status ends.
	Next *cacheNext `json:",omitempty"`
}

// cacheNext is a change under way.
type cacheNext struct {
	Engine, Version, NodeType string
	Nodes                     int32
	Mode                      types.TransitEncryptionMode
}

// cacheSnapshot is a snapshot of a cache.
type cacheSnapshot struct {
	Shown types.Snapshot
	Tags  map[string]string
	Data  string
}

// SetStatus puts a replication group into a status that AWS alone brings about.
func (p *ElastiCache) SetStatus(name, status string) error {
	g := p.s.Groups.Get(name)
	if g == nil {
		return fmt.Errorf("the sandbox has no cache %s", name)
	}
	g.Shown.Status = aws.String(status)
	return nil
}
