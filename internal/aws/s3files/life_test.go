package s3files_test

import (
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	sdk "github.com/aws/aws-sdk-go-v2/service/s3files"

	network "github.com/berthdev/berth/internal/aws/ec2"
	roles "github.com/berthdev/berth/internal/aws/iam"
	paths "github.com/berthdev/berth/internal/aws/roles"
	"github.com/berthdev/berth/internal/aws/s3files"
	"github.com/berthdev/berth/internal/aws/typetest"
	"github.com/berthdev/berth/internal/clock"
	"github.com/berthdev/berth/internal/engine"
	"github.com/berthdev/berth/internal/engine/naming"
)

func TestLife(t *testing.T) {
	t.Parallel()
	typetest.Run(t, typetest.Story{
		Kinds: kinds,
		Life:  life, NotOnMoto: "moto has no S3 Files",
		Ground: func(t *testing.T, cfg aws.Config, _ clock.Clock) []*engine.Graph {
			t.Helper()
			bucket(t, cfg, "media")
			first, next := desired{region: cfg.Region, volumes: []string{"data", "more"}}, desired{region: cfg.Region, volumes: []string{"data"}}
			next.groups, next.uid, next.labels = 2, 70, map[string]string{"team": "a"}
			return []*engine.Graph{first.build(), next.build()}
		},
	})
}

func TestAdversity(t *testing.T) {
	t.Parallel()
	typetest.Sandbox(t, func(t *testing.T, cfg aws.Config) { adversity(t, cfg, clock.Wall{}) })
}

func kinds(cfg aws.Config) []engine.AnyType {
	api := ec2.NewFromConfig(cfg)
	systems := s3files.FileSystems{API: sdk.NewFromConfig(cfg), IAM: iam.NewFromConfig(cfg), Clock: clock.Wall{}}
	return []engine.AnyType{
		engine.Erase(network.VPCs{API: api}), engine.Erase(network.Subnets{API: api}), engine.Erase(network.SecurityGroups{API: api}),
		engine.Erase(roles.Roles{API: iam.NewFromConfig(cfg), Region: cfg.Region}),
		engine.Erase(systems), engine.Erase(s3files.MountTargets{FileSystems: systems, EC2: api}),
		engine.Erase(s3files.AccessPoints{FileSystems: systems}),
	}
}

// bucket makes a bucket with versioning, which nothing here may touch.
func bucket(t *testing.T, cfg aws.Config, name string) {
	t.Helper()
	api := s3.NewFromConfig(cfg)
	if _, err := api.CreateBucket(t.Context(), &s3.CreateBucketInput{Bucket: &name, CreateBucketConfiguration: &types.CreateBucketConfiguration{
		LocationConstraint: types.BucketLocationConstraint(cfg.Region),
	}}); err != nil {
		t.Fatal(err)
	}
	var err error
	for range 60 { // S3 knows a new bucket late
		if _, err = api.PutBucketVersioning(t.Context(), &s3.PutBucketVersioningInput{
			Bucket: &name, VersioningConfiguration: &types.VersioningConfiguration{Status: types.BucketVersioningStatusEnabled},
		}); err == nil {
			return
		}
		time.Sleep(time.Second)
	}
	t.Fatal(err)
}

// rights are what S3 Files needs of a role.
const rights = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["s3:*","events:*"],"Resource":["*"]}]}`

func role() roles.Role {
	return roles.Role{
		Name: naming.Name(typetest.Env, "eu-central-1", "files", 64), Path: paths.Path(typetest.Env.Environment),
		Service: "elasticfilesystem.amazonaws.com", Source: "arn:aws:s3files:eu-central-1:123456789012:file-system/*",
		Inline: map[string]string{"bucket": rights},
	}
}

// desired is a graph with every type of the package, and two file systems on one
// bucket, one of them below a prefix.
type desired struct {
	region  string
	volumes []string
	uid     int
	groups  int
	labels  map[string]string
}

func (w desired) build() *engine.Graph {
	g := engine.NewGraph()
	vpc := g.Add(typetest.Env, "main", network.VPC{CIDR: "10.8.0.0/16", DNSSupport: true, DNSHostnames: true})
	r := g.Add(typetest.Env, "files", role())
	var groups, subnets []engine.Ref
	for i := range max(1, w.groups) {
		name := []string{"buckets", "more"}[i]
		groups = append(groups, g.Add(typetest.Env, name, network.SecurityGroup{
			VPC: vpc.ID(), Name: "berth-" + name, Description: "files",
		}).ID())
	}
	for i, zone := range []string{"a", "b"} {
		subnets = append(subnets, g.Add(typetest.Env, "private-"+zone, network.Subnet{
			VPC: vpc.ID(), CIDR: "10.8." + string(rune('0'+i)) + ".0/24", Zone: w.region + zone,
		}).ID())
	}
	for _, prefix := range []string{"", "in/"} {
		name := "media/" + prefix
		fs := g.Add(typetest.Env, name, s3files.FileSystem{Bucket: "arn:aws:s3:::media", Prefix: prefix, Role: r.ARN()}).Label(w.labels)
		for i, subnet := range subnets {
			g.Add(typetest.Env, name+string(rune('a'+i)), s3files.MountTarget{
				FileSystem: fs.ID().WhenReady(), Subnet: subnet, Groups: groups,
			})
		}
		for _, v := range w.volumes {
			g.Add(typetest.Stack, v+prefix, s3files.AccessPoint{FileSystem: fs.ID().WhenReady(), UID: w.uid, GID: w.uid}).Label(w.labels)
		}
	}
	return g
}

// life takes two file systems with their mount targets and access points
// through their whole life.
func life(t *testing.T, cfg aws.Config, c clock.Clock) {
	t.Helper()
	d := typetest.New(t, cfg, c, kinds)
	bucket(t, cfg, "media")
	w := desired{region: cfg.Region, volumes: []string{"data"}}
	d.Up(w.build(), false)
	calls := d.Calls()
	d.MustPlan("", w.build(), false)
	// VPCs, subnets, groups, roles; the list of file systems, the names and groups of
	// mount targets; for each of the two file systems its tags, its mount
	// targets, its access points, and the tags of one.
	if got := d.Calls() - calls; got != 7+2*4 {
		t.Errorf("a shallow reading took %d calls, want 15", got)
	}
	d.MustPlan("", w.build(), true)

	w.uid, w.labels, w.groups = 999, map[string]string{"team": "a"}, 2
	d.MustPlan(strings.TrimSpace(`
create ec2.security-group/more (does not exist yet)
update s3files.file-system/media/ (tags.team edited)
update s3files.mount-target/media/a (groups follows ec2.security-group/more)
update s3files.mount-target/media/b (groups follows ec2.security-group/more)
update s3files.file-system/media/in/ (tags.team edited)
update s3files.mount-target/media/in/a (groups follows ec2.security-group/more)
update s3files.mount-target/media/in/b (groups follows ec2.security-group/more)
replace s3files.access-point/data (uid edited, gid edited, tags.team edited)
replace s3files.access-point/datain/ (uid edited, gid edited, tags.team edited)`), w.build(), true)
	d.Up(w.build(), true)
	d.MustPlan("", w.build(), true)

	// Nothing is wanted any more: the role alone says that there is something to
	// look for.
	if n := len(d.World(engine.NewGraph(), false).Objects("s3files.mount-target")); n != 4 {
		t.Errorf("a project that wants no file system any more finds %d mount targets, want 4", n)
	}
	keep(t, d, w)
	d.Down()
}

// keep tears down as without --delete-data: the file systems stay with their
// role, and the next run goes on with them.
func keep(t *testing.T, d *typetest.Driver, w desired) {
	t.Helper()
	down := engine.PlanOptions{Destroy: []engine.Owner{typetest.Stack, typetest.Env}}
	if err := d.Try(t.Context(), nil, false, down); err != nil {
		t.Fatal(err)
	}
	left := d.World(nil, false)
	systems, kept := left.Objects("s3files.file-system"), left.Objects("iam.role")
	if left.Len() != 3 || len(systems) != 2 || len(kept) != 1 {
		t.Errorf("after a teardown %d objects are left, file systems %v, roles %v", left.Len(), systems, kept)
	}
	d.Up(w.build(), false)
	if again := d.World(w.build(), false).Objects("s3files.file-system"); len(again) != 2 || again[0].ID != systems[0].ID {
		t.Errorf("the file systems %v did not come back: %v", systems, again)
	}
}

// adversity is tokens, states, conflicts, and a bucket without versioning.
func adversity(t *testing.T, cfg aws.Config, c clock.Clock) {
	t.Helper()
	ctx, api := t.Context(), sdk.NewFromConfig(cfg)
	d := typetest.New(t, cfg, c, kinds)
	bucket(t, cfg, "media")
	subnets, group := ground(t, cfg)
	typetest.Settle(t, cfg, c)
	build := func(subnet, prefix string) *engine.Graph {
		g := engine.NewGraph()
		r := g.Add(typetest.Env, "files", role())
		fs := g.Add(typetest.Env, "media", s3files.FileSystem{Bucket: "arn:aws:s3:::media", Prefix: prefix, Role: r.ARN()})
		g.Add(typetest.Env, "a", s3files.MountTarget{FileSystem: fs.ID().WhenReady(), Subnet: engine.Lit(subnet), Groups: engine.Lits(group)})
		g.Add(typetest.Stack, "data", s3files.AccessPoint{FileSystem: fs.ID().WhenReady(), UID: 5, GID: 6})
		return g
	}
	g := build(subnets[0], "")
	d.Up(g, false)
	if err := d.Blind(g, nil); err != nil {
		t.Errorf("everything once more: %v", err)
	}
	observed := d.World(g, true)
	if n := observed.Len(); n != 4 {
		t.Errorf("everything once more made duplicates: %d objects, want 4", n)
	}
	d.MustPlan("", g, true)

	// A mount target that is being deleted is in the way of the next one.
	target := observed.Objects("s3files.mount-target")[0]
	if _, err := api.DeleteMountTarget(ctx, &sdk.DeleteMountTargetInput{MountTargetId: &target.ID}); err != nil {
		t.Fatal(err)
	}
	d.Up(g, false)
	d.MustPlan("", g, true)

	// There can be one in a zone only: the old one goes first.
	g = build(subnets[1], "")
	d.MustPlan("replace s3files.mount-target/a (subnet differs)", g, true)
	d.Up(g, false)
	d.MustPlan("", g, true)

	// Somebody else's file system on the bucket is none of berth's.
	arn := observed.Objects("iam.role")[0].Output("arn")
	if _, err := api.CreateFileSystem(ctx, &sdk.CreateFileSystemInput{
		Bucket: aws.String("arn:aws:s3:::media"), RoleArn: &arn, ClientToken: aws.String("somebody"),
	}); err != nil {
		t.Fatal(err)
	}
	typetest.Settle(t, cfg, c)
	d.MustPlan("", g, true)

	_, err := s3.NewFromConfig(cfg).PutBucketVersioning(ctx, &s3.PutBucketVersioningInput{
		Bucket: aws.String("media"), VersioningConfiguration: &types.VersioningConfiguration{Status: types.BucketVersioningStatusSuspended},
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := d.Try(ctx, build(subnets[1], "late/"), false, engine.PlanOptions{}); err == nil || !strings.Contains(err.Error(), "versioning") {
		t.Errorf("on a bucket without versioning: %v", err)
	}
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
