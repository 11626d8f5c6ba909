package elasticache_test

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdkec2 "github.com/aws/aws-sdk-go-v2/service/ec2"
	sdk "github.com/aws/aws-sdk-go-v2/service/elasticache"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/resourcegroupstaggingapi"

	"github.com/berthdev/berth/internal/aws/ec2"
	"github.com/berthdev/berth/internal/aws/elasticache"
	linked "github.com/berthdev/berth/internal/aws/iam"
	"github.com/berthdev/berth/internal/aws/typetest"
	"github.com/berthdev/berth/internal/clock"
	"github.com/berthdev/berth/internal/engine"
	"github.com/berthdev/berth/internal/engine/naming"
)

func TestLife(t *testing.T) {
	t.Parallel()
	typetest.Run(t, typetest.Story{
		Kinds:     kinds,
		Life:      life,
		NotOnMoto: "moto cannot change a cache or delete a subnet group, and keeps no snapshot of a deleted group",
		Ground: func(_ *testing.T, cfg aws.Config, _ clock.Clock) []*engine.Graph {
			return []*engine.Graph{desired(cfg, nil), desired(cfg, func(g *elasticache.ReplicationGroup) {
				g.BackupDays, g.TLS, g.Nodes, g.MultiAZ = 7, "preferred", 2, true
			})}
		},
	})
}

func kinds(cfg aws.Config) []engine.AnyType {
	network := sdkec2.NewFromConfig(cfg)
	api, tagging := sdk.NewFromConfig(cfg), resourcegroupstaggingapi.NewFromConfig(cfg)
	return []engine.AnyType{
		engine.Erase(ec2.VPCs{API: network}), engine.Erase(ec2.Subnets{API: network}), engine.Erase(ec2.SecurityGroups{API: network}),
		engine.Erase(linked.ServiceLinkedRoles{API: iam.NewFromConfig(cfg)}),
		engine.Erase(elasticache.SubnetGroups{API: api, Tagging: tagging}),
		engine.Erase(elasticache.ReplicationGroups{API: api, Tagging: tagging, Region: cfg.Region}),
	}
}

// desired is a cache with its network.
func desired(cfg aws.Config, change func(*elasticache.ReplicationGroup)) *engine.Graph {
	g := engine.NewGraph()
	vpc := g.Add(typetest.Env, "main", ec2.VPC{CIDR: "10.7.0.0/16", DNSHostnames: true, DNSSupport: true})
	var subnets []engine.Ref
	for i, zone := range []string{"a", "b"} {
		s := g.Add(typetest.Env, "private-"+zone, ec2.Subnet{
			VPC: vpc.ID(), CIDR: "10.7." + string(rune('1'+i)) + ".0/24", Zone: cfg.Region + zone,
		})
		subnets = append(subnets, s.ID())
	}
	group := g.Add(typetest.Stack, "redis", ec2.SecurityGroup{VPC: vpc.ID(), Name: "berth-redis", Description: "berth: cache"})
	role := g.Add(typetest.Env, "elasticache", linked.ServiceLinkedRole{Service: "elasticache.amazonaws.com"})
	places := g.Add(typetest.Stack, "main", elasticache.SubnetGroup{
		Name: naming.Name(typetest.Stack, cfg.Region, "main", 255), Subnets: subnets,
	})
	c := elasticache.ReplicationGroup{
		Name: naming.Name(typetest.Stack, cfg.Region, "redis", 40), Engine: "redis", Version: "7.1", NodeType: "cache.t4g.micro", Port: 6379,
		Nodes: 1, SubnetGroup: places.ID(), SecurityGroups: []engine.Ref{group.ID()}, TLS: "required", BackupDays: 1,
	}
	if change != nil {
		change(&c)
	}
	g.Add(typetest.Stack, "redis", c).After(role, engine.Ready)
	return g
}

// life takes a cache through its whole life; its data outlives a teardown.
func life(t *testing.T, cfg aws.Config, c clock.Clock) {
	t.Helper()
	d := typetest.New(t, cfg, c, kinds)
	first := desired(cfg, nil)
	d.Up(first, false)
	d.MustPlan("", first, false)
	d.MustPlan("", first, true)
	if object := only(t, d, first); object.Output("endpoint") == "" || object.Output("port") != "6379" {
		t.Errorf("outputs %v", object.Outputs)
	}

	changed := desired(cfg, func(g *elasticache.ReplicationGroup) {
		g.BackupDays, g.Nodes, g.MultiAZ, g.TLS = 7, 2, true, "preferred"
	})
	d.MustPlan("update elasticache.replication-group/redis (nodes edited, multi_az edited, tls edited, backup_days edited)", changed, false)
	d.Up(changed, false)
	d.MustPlan("", changed, true)
	d.Up(first, false)
	d.MustPlan("", first, true)

	upgrade := desired(cfg, func(g *elasticache.ReplicationGroup) { g.Engine, g.Version = "valkey", "8.1" })
	d.MustPlan("leave elasticache.replication-group/redis (engine stays: the change to valkey may interrupt the cache: "+
		"set x-berth.managed.allow_downtime: true to allow it, version stays: the upgrade to 8.1 may interrupt the cache: "+
		"set x-berth.managed.allow_downtime: true to allow it)", upgrade, false)
	upgrade = desired(cfg, func(g *elasticache.ReplicationGroup) { g.Engine, g.Version, g.AllowDowntime = "valkey", "8.1", true })
	d.Up(upgrade, false)
	d.MustPlan("", upgrade, true)

	down := engine.PlanOptions{Destroy: []engine.Owner{typetest.Stack, typetest.Env}}
	for range 2 { // the second teardown replaces the snapshot of the first
		if err := d.Try(t.Context(), nil, false, down); err != nil {
			t.Fatal(err)
		}
		if stored := only(t, d, nil); stored.State != engine.StateStored || stored.Address.Name != "redis" {
			t.Errorf("after a teardown: %+v", stored)
		}
		d.Up(upgrade, false)
		d.MustPlan("", upgrade, true)
	}
	d.Down()
}

// only is the cache of a world.
func only(t *testing.T, d *typetest.Driver, g *engine.Graph) engine.Object {
	t.Helper()
	objects := d.World(g, false).Objects("elasticache.replication-group")
	if len(objects) != 1 {
		t.Fatalf("caches: %+v", objects)
	}
	return objects[0]
}
