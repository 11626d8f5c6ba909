package ec2_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"github.com/berthdev/berth/internal/aws/ec2"
	"github.com/berthdev/berth/internal/aws/gate"
	"github.com/berthdev/berth/internal/clock"
	"github.com/berthdev/berth/internal/engine"
	"github.com/berthdev/berth/internal/plantext"
)

var (
	env   = engine.Owner{Environment: "shop-dev"}
	stack = engine.Owner{Environment: "shop-dev", Project: "shop"}
)

// network is a graph with every type of the package.
type network struct {
	// rules are the ports that the web group allows.
	rules []int
	// nat says whether the private subnet has its NAT gateway.
	nat bool
	// labels are the user's own tags.
	labels map[string]string
}

func (n network) build(region string) *engine.Graph {
	g := engine.NewGraph()
	vpc := g.Add(env, "main", ec2.VPC{CIDR: "10.20.0.0/16", DNSHostnames: true, DNSSupport: true}).Label(n.labels)
	g.Add(env, "main", ec2.DHCPOptions{VPC: vpc.ID(), Domain: "shop.dev.internal"}).Label(n.labels)
	public := g.Add(env, "public-a", ec2.Subnet{VPC: vpc.ID(), CIDR: "10.20.0.0/20", Zone: region + "a"}).Label(n.labels)
	private := g.Add(env, "private-a", ec2.Subnet{VPC: vpc.ID(), CIDR: "10.20.128.0/20", Zone: region + "a"})
	igw := g.Add(env, "main", ec2.InternetGateway{VPC: vpc.ID()}).Label(n.labels)
	publicTable := g.Add(env, "public", ec2.RouteTable{VPC: vpc.ID()}).Label(n.labels)
	privateTable := g.Add(env, "private-a", ec2.RouteTable{VPC: vpc.ID()})
	g.Add(env, "public-a", ec2.RouteTableAssociation{RouteTable: publicTable.ID(), Subnet: public.ID()})
	g.Add(env, "private-a", ec2.RouteTableAssociation{RouteTable: privateTable.ID(), Subnet: private.ID()})
	g.Add(env, "public-internet", ec2.Route{
		RouteTable: publicTable.ID(), Destination: "0.0.0.0/0", InternetGateway: igw.ID(),
	})
	if n.nat {
		address := g.Add(env, "nat-a", ec2.ElasticIP{}).Label(n.labels)
		nat := g.Add(env, "a", ec2.NATGateway{Subnet: public.ID(), Allocation: address.ID()}).Label(n.labels).
			After(igw, engine.Created)
		g.Add(env, "private-a-nat", ec2.Route{
			RouteTable: privateTable.ID(), Destination: "0.0.0.0/0", NATGateway: nat.ID().WhenReady(),
		})
	}
	g.Add(env, "s3", ec2.VPCEndpoint{
		VPC: vpc.ID(), Service: "com.amazonaws." + region + ".s3",
		RouteTables: []engine.Ref{publicTable.ID(), privateTable.ID()},
	}).Label(n.labels)
	members := g.Add(stack, "net-default", ec2.SecurityGroup{
		VPC: vpc.ID(), Name: "net-default-aaaabbbbbb", Description: "members of the network default",
	})
	web := ec2.SecurityGroup{VPC: vpc.ID(), Name: "web-aaaabbbbbb", Description: "service web"}
	for _, port := range n.rules {
		web.Ingress = append(web.Ingress,
			ec2.Rule{Protocol: "tcp", From: port, To: port, Source: members.ID()},
			ec2.Rule{Protocol: "tcp", From: port, To: port, CIDR: "10.99.0.0/16"})
	}
	g.Add(stack, "web", web).Label(n.labels)
	return g
}

// driver plans and applies against one AWS.
type driver struct {
	t     *testing.T
	reg   *engine.Registry
	gate  *gate.Gate
	clock clock.Clock
	cfg   aws.Config
	api   *sdk.Client
}

func newDriver(t *testing.T, cfg aws.Config, c clock.Clock) *driver {
	t.Helper()
	d := &driver{t: t, clock: c, cfg: cfg, gate: gate.New(gate.Options{Clock: c, Rand: func() float64 { return 0.5 }})}
	d.gate.Attach(&d.cfg)
	d.api = sdk.NewFromConfig(d.cfg)
	reg, err := engine.NewRegistry(
		engine.Erase(ec2.VPCs{API: d.api}),
		engine.Erase(ec2.DHCPOptionsSets{API: d.api}),
		engine.Erase(ec2.Subnets{API: d.api}),
		engine.Erase(ec2.InternetGateways{API: d.api}),
		engine.Erase(ec2.RouteTables{API: d.api}),
		engine.Erase(ec2.RouteTableAssociations{API: d.api}),
		engine.Erase(ec2.Routes{API: d.api}),
		engine.Erase(ec2.ElasticIPs{API: d.api}),
		engine.Erase(ec2.NATGateways{API: d.api}),
		engine.Erase(ec2.VPCEndpoints{API: d.api}),
		engine.Erase(ec2.SecurityGroups{API: d.api}),
	)
	if err != nil {
		t.Fatal(err)
	}
	d.reg = reg
	return d
}

func (d *driver) plan(ctx context.Context, g *engine.Graph, deep bool, opts engine.PlanOptions) (*engine.Plan, error) {
	w, err := engine.Read(ctx, d.reg, g, []engine.Owner{env, stack}, engine.ReadOptions{Deep: deep})
	if err != nil {
		return nil, err
	}
	opts.Traces = map[engine.Owner]bool{env: true, stack: true} // any run may have died
	return engine.MakePlan(g, w, d.reg, opts)
}

func (d *driver) run(ctx context.Context, g *engine.Graph, opts engine.PlanOptions) error {
	p, err := d.plan(ctx, g, false, opts)
	if err != nil {
		return err
	}
	r := engine.Runner{Clock: d.clock, Jitter: func() float64 { return 0.5 }}
	_, err = r.Apply(ctx, p)
	return err
}

func (d *driver) up(ctx context.Context, g *engine.Graph) error {
	return d.run(ctx, g, engine.PlanOptions{RemoveOrphans: true})
}

func (d *driver) down(ctx context.Context) error {
	return d.run(ctx, nil, engine.PlanOptions{Destroy: []engine.Owner{stack, env}})
}

// changes are the actions of a plan, one line each.
func (d *driver) changes(ctx context.Context, g *engine.Graph, deep bool) string {
	d.t.Helper()
	p, err := d.plan(ctx, g, deep, engine.PlanOptions{RemoveOrphans: true})
	if err != nil {
		d.t.Fatal(err)
	}
	var lines []string
	for _, a := range p.Actions {
		var whys []string
		for _, r := range a.Reasons {
			whys = append(whys, strings.TrimSpace(r.Attr+" "+plantext.Words(r.Cause)))
		}
		lines = append(lines, fmt.Sprintf("%s %s (%s)", a.Verb, a.Title(), strings.Join(whys, ", ")))
	}
	return strings.Join(lines, "\n")
}

func (d *driver) mustUp(g *engine.Graph) {
	d.t.Helper()
	if err := d.up(d.t.Context(), g); err != nil {
		d.t.Fatalf("up: %s", gate.Text(err))
	}
}

func (d *driver) mustBe(want string, g *engine.Graph, deep bool) {
	d.t.Helper()
	if got := d.changes(d.t.Context(), g, deep); got != want {
		d.t.Errorf("plan:\n%s\nwant:\n%s", got, want)
	}
}

// total is the number of calls so far.
func (d *driver) total() int {
	all, _ := gate.Total(d.gate.Counts())
	return all
}

// life takes a network through its whole life.
func life(t *testing.T, d *driver) {
	t.Helper()
	ctx, region := t.Context(), d.cfg.Region
	full := network{rules: []int{80, 8080}, nat: true, labels: map[string]string{"team": "a"}}.build(region)
	d.mustUp(full)
	made := d.total()
	d.mustBe("", full, false)
	if got := d.total() - made; got > 9 {
		t.Errorf("a shallow reading took %d calls, want at most 9", got)
	}
	d.mustBe("", full, true)

	edited := network{rules: []int{80, 9090}, labels: map[string]string{"team": "b", "cost": "1"}}.build(region)
	d.mustUp(edited)
	d.mustBe("", edited, true)

	d.damage(ctx)
	drift := strings.Split(d.changes(ctx, edited, true), "\n")
	slices.Sort(drift)
	want := []string{
		"create ec2.route/public-internet (does not exist yet)",
		"update ec2.security-group/web (ingress[] changed outside berth)",
		"update ec2.vpc/main (dns_hostnames changed outside berth)",
	}
	if !slices.Equal(drift, want) {
		t.Errorf("drift:\n%s\nwant:\n%s", strings.Join(drift, "\n"), strings.Join(want, "\n"))
	}
	p, err := d.plan(ctx, edited, true, engine.PlanOptions{RemoveOrphans: true})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := (&engine.Runner{Clock: d.clock}).Apply(ctx, p); err != nil {
		t.Fatalf("repair: %s", gate.Text(err))
	}
	d.mustBe("", edited, true)

	if err := d.down(ctx); err != nil {
		t.Fatalf("down: %s", gate.Text(err))
	}
	d.mustBe("", nil, false)
}

// damage changes three things behind berth's back.
func (d *driver) damage(ctx context.Context) {
	d.t.Helper()
	w, err := engine.Read(ctx, d.reg, nil, []engine.Owner{env, stack}, engine.ReadOptions{})
	if err != nil {
		d.t.Fatal(err)
	}
	id := func(o engine.Owner, typ, name string) string {
		l, ok := w.Object(engine.Address{Owner: o, Type: typ, Name: name})
		if !ok {
			d.t.Fatalf("no %s/%s", typ, name)
		}
		return l.ID
	}
	off := &sdk.ModifyVpcAttributeInput{
		VpcId:              aws.String(id(env, "ec2.vpc", "main")),
		EnableDnsHostnames: &types.AttributeBooleanValue{Value: aws.Bool(false)},
	}
	if _, err := d.api.ModifyVpcAttribute(ctx, off); err != nil {
		d.t.Fatal(err)
	}
	if _, err := d.api.DeleteRoute(ctx, &sdk.DeleteRouteInput{
		RouteTableId: aws.String(id(env, "ec2.route-table", "public")), DestinationCidrBlock: aws.String("0.0.0.0/0"),
	}); err != nil {
		d.t.Fatal(err)
	}
	if _, err := d.api.AuthorizeSecurityGroupIngress(ctx, &sdk.AuthorizeSecurityGroupIngressInput{
		GroupId: aws.String(id(stack, "ec2.security-group", "web")),
		IpPermissions: []types.IpPermission{{
			IpProtocol: aws.String("tcp"), FromPort: aws.Int32(22), ToPort: aws.Int32(22),
			IpRanges: []types.IpRange{{CidrIp: aws.String("0.0.0.0/0")}},
		}},
	}); err != nil {
		d.t.Fatal(err)
	}
	// This is longer than AWS's answers may lag behind.
	if err := d.clock.Sleep(ctx, d.settles()); err != nil {
		d.t.Fatal(err)
	}
}

func (d *driver) settles() time.Duration {
	if d.cfg.BaseEndpoint != nil {
		return 0
	}
	return 15 * time.Second
}
