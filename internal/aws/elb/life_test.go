package elb_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	elbv2 "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"

	"github.com/berthdev/berth/internal/aws/elb"
	"github.com/berthdev/berth/internal/aws/gate"
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
		Ground: func(t *testing.T, cfg aws.Config, c clock.Clock) []*engine.Graph {
			w := desired{ground: newGround(t, cfg, c), region: cfg.Region, idle: 90, path: "/", drain: 10, priority: [2]int{10, 20}}
			first := w.build()
			w.idle, w.path, w.drain, w.labels = 120, "/health", 30, map[string]string{"team": "a"}
			w.priority = [2]int{20, 10}
			second := w.build()
			w.priority = [2]int{0, 20}
			return []*engine.Graph{first, second, w.build()}
		},
	})
}

// ground is what a balancer stands on.
type ground struct{ vpc, subnetA, subnetB, group string }

func newGround(t *testing.T, cfg aws.Config, c clock.Clock) ground {
	t.Helper()
	ctx, api := t.Context(), ec2.NewFromConfig(cfg)
	vpc, err := api.CreateVpc(ctx, &ec2.CreateVpcInput{CidrBlock: aws.String("10.7.0.0/16")})
	if err != nil {
		t.Fatal(err)
	}
	g := ground{vpc: *vpc.Vpc.VpcId}
	gate, err := api.CreateInternetGateway(ctx, &ec2.CreateInternetGatewayInput{})
	if err != nil {
		t.Fatal(err)
	}
	typetest.Settle(t, cfg, c)
	_, err = api.AttachInternetGateway(ctx, &ec2.AttachInternetGatewayInput{
		InternetGatewayId: gate.InternetGateway.InternetGatewayId, VpcId: &g.vpc,
	})
	if err != nil {
		t.Fatal(err)
	}
	for zone, id := range map[string]*string{"a": &g.subnetA, "b": &g.subnetB} {
		out, err := api.CreateSubnet(ctx, &ec2.CreateSubnetInput{
			VpcId: &g.vpc, AvailabilityZone: aws.String(cfg.Region + zone),
			CidrBlock: aws.String(map[string]string{"a": "10.7.0.0/24", "b": "10.7.1.0/24"}[zone]),
		})
		if err != nil {
			t.Fatal(err)
		}
		*id = *out.Subnet.SubnetId
	}
	group, err := api.CreateSecurityGroup(ctx, &ec2.CreateSecurityGroupInput{
		VpcId: &g.vpc, GroupName: aws.String("balancer"), Description: aws.String("balancer"),
	})
	if err != nil {
		t.Fatal(err)
	}
	g.group = *group.GroupId
	typetest.Settle(t, cfg, c)
	return g
}

// desired is a graph with every type of the package.
type desired struct {
	ground
	region   string
	idle     int
	path     string
	drain    int
	priority [2]int
	hosts    []string
	labels   map[string]string
}

func (w desired) build() *engine.Graph {
	env, stack := typetest.Env, typetest.Stack
	g := engine.NewGraph()
	lb := g.Add(env, "main", elb.LoadBalancer{
		Name: naming.Name(env, w.region, "main", 32), Scheme: "internet-facing",
		Subnets: engine.Lits(w.subnetA, w.subnetB), SecurityGroups: engine.Lits(w.group), IdleSeconds: w.idle,
	}).Label(w.labels)
	listener := g.Add(env, "8080", elb.Listener{LoadBalancer: lb.ARN(), Port: 8080, Protocol: "HTTP"}).Label(w.labels)
	for i, name := range []string{"web", "api"} {
		if w.priority[i] == 0 {
			continue
		}
		group := g.Add(stack, name, elb.TargetGroup{
			Name: naming.Name(stack, w.region, name, 32), VPC: engine.Lit(w.vpc), Port: 80, Version: "HTTP1",
			Path: w.path, Matcher: "200-499", Interval: 5, Timeout: 4, Healthy: 2, Unhealthy: 6, DrainSeconds: w.drain,
		}).Label(w.labels)
		g.Add(stack, name, elb.Rule{
			Listener: listener.ARN(), Priority: w.priority[i], Hosts: w.hosts, Paths: []string{"/" + name + "/*"},
			TargetGroup: group.ARN(),
		}).Label(w.labels)
	}
	return g
}

func kinds(cfg aws.Config) []engine.AnyType {
	lbs := elb.LoadBalancers{API: elbv2.NewFromConfig(cfg), Region: cfg.Region, Turns: &gate.Turns{}}
	return []engine.AnyType{
		engine.Erase(lbs), engine.Erase(elb.TargetGroups{LoadBalancers: lbs}),
		engine.Erase(elb.Listeners{LoadBalancers: lbs}), engine.Erase(elb.Rules{LoadBalancers: lbs}),
	}
}

// life takes a balancer with its rules through its whole life.
func life(t *testing.T, cfg aws.Config, c clock.Clock) {
	t.Helper()
	d := typetest.New(t, cfg, c, kinds)
	w := desired{ground: newGround(t, cfg, c), region: cfg.Region, idle: 60, path: "/", drain: 10, priority: [2]int{10, 20}}
	first := w.build()
	d.Up(first, false)
	if cfg.BaseEndpoint == nil {
		// The emulator would make a second balancer of the name, AWS would not.
		if err := d.Blind(first, nil); err != nil {
			t.Errorf("everything once more, unseen: %v", err)
		}
	}
	calls := d.Calls()
	d.MustPlan("", first, false)
	if got := d.Calls() - calls; got > 5 {
		t.Errorf("a shallow reading took %d calls, want at most 5", got)
	}
	d.MustPlan("", first, true)
	if err := d.Blind(first, nil); err != nil {
		t.Errorf("everything once more: %v", err)
	}
	if n := d.World(first, false).Len(); n != 6 {
		t.Errorf("after that there are %d objects, want 6", n)
	}

	// Everything that can change, and two rules that change places.
	w.idle, w.path, w.drain, w.hosts = 120, "/health", 30, []string{"shop.example.com"}
	w.priority, w.labels = [2]int{20, 10}, map[string]string{"team": "a"}
	second := w.build()
	d.Up(second, false)
	d.MustPlan("", second, true)
	w.labels = nil
	third := w.build()
	d.Up(third, false)
	d.MustPlan("", third, true)

	damage(t, cfg, d.World(third, false))
	d.MustPlan(strings.Join([]string{
		"update elb.load-balancer/main (idle_seconds changed outside berth)",
		"update elb.listener/8080 (protocol changed outside berth)",
		"update elb.target-group/web (drain_seconds changed outside berth)",
	}, "\n"), third, true)
	d.Up(third, true)
	d.MustPlan("", third, true)

	// One service goes, and its priority with it.
	w.priority = [2]int{0, 10}
	fourth := w.build()
	d.Up(fourth, false)
	d.MustPlan("", fourth, true)
	strangers(t, cfg, d, w)
	d.Down()
}

// damage changes what only a deep reading shows, and a default action.
func damage(t *testing.T, cfg aws.Config, observed *engine.Observed) {
	t.Helper()
	ctx, api := t.Context(), elbv2.NewFromConfig(cfg)
	id := func(typ, name string) *string {
		for _, l := range observed.Objects(typ) {
			if l.Address.Name == name {
				return aws.String(l.ID)
			}
		}
		t.Fatalf("no %s/%s", typ, name)
		return nil
	}
	_, err := api.ModifyLoadBalancerAttributes(ctx, &elbv2.ModifyLoadBalancerAttributesInput{
		LoadBalancerArn: id("elb.load-balancer", "main"),
		Attributes:      []types.LoadBalancerAttribute{{Key: aws.String("idle_timeout.timeout_seconds"), Value: aws.String("7")}},
	})
	if err != nil {
		t.Fatal(err)
	}
	_, err = api.ModifyTargetGroupAttributes(ctx, &elbv2.ModifyTargetGroupAttributesInput{
		TargetGroupArn: id("elb.target-group", "web"),
		Attributes:     []types.TargetGroupAttribute{{Key: aws.String("deregistration_delay.timeout_seconds"), Value: aws.String("7")}},
	})
	if err != nil {
		t.Fatal(err)
	}
	_, err = api.ModifyListener(ctx, &elbv2.ModifyListenerInput{
		ListenerArn: id("elb.listener", "8080"), Port: aws.Int32(8080), Protocol: types.ProtocolEnumHttp,
		DefaultActions: []types.Action{{
			Type: types.ActionTypeEnumForward, TargetGroupArn: id("elb.target-group", "web"),
		}},
	})
	if err != nil {
		t.Fatal(err)
	}
}

// strangers takes berth's tags off a target group, which makes it somebody
// else's, and looks what becomes of it.
func strangers(t *testing.T, cfg aws.Config, d *typetest.Driver, w desired) {
	t.Helper()
	g := w.build()
	var own engine.Object
	for _, l := range d.World(g, false).Objects("elb.target-group") {
		own = l
	}
	_, err := elbv2.NewFromConfig(cfg).RemoveTags(t.Context(), &elbv2.RemoveTagsInput{
		ResourceArns: []string{own.ID}, TagKeys: []string{engine.TagOwner, engine.TagAddress},
	})
	if err != nil {
		t.Fatal(err)
	}
	err = d.Try(t.Context(), g, false, engine.PlanOptions{})
	var taken *engine.TakenError
	if !errors.As(err, &taken) || taken.ID != own.ID || taken.Owner != "" {
		t.Errorf("with an unmarked group of the name: %v, want a TakenError", err)
	}
	adopt := map[engine.Address]bool{own.Address: true}
	if err := d.Try(t.Context(), g, false, engine.PlanOptions{Adopt: adopt}); err != nil {
		t.Errorf("adopting the group: %v", err)
	}
	d.MustPlan("", g, true)
}
