package status

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/elasticache"
	cachetypes "github.com/aws/aws-sdk-go-v2/service/elasticache/types"
	"github.com/aws/aws-sdk-go-v2/service/rds"
	"github.com/aws/aws-sdk-go-v2/service/rds/types"
)

// Database is one managed database or cache.
type Database struct {
	// Name is the Compose service's name.
	Name string `json:"name"`
	// State is AWS's word for it, or absent.
	State string `json:"state"`
	// AsleepUntil is when the clock starts it again that has stopped it.
	AsleepUntil time.Time `json:"asleep_until,omitzero"`
	// Engine is what runs, with its version as far as AWS shows it: "postgres
	// 16.8".
	Engine string `json:"engine,omitempty"`
	Class  string `json:"class,omitempty"`
	// Host and Port are where it is; empty and 0 until it has been created.
	Host string `json:"host,omitempty"`
	Port int32  `json:"port,omitempty"`
}

// Broken reports whether the database cannot be used: it is not there, or in one of
// AWS's states of failure. One that AWS is working on is not broken, nor one that sleeps.
func (d Database) Broken() bool {
	if !d.AsleepUntil.IsZero() {
		return false
	}
	failed := []string{"failed", "inaccessible", "incompatible", "storage-full", "stopped", "stopping", "restore-error", "deleting"}
	return d.State == Absent || slices.ContainsFunc(failed, func(word string) bool { return strings.Contains(d.State, word) })
}

// Stopped says that AWS has stopped the database, or is about to.
func (d Database) Stopped() bool { return d.State == "stopped" || d.State == "stopping" }

// Words is the state in words: "available", "asleep until Mon 2026-12-07 06:45 CET".
func (d Database) Words() string {
	if d.AsleepUntil.IsZero() {
		return d.State
	}
	return "asleep until " + d.AsleepUntil.Format(UntilLayout)
}

// WantedDatabase is a database whose status is asked for.
type WantedDatabase struct {
	// Name is the Compose service's name, AWSName the one that RDS or
	// ElastiCache knows.
	Name, AWSName string
	// Cache says that it is one of ElastiCache.
	Cache bool
}

// Databases reads managed databases, in one call each. Those that are not there
// have the state absent.
func Databases(ctx context.Context, sql *rds.Client, cache *elasticache.Client, wanted []WantedDatabase) ([]Database, error) {
	out := make([]Database, 0, len(wanted))
	for _, w := range wanted {
		var d Database
		var err error
		if w.Cache {
			d, err = group(ctx, cache, w.AWSName)
		} else {
			d, err = instance(ctx, sql, w.AWSName)
		}
		if err != nil {
			return nil, fmt.Errorf("reading database %s: %w", w.Name, err)
		}
		d.Name = w.Name
		out = append(out, d)
	}
	return out, nil
}

func instance(ctx context.Context, api *rds.Client, name string) (Database, error) {
	found, err := api.DescribeDBInstances(ctx, &rds.DescribeDBInstancesInput{DBInstanceIdentifier: &name})
	var gone *types.DBInstanceNotFoundFault
	if errors.As(err, &gone) || err == nil && len(found.DBInstances) == 0 {
		return Database{State: Absent}, nil
	}
	if err != nil {
		return Database{}, err
	}
	i := found.DBInstances[0]
	d := Database{
		State: aws.ToString(i.DBInstanceStatus), Class: aws.ToString(i.DBInstanceClass),
		Engine: strings.TrimSpace(aws.ToString(i.Engine) + " " + aws.ToString(i.EngineVersion)),
	}
	if i.Endpoint != nil {
		d.Host, d.Port = aws.ToString(i.Endpoint.Address), aws.ToInt32(i.Endpoint.Port)
	}
	return d, nil
}

func group(ctx context.Context, api *elasticache.Client, name string) (Database, error) {
	found, err := api.DescribeReplicationGroups(ctx, &elasticache.DescribeReplicationGroupsInput{ReplicationGroupId: &name})
	var gone *cachetypes.ReplicationGroupNotFoundFault
	if errors.As(err, &gone) || err == nil && len(found.ReplicationGroups) == 0 {
		return Database{State: Absent}, nil
	}
	if err != nil {
		return Database{}, err
	}
	g := found.ReplicationGroups[0]
	d := Database{State: aws.ToString(g.Status), Class: aws.ToString(g.CacheNodeType), Engine: strings.ToLower(aws.ToString(g.Engine))}
	for _, n := range g.NodeGroups {
		if n.PrimaryEndpoint != nil {
			d.Host, d.Port = aws.ToString(n.PrimaryEndpoint.Address), aws.ToInt32(n.PrimaryEndpoint.Port)
		}
	}
	return d, nil
}
