package elb_test

import (
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	elbv2 "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"

	"github.com/berthdev/berth/internal/aws/elb"
	"github.com/berthdev/berth/internal/aws/typetest"
	"github.com/berthdev/berth/internal/clock"
	"github.com/berthdev/berth/internal/engine"
	"github.com/berthdev/berth/internal/engine/naming"
)

// desiredNetwork is a network load balancer with a TCP and a UDP port.
type desiredNetwork struct {
	ground
	region string
	// tcp and udp are the ports; 0 leaves one out.
	tcp, udp int
	check    int
	path     string
	labels   map[string]string
}

func (w desiredNetwork) build() *engine.Graph {
	env, stack := typetest.Env, typetest.Stack
	g := engine.NewGraph()
	lb := g.Add(env, "network", elb.LoadBalancer{
		Name: naming.Name(env, w.region, "network", 32), Kind: elb.Network, Scheme: "internet-facing",
		Subnets: engine.Lits(w.subnetA, w.subnetB), SecurityGroups: engine.Lits(w.group), CrossZone: true,
	}).Label(w.labels)
	for _, protocol := range []string{"TCP", "UDP"} {
		port := map[string]int{"TCP": w.tcp, "UDP": w.udp}[protocol]
		if port == 0 {
			continue
		}
		name := strings.ToLower(protocol)
		group := elb.TargetGroup{
			Name: naming.Name(stack, w.region, name, 32), VPC: engine.Lit(w.vpc), Port: 53, Protocol: protocol,
			CheckProtocol: "TCP", CheckPort: w.check,
			Interval: 5, Timeout: 4, Healthy: 2, Unhealthy: 6, DrainSeconds: 5,
		}
		if w.path != "" {
			group.CheckProtocol, group.Path, group.Matcher = "", w.path, "200-399"
		}
		g.Add(stack, name, elb.Listener{
			LoadBalancer: lb.ARN(), Port: port, Protocol: protocol, TargetGroup: g.Add(stack, name, group).ARN(),
		}).Label(w.labels)
	}
	return g
}

func TestNetworkLifeOnMoto(t *testing.T) {
	t.Parallel()
	networkLife(t, typetest.Moto(t), clock.Wall{})
}

func TestNetworkLifeInSandbox(t *testing.T) {
	t.Parallel()
	typetest.Sandbox(t, func(t *testing.T, cfg aws.Config) { networkLife(t, cfg, clock.Wall{}) })
}

func networkLife(t *testing.T, cfg aws.Config, c clock.Clock) {
	t.Helper()
	d := typetest.New(t, cfg, c, kinds)
	w := desiredNetwork{ground: newGround(t, cfg, c), region: cfg.Region, tcp: 5353, udp: 53, check: 8080}
	if cfg.BaseEndpoint != nil {
		w.path = "/" // the emulator sets no matcher on a check that was TCP
	}
	first := w.build()
	d.Up(first, false)
	d.MustPlan("", first, false)
	d.MustPlan("", first, true)
	if err := d.Blind(first, nil); err != nil && cfg.BaseEndpoint == nil {
		t.Errorf("everything once more, unseen: %v", err)
	}

	w.path, w.check, w.labels = "/live", 9090, map[string]string{"team": "a"}
	second := w.build()
	d.Up(second, false)
	d.MustPlan("", second, true)

	divert(t, cfg, c, w.vpc, d.World(second, false))
	d.MustPlan(strings.Join([]string{
		"update elb.load-balancer/network (cross_zone changed outside berth)",
		"update elb.listener/tcp (target_group changed outside berth)",
	}, "\n"), second, true)
	d.Up(second, true)
	d.MustPlan("", second, true)

	w.udp = 0
	third := w.build()
	d.Up(third, false)
	d.MustPlan("", third, true)
	d.Down()
}

// divert switches cross-zone balancing off and points the TCP listener at
// somebody else's group.
func divert(t *testing.T, cfg aws.Config, c clock.Clock, vpc string, observed *engine.Observed) {
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
		LoadBalancerArn: id("elb.load-balancer", "network"),
		Attributes:      []types.LoadBalancerAttribute{{Key: aws.String("load_balancing.cross_zone.enabled"), Value: aws.String("false")}},
	})
	if err != nil {
		t.Fatal(err)
	}
	other, err := api.CreateTargetGroup(ctx, &elbv2.CreateTargetGroupInput{
		Name: aws.String("other"), VpcId: &vpc, Port: aws.Int32(1), Protocol: types.ProtocolEnumTcp, TargetType: types.TargetTypeEnumIp,
	})
	if err != nil {
		t.Fatal(err)
	}
	typetest.Settle(t, cfg, c)
	_, err = api.ModifyListener(ctx, &elbv2.ModifyListenerInput{
		ListenerArn: id("elb.listener", "tcp"), Port: aws.Int32(5353), Protocol: types.ProtocolEnumTcp,
		DefaultActions: []types.Action{{
			Type: types.ActionTypeEnumForward, TargetGroupArn: other.TargetGroups[0].TargetGroupArn,
		}},
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestNetworkCrashPoints(t *testing.T) {
	t.Parallel()
	typetest.CrashPoints(t, typetest.Story{
		Kinds: kinds,
		Ground: func(t *testing.T, cfg aws.Config, c clock.Clock) []*engine.Graph {
			w := desiredNetwork{ground: newGround(t, cfg, c), region: cfg.Region, tcp: 5353, udp: 53, check: 8080}
			first := w.build()
			w.path, w.tcp, w.labels = "/live", 5354, map[string]string{"team": "a"}
			second := w.build()
			w.udp = 0
			return []*engine.Graph{first, second, w.build()}
		},
	})
}
