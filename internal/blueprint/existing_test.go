package blueprint

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/berthdev/berth/internal/app"
	"github.com/berthdev/berth/internal/aws/ec2"
	"github.com/berthdev/berth/internal/aws/ecs"
	"github.com/berthdev/berth/internal/aws/elb"
	"github.com/berthdev/berth/internal/aws/existing"
	"github.com/berthdev/berth/internal/engine"
)

const existingBalancer = "arn:aws:elasticloadbalancing:eu-central-1:123456789012:loadbalancer/app/team/0123456789abcdef"

// guest is the shop behind an existing load balancer in an existing VPC.
func guest() *app.App {
	a := shop()
	a.Settings.VPC, a.Settings.LoadBalancer = setting("vpc-1"), setting(existingBalancer)
	a.Settings.PublicSubnets = setting([]string{"subnet-1", "subnet-2"})
	return a
}

func buildWith(t *testing.T, a *app.App, found existing.Facts) *engine.Graph {
	t.Helper()
	f := facts()
	f.Existing = found
	g, err := Build(a, f)
	if err != nil {
		t.Fatal(err)
	}
	return g
}

func TestAListenerOfOthersIsUsed(t *testing.T) {
	t.Parallel()
	taken := rulePriority("api")
	g := buildWith(t, guest(), existing.Facts{Balancer: &existing.Balancer{
		ARN: existingBalancer, SecurityGroups: []string{"sg-1"},
		Listeners: map[int]existing.Listener{8081: {ARN: "arn:listener", Protocol: "HTTPS", Priorities: []int{taken, taken - 1}}},
	}})
	for _, n := range g.Nodes() {
		if n.Address.Type == "elb.listener" || n.Address.Type == "elb.load-balancer" || n.Address.String() == "ec2.security-group/balancer" {
			t.Errorf("the graph has %s", n.Address)
		}
	}
	rule := find[elb.Rule](t, g, "elb.rule/api-8081")
	if rule.Listener.Value() != "arn:listener" || rule.Priority != taken-2 {
		t.Errorf("the rule is number %d of %s", rule.Priority, rule.Listener)
	}
	if !slices.ContainsFunc(find[ec2.SecurityGroup](t, g, "ec2.security-group/api").Ingress, func(r ec2.Rule) bool { return r.Source.Value() == "sg-1" && r.From == 3000 }) {
		t.Error("the service does not let the balancer's group in")
	}
}

func TestAPortThatTheExistingBalancerLacks(t *testing.T) {
	t.Parallel()
	g := buildWith(t, guest(), existing.Facts{Balancer: &existing.Balancer{ARN: existingBalancer, SecurityGroups: []string{"sg-1"}}})
	if got := find[elb.Listener](t, g, "elb.listener/8081").LoadBalancer.Value(); got != existingBalancer {
		t.Errorf("the listener is one of %s", got)
	}
}

// A target group can never change its load balancer.
func TestAnotherBalancerHasOtherTargetGroups(t *testing.T) {
	t.Parallel()
	own := guest()
	own.Settings.LoadBalancer = app.Setting[string]{}
	name := func(a *app.App) string {
		return find[elb.TargetGroup](t, build(t, a), "elb.target-group/api-3000").Name
	}
	if name(own) == name(guest()) {
		t.Error("the group keeps its name")
	}
}

func TestAnExistingClusterKeepsItsProviders(t *testing.T) {
	t.Parallel()
	a := shop()
	a.Settings.Cluster, a.Settings.Spot = setting("team"), setting(app.SpotFurther)
	onDemand := []ecs.StrategyItem{{Provider: "FARGATE", Weight: 1}}
	for name, tt := range map[string]struct {
		providers []string
		want      []ecs.StrategyItem
	}{
		"none":    {nil, nil},
		"EC2":     {[]string{"machines"}, nil},
		"Fargate": {[]string{"FARGATE"}, onDemand},
		"both":    {[]string{"FARGATE_SPOT", "FARGATE"}, []ecs.StrategyItem{{Provider: "FARGATE", Base: 1}, {Provider: "FARGATE_SPOT", Weight: 1}}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := buildWith(t, a, existing.Facts{Cluster: &existing.Cluster{Name: "team", Providers: tt.providers}})
			s := find[ecs.Service](t, g, "ecs.service/api")
			if diff := cmp.Diff(tt.want, s.Strategy); diff != "" {
				t.Errorf("strategy (-want +got):\n%s", diff)
			}
			if got := s.Cluster.Value(); got != "arn:aws:ecs:eu-central-1:123456789012:cluster/team" {
				t.Errorf("the cluster is %s", got)
			}
		})
	}
}

func TestWhoReachesAnInternalBalancer(t *testing.T) {
	t.Parallel()
	a := guest()
	a.Settings.LoadBalancer = app.Setting[string]{}
	p := &a.Services[0].Ports[0]
	p.Internal = true
	g := buildWith(t, a, existing.Facts{Ranges: []string{"10.3.0.0/16", "100.64.0.0/16"}})
	var from []string
	for _, r := range find[ec2.SecurityGroup](t, g, "ec2.security-group/balancer-network-internal").Ingress {
		from = append(from, r.CIDR)
	}
	want := []string{"10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/16"}
	if diff := cmp.Diff(want, from); diff != "" {
		t.Errorf("clients (-want +got):\n%s", diff)
	}
}

// The security group must let a check of another port in.
func TestACheckOnAnotherPort(t *testing.T) {
	t.Parallel()
	a := shop()
	s := &a.Services[0]
	s.HealthPort, s.HealthPath = 9090, "/ready"
	g := build(t, a)
	group := find[elb.TargetGroup](t, g, "elb.target-group/api-3000")
	if group.CheckPort != 9090 || group.Path != "/ready" {
		t.Errorf("the check asks %d%s", group.CheckPort, group.Path)
	}
	if !slices.ContainsFunc(find[ec2.SecurityGroup](t, g, "ec2.security-group/api").Ingress, func(r ec2.Rule) bool {
		return r.From == 9090 && r.Source.String() == "(ec2.security-group/balancer.id)"
	}) {
		t.Error("the balancer is not let in where it asks")
	}
	// The load balancer does not check a port that only the container can reach.
	s.HealthPort, s.HealthPath = 0, ""
	s.Health = &app.Health{Test: []string{"CMD", "curl", "http://localhost:2019/up"}}
	if got := find[elb.TargetGroup](t, build(t, a), "elb.target-group/api-3000"); got.CheckPort != 0 || got.Path != "/" {
		t.Errorf("the check asks %d%s", got.CheckPort, got.Path)
	}
	s.Exposed = append(s.Exposed, app.Exposed{From: 2019, To: 2019, Protocol: app.AppTCP})
	if got := find[elb.TargetGroup](t, build(t, a), "elb.target-group/api-3000"); got.CheckPort != 2019 || got.Path != "/up" {
		t.Errorf("the check asks %d%s", got.CheckPort, got.Path)
	}
}
