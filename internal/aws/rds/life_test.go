package rds_test

import (
	"context"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdkec2 "github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	sdk "github.com/aws/aws-sdk-go-v2/service/rds"
	"github.com/aws/aws-sdk-go-v2/service/resourcegroupstaggingapi"

	"github.com/berthdev/berth/internal/aws/ec2"
	linked "github.com/berthdev/berth/internal/aws/iam"
	"github.com/berthdev/berth/internal/aws/rds"
	"github.com/berthdev/berth/internal/aws/typetest"
	"github.com/berthdev/berth/internal/clock"
	"github.com/berthdev/berth/internal/engine"
	"github.com/berthdev/berth/internal/engine/naming"
)

func TestLife(t *testing.T) {
	t.Parallel()
	typetest.Run(t, typetest.Story{
		Kinds: kinds,
		Life:  life,
		Ground: func(_ *testing.T, cfg aws.Config, _ clock.Clock) []*engine.Graph {
			first, changed := engine.NewGraph(), engine.NewGraph()
			return []*engine.Graph{desired(first, network(first, cfg), nil), desired(changed, network(changed, cfg), func(d *rds.Instance) {
				d.BackupDays, d.MultiAZ, d.PasswordVersion = 7, true, engine.Lit("2")
			})}
		},
	})
}

func TestDataIsKept(t *testing.T) {
	t.Parallel()
	typetest.Sandbox(t, data)
}

// fixed is a store with one password.
type fixed string

func (f fixed) Value(context.Context, string) (string, error) { return string(f), nil }

// kinds are all types, databases those without the network.
func kinds(cfg aws.Config) []engine.AnyType {
	api := sdkec2.NewFromConfig(cfg)
	return append(databases(cfg),
		engine.Erase(ec2.VPCs{API: api}), engine.Erase(ec2.Subnets{API: api}), engine.Erase(ec2.SecurityGroups{API: api}))
}

func databases(cfg aws.Config) []engine.AnyType {
	api, tagging := sdk.NewFromConfig(cfg), resourcegroupstaggingapi.NewFromConfig(cfg)
	return []engine.AnyType{
		engine.Erase(linked.ServiceLinkedRoles{API: iam.NewFromConfig(cfg)}),
		engine.Erase(rds.SubnetGroups{API: api, Tagging: tagging}), engine.Erase(rds.ParameterGroups{API: api, Tagging: tagging}),
		engine.Erase(rds.Instances{API: api, Tagging: tagging, Passwords: fixed("correct-horse"), Clock: clock.Wall{}}),
	}
}

// place is the network that a database is in.
type place struct {
	subnets []engine.Ref
	group   engine.Ref
	region  string
}

// network adds one to a graph.
func network(g *engine.Graph, cfg aws.Config) place {
	p := place{region: cfg.Region}
	vpc := g.Add(typetest.Env, "main", ec2.VPC{CIDR: "10.7.0.0/16", DNSHostnames: true, DNSSupport: true})
	for i, zone := range []string{"a", "b"} {
		s := g.Add(typetest.Env, "private-"+zone, ec2.Subnet{
			VPC: vpc.ID(), CIDR: "10.7." + string(rune('1'+i)) + ".0/24", Zone: cfg.Region + zone,
		})
		p.subnets = append(p.subnets, s.ID())
	}
	p.group = g.Add(typetest.Stack, "db", ec2.SecurityGroup{VPC: vpc.ID(), Name: "berth-db", Description: "berth: database"}).ID()
	return p
}

// ground makes the network that databases of a test stand on.
func ground(t *testing.T, cfg aws.Config, c clock.Clock) place {
	t.Helper()
	d := typetest.New(t, cfg, c, kinds)
	g := engine.NewGraph()
	network(g, cfg)
	d.Up(g, false)
	w := d.World(g, false)
	p := place{region: cfg.Region}
	for _, s := range w.Objects("ec2.subnet") {
		p.subnets = append(p.subnets, engine.Lit(s.ID))
	}
	p.group = engine.Lit(w.Objects("ec2.security-group")[0].ID)
	return p
}

// desired is a database in a network.
func desired(g *engine.Graph, p place, change func(*rds.Instance)) *engine.Graph {
	role := g.Add(typetest.Env, "rds", linked.ServiceLinkedRole{Service: "rds.amazonaws.com"})
	places := g.Add(typetest.Stack, "main", rds.SubnetGroup{Name: "shop-abcdefghij", Subnets: p.subnets})
	settings := g.Add(typetest.Stack, "postgres16", rds.ParameterGroup{
		Name: naming.Name(typetest.Stack, p.region, "postgres16", 63), Family: "postgres16", Parameters: map[string]string{"rds.force_ssl": "1"},
	})
	d := rds.Instance{
		Name: "db-abcdefghij", Engine: "postgres", Version: "16", Class: "db.t4g.micro", StorageGiB: 20, MaxStorageGiB: 100,
		Database: "shop", User: "postgres", Port: 5432, Password: engine.Lit("/berth/shop-dev/PASSWORD"), PasswordVersion: engine.Lit("1"),
		SubnetGroup: places.ID(), ParameterGroup: settings.ID(), SecurityGroups: []engine.Ref{p.group}, BackupDays: 1,
	}
	if change != nil {
		change(&d)
	}
	g.Add(typetest.Stack, "db", d).After(role, engine.Ready)
	return g
}

// life takes a database with its groups through their whole life.
func life(t *testing.T, cfg aws.Config, c clock.Clock) {
	t.Helper()
	at := ground(t, cfg, c)
	d := typetest.New(t, cfg, c, databases)
	graph := func(change func(*rds.Instance)) *engine.Graph { return desired(engine.NewGraph(), at, change) }
	first := graph(nil)
	d.Up(first, false)
	if err := d.Blind(first, nil); err != nil {
		t.Errorf("everything once more: %v", err)
	}
	d.MustPlan("", first, false)
	d.MustPlan("", first, true)
	object := only(t, d, first)
	if object.Output("endpoint") == "" || object.Output("port") != "5432" {
		t.Errorf("outputs %v", object.Outputs)
	}

	changed := graph(func(i *rds.Instance) {
		i.BackupDays, i.PasswordVersion, i.StorageGiB = 7, engine.Lit("2"), 30
	})
	d.MustPlan("update rds.instance/db (storage_gib edited, password_version edited, backup_days edited)", changed, false)
	d.Up(changed, false)
	d.MustPlan("", changed, true)

	bold := graph(func(i *rds.Instance) {
		i.BackupDays, i.PasswordVersion, i.StorageGiB = 7, engine.Lit("2"), 20
		i.Class, i.Database = "db.t4g.small", "other"
	})
	d.MustPlan("leave rds.instance/db (class stays: the change to db.t4g.small interrupts the database for minutes: "+
		"set x-berth.managed.allow_downtime: true to allow it, storage_gib stays: storage can only grow, and the database has 30 GiB, "+
		"database stays: a change would need a new, empty database; to get one, add a service with another name)", bold, false)
	d.Down()
}

// only is the database of a world.
func only(t *testing.T, d *typetest.Driver, g *engine.Graph) engine.Object {
	t.Helper()
	objects := d.World(g, false).Objects("rds.instance")
	if len(objects) != 1 {
		t.Fatalf("databases: %+v", objects)
	}
	return objects[0]
}

// data is what must never be lost: it outlives a teardown, and what somebody
// has protected outlives even one that deletes data.
func data(t *testing.T, cfg aws.Config) {
	t.Helper()
	d := typetest.New(t, cfg, clock.Wall{}, kinds)
	graph := func(change func(*rds.Instance)) *engine.Graph {
		g := engine.NewGraph()
		return desired(g, network(g, cfg), change)
	}
	g := graph(nil)
	down := engine.PlanOptions{Destroy: []engine.Owner{typetest.Stack, typetest.Env}}
	for range 2 { // the second teardown replaces the snapshot of the first
		d.Up(g, false)
		if err := d.Try(t.Context(), nil, false, down); err != nil {
			t.Fatal(err)
		}
		stored := only(t, d, nil)
		if stored.State != engine.StateStored || stored.Detail != "snapshot db-abcdefghij-final" {
			t.Errorf("after a teardown: %+v", stored)
		}
	}
	d.Up(g, false)
	d.MustPlan("", g, true)

	safe := graph(func(i *rds.Instance) { i.DeletionProtection = true })
	d.Up(safe, false)
	down.DeleteData = true
	if err := d.Try(t.Context(), nil, false, down); err != nil {
		t.Fatal(err)
	}
	w := d.World(safe, false)
	for typ, n := range map[string]int{"rds.instance": 1, "rds.subnet-group": 1, "ec2.subnet": 2, "ec2.vpc": 1, "ec2.security-group": 1} {
		if got := len(w.Objects(typ)); got != n {
			t.Errorf("beside a protected database there are %d of %s, want %d", got, typ, n)
		}
	}
	d.MustPlan("", safe, true)
	d.Up(g, false)
	d.Down()
}
