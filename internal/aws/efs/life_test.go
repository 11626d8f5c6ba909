package efs_test

import (
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	sdk "github.com/aws/aws-sdk-go-v2/service/efs"
	"github.com/aws/aws-sdk-go-v2/service/efs/types"
	"github.com/aws/aws-sdk-go-v2/service/resourcegroupstaggingapi"

	network "github.com/berthdev/berth/internal/aws/ec2"
	"github.com/berthdev/berth/internal/aws/efs"
	"github.com/berthdev/berth/internal/aws/typetest"
	"github.com/berthdev/berth/internal/clock"
	"github.com/berthdev/berth/internal/engine"
)

func TestLife(t *testing.T) {
	t.Parallel()
	typetest.Run(t, typetest.Story{
		Kinds: kinds(clock.Wall{}),
		Life: func(t *testing.T, cfg aws.Config, c clock.Clock) {
			t.Helper()
			life(t, cfg, c)
			adversity(t, cfg, c)
		},
		OnMoto: func(t *testing.T, cfg aws.Config, _ clock.Clock) {
			t.Helper()
			// Names of mount targets are waited for, which takes 90 s each time.
			life(t, cfg, clock.NewFast(time.Now(), 30))
		},
		Ground: func(_ *testing.T, cfg aws.Config, _ clock.Clock) []*engine.Graph {
			first, next := desired{region: cfg.Region, volumes: []string{"data", "more"}}, desired{region: cfg.Region, volumes: []string{"data"}}
			next.groups, next.uid, next.backup, next.labels = 2, 70, true, map[string]string{"team": "a"}
			return []*engine.Graph{first.build(), next.build()}
		},
	})
}

func kinds(c clock.Clock) func(aws.Config) []engine.AnyType {
	return func(cfg aws.Config) []engine.AnyType {
		ec2API := ec2.NewFromConfig(cfg)
		systems := efs.FileSystems{
			API: sdk.NewFromConfig(cfg), Tagging: resourcegroupstaggingapi.NewFromConfig(cfg), Clock: c,
		}
		return []engine.AnyType{
			engine.Erase(network.VPCs{API: ec2API}), engine.Erase(network.Subnets{API: ec2API}),
			engine.Erase(network.SecurityGroups{API: ec2API}),
			engine.Erase(systems), engine.Erase(efs.MountTargets{FileSystems: systems, EC2: ec2API}),
			engine.Erase(efs.AccessPoints{FileSystems: systems}),
		}
	}
}

// desired is a graph with every type of the package.
type desired struct {
	region  string
	volumes []string
	uid     int
	groups  int
	backup  bool
	labels  map[string]string
}

func (w desired) build() *engine.Graph {
	g := engine.NewGraph()
	vpc := g.Add(typetest.Env, "main", network.VPC{CIDR: "10.8.0.0/16", DNSSupport: true, DNSHostnames: true})
	fs := g.Add(typetest.Env, "main", efs.FileSystem{Guarded: true, Backup: w.backup}).Label(w.labels)
	var groups []engine.Ref
	for i := range max(1, w.groups) {
		name := string(rune('x' + i))
		groups = append(groups, g.Add(typetest.Env, name, network.SecurityGroup{
			VPC: vpc.ID(), Name: "berth-" + name, Description: "files",
		}).ID())
	}
	for i, zone := range []string{"a", "b"} {
		subnet := g.Add(typetest.Env, "private-"+zone, network.Subnet{
			VPC: vpc.ID(), CIDR: "10.8." + string(rune('0'+i)) + ".0/24", Zone: w.region + zone,
		})
		g.Add(typetest.Env, zone, efs.MountTarget{
			FileSystem: fs.ID().WhenReady(), Subnet: subnet.ID(), Groups: groups,
		})
	}
	for _, v := range w.volumes {
		g.Add(typetest.Stack, v, efs.AccessPoint{
			FileSystem: fs.ID().WhenReady(), Path: "/shop/" + v, UID: w.uid, GID: w.uid,
		}).Label(w.labels)
	}
	return g
}

// life takes a file system with its mount targets and access points through
// their whole life.
func life(t *testing.T, cfg aws.Config, c clock.Clock) {
	t.Helper()
	ctx, api := t.Context(), sdk.NewFromConfig(cfg)
	d := typetest.New(t, cfg, c, kinds(c))
	w := desired{region: cfg.Region, volumes: []string{"data", "more"}}
	d.Up(w.build(), false)
	calls := d.Calls()
	d.MustPlan("", w.build(), false)
	// VPCs, subnets, groups; file systems, mount targets, their subnets and
	// interfaces, access points.
	if got := d.Calls() - calls; got != 8 {
		t.Errorf("a shallow reading took %d calls, want 8", got)
	}
	d.MustPlan("", w.build(), true)

	w.uid, w.labels, w.groups = 999, map[string]string{"team": "a"}, 2
	d.MustPlan(strings.TrimSpace(`
update efs.file-system/main (tags.team edited)
create ec2.security-group/y (does not exist yet)
update efs.mount-target/a (groups follows ec2.security-group/y)
update efs.mount-target/b (groups follows ec2.security-group/y)
replace efs.access-point/data (uid edited, gid edited, tags.team edited)
replace efs.access-point/more (uid edited, gid edited, tags.team edited)`), w.build(), true)
	d.Up(w.build(), true)
	d.MustPlan("", w.build(), true)

	observed := d.World(w.build(), false)
	fs, _ := observed.Object(engine.Address{Owner: typetest.Env, Type: "efs.file-system", Name: "main"})
	if _, err := api.PutFileSystemPolicy(ctx, &sdk.PutFileSystemPolicyInput{
		FileSystemId: &fs.ID, Policy: aws.String(`{"Version":"2012-10-17","Statement":[]}`),
	}); err != nil {
		t.Fatal(err)
	}
	d.MustPlan("update efs.file-system/main (guarded changed outside berth)", w.build(), true)
	d.Up(w.build(), true)
	d.MustPlan("", w.build(), true)

	point, _ := observed.Object(engine.Address{Owner: typetest.Stack, Type: "efs.access-point", Name: "more"})
	w.volumes = []string{"data"}
	d.MustPlan("delete efs.access-point/more (no longer in the files, its files stay in the file system)", w.build(), false)
	if _, err := api.DeleteAccessPoint(ctx, &sdk.DeleteAccessPointInput{AccessPointId: &point.ID}); err != nil {
		t.Fatal(err)
	}
	d.Up(w.build(), false)

	keep(t, d, w, fs.ID)
	d.Down()
}

// keep tears down as without --delete-data: the file system stays and the next
// run goes on with it.
func keep(t *testing.T, d *typetest.Driver, w desired, id string) {
	t.Helper()
	down := engine.PlanOptions{Destroy: []engine.Owner{typetest.Stack, typetest.Env}}
	if err := d.Try(t.Context(), nil, false, down); err != nil {
		t.Fatal(err)
	}
	left := d.World(nil, false)
	fs := left.Objects("efs.file-system")
	if left.Len() != 1 || len(fs) != 1 || fs[0].ID != id {
		t.Errorf("after a teardown %d objects are left, file systems %v", left.Len(), fs)
	}
	d.Up(w.build(), false)
	if fs := d.World(w.build(), false).Objects("efs.file-system"); len(fs) != 1 || fs[0].ID != id {
		t.Errorf("the file system %s did not come back: %v", id, fs)
	}
}

// adversity is what only the sandbox does: tokens, states, conflicts.
func adversity(t *testing.T, cfg aws.Config, c clock.Clock) {
	t.Helper()
	ctx, api := t.Context(), sdk.NewFromConfig(cfg)
	d := typetest.New(t, cfg, c, kinds(c))
	subnets, group := ground(t, cfg)
	typetest.Settle(t, cfg, c)
	build := func(subnet string) *engine.Graph {
		g := engine.NewGraph()
		fs := g.Add(typetest.Env, "main", efs.FileSystem{Guarded: true, Backup: true})
		g.Add(typetest.Env, "a", efs.MountTarget{
			FileSystem: fs.ID().WhenReady(), Subnet: engine.Lit(subnet), Groups: engine.Lits(group),
		})
		g.Add(typetest.Stack, "data", efs.AccessPoint{FileSystem: fs.ID().WhenReady(), Path: "/shop/data", UID: 5, GID: 6})
		return g
	}
	g := build(subnets[0])
	d.Up(g, false)
	if err := d.Blind(g, nil); err != nil {
		t.Errorf("everything once more: %v", err)
	}
	observed := d.World(g, true)
	if n := observed.Len(); n != 3 {
		t.Errorf("everything once more made duplicates: %d objects, want 3", n)
	}
	d.MustPlan("", g, true)
	fs := observed.Objects("efs.file-system")[0]
	if _, err := api.PutBackupPolicy(ctx, &sdk.PutBackupPolicyInput{
		FileSystemId: &fs.ID, BackupPolicy: &types.BackupPolicy{Status: types.StatusDisabled},
	}); err != nil {
		t.Fatal(err)
	}
	d.MustPlan("", g, false)
	d.MustPlan("update efs.file-system/main (backup changed outside berth)", g, true)
	d.Up(g, true)

	// A mount target that is being deleted is in the way of the next one.
	target := observed.Objects("efs.mount-target")[0]
	if _, err := api.DeleteMountTarget(ctx, &sdk.DeleteMountTargetInput{MountTargetId: &target.ID}); err != nil {
		t.Fatal(err)
	}
	d.Up(g, false)
	d.MustPlan("", g, true)

	// There can be one in a zone only: the old one goes first.
	moved := build(subnets[1])
	d.MustPlan("replace efs.mount-target/a (subnet differs)", moved, true)
	d.Up(moved, false)
	d.MustPlan("", moved, true)
	d.Down()
}

// ground makes two subnets in one zone and a security group.
func ground(t *testing.T, cfg aws.Config) (subnets []string, group string) {
	t.Helper()
	ctx, api := t.Context(), ec2.NewFromConfig(cfg)
	vpc, err := api.CreateVpc(ctx, &ec2.CreateVpcInput{CidrBlock: aws.String("10.9.0.0/16")})
	if err != nil {
		t.Fatal(err)
	}
	typetest.Settle(t, cfg, clock.Wall{})
	for _, cidr := range []string{"10.9.0.0/24", "10.9.1.0/24"} {
		out, err := api.CreateSubnet(ctx, &ec2.CreateSubnetInput{
			VpcId: vpc.Vpc.VpcId, CidrBlock: &cidr, AvailabilityZone: aws.String(cfg.Region + "a"),
		})
		if err != nil {
			t.Fatal(err)
		}
		subnets = append(subnets, aws.ToString(out.Subnet.SubnetId))
	}
	out, err := api.CreateSecurityGroup(ctx, &ec2.CreateSecurityGroupInput{
		VpcId: vpc.Vpc.VpcId, GroupName: aws.String("files"), Description: aws.String("files"),
	})
	if err != nil {
		t.Fatal(err)
	}
	return subnets, aws.ToString(out.GroupId)
}
