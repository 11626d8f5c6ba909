package blueprint

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/berthdev/berth/internal/app"
	"github.com/berthdev/berth/internal/engine"
)

// before are the addresses of everything that must exist or be ready before
// the resource can be made.
func before(t *testing.T, g *engine.Graph, address string) []string {
	t.Helper()
	seen := map[string]bool{}
	var visit func(n *engine.Node)
	visit = func(n *engine.Node) {
		for _, e := range n.Edges() {
			if !seen[e.To.String()] {
				seen[e.To.String()] = true
				visit(g.Node(e.To))
			}
		}
	}
	visit(at(t, g, address))
	out := make([]string, 0, len(seen))
	for a := range seen {
		out = append(out, a)
	}
	slices.Sort(out)
	return out
}

// Actions on the longest chain must wait only for what AWS requires.
func TestNothingWaitsWithoutAReason(t *testing.T) {
	t.Parallel()
	g := build(t, shop())
	for address, want := range map[string][]string{
		"iam.role/execution":        {},
		"iam.role/api":              {},
		"logs.log-group/api":        {},
		"ecs.cluster/main":          {"iam.service-linked-role/ecs"},
		"elb.target-group/api-3000": {"ec2.vpc/main"},
		"sd.namespace/main":         {"ec2.vpc/main"},
		"elb.load-balancer/main": {
			"ec2.internet-gateway/main", "ec2.security-group/balancer", "ec2.subnet/public-a",
			"ec2.subnet/public-b", "ec2.vpc/main", "iam.service-linked-role/elb",
		},
		"ecs.task-definition/api": {"iam.role/api", "iam.role/execution"},
	} {
		t.Run(address, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(want, before(t, g, address)); diff != "" {
				t.Errorf("%s waits for (-want +got):\n%s", address, diff)
			}
		})
	}
}

// needs are a node's own edges.
func needs(n *engine.Node) map[string]engine.Need {
	out := map[string]engine.Need{}
	for _, e := range n.Edges() {
		out[e.To.String()] = e.Need
	}
	return out
}

func TestAServiceWaitsForWhatItsTasksUse(t *testing.T) {
	t.Parallel()
	got := needs(at(t, build(t, shop()), "ecs.service/api"))
	for address, want := range map[string]engine.Need{
		"elb.rule/api-8081":         engine.Created,
		"elb.target-group/api-3000": engine.Created,
		"sd.service/api":            engine.Created,
		"logs.log-group/api":        engine.Created,
		"iam.role/execution":        engine.Ready,
		"iam.role/api":              engine.Ready,
		"ec2.route/public-internet": engine.Ready,
		"ec2.dhcp-options/main":     engine.Ready,
		"ec2.vpc-endpoint/s3":       engine.Ready,
		"ecs.job/migrate":           engine.Ready,
		"ecs.service/redis":         engine.Created,
	} {
		if need, ok := got[address]; !ok || need != want {
			t.Errorf("edge to %s = %v, %v; want %v", address, need, ok, want)
		}
	}
	if need, ok := got["elb.load-balancer/main"]; ok {
		t.Errorf("the service waits for the balancer itself (%v)", need)
	}
}

func TestPrivateTasksWaitForTheirWayOut(t *testing.T) {
	t.Parallel()
	a := shop()
	a.Settings.NAT, a.Settings.TaskSubnets = setting(app.NATPerZone), setting(app.SubnetsPrivate)
	g := build(t, a)
	got := needs(at(t, g, "ecs.service/api"))
	for _, address := range []string{
		"ec2.route/private-a-nat", "ec2.route/private-b-nat",
		"ec2.route-table-association/private-a", "ec2.route-table-association/private-b",
		"ec2.route-table-association/public-a", "ec2.route/public-internet",
	} {
		if _, ok := got[address]; !ok {
			t.Errorf("the service does not wait for %s", address)
		}
	}
	if need := needs(at(t, g, "ec2.route/private-a-nat"))["ec2.nat-gateway/a"]; need != engine.Ready {
		t.Errorf("the route needs the gateway to be %v; want ready", need)
	}
	want := []string{
		"ec2.elastic-ip/nat-a", "ec2.internet-gateway/main", "ec2.subnet/public-a", "ec2.vpc/main",
	}
	if diff := cmp.Diff(want, before(t, g, "ec2.nat-gateway/a")); diff != "" {
		t.Errorf("the NAT gateway waits for (-want +got):\n%s", diff)
	}
}

func TestADependencyThatIsMissingIsAnError(t *testing.T) {
	t.Parallel()
	a := shop()
	a.Services[0].DependsOn = append(a.Services[0].DependsOn, app.Dependency{Name: "nobody", Condition: app.ConditionHealthy})
	if _, err := Build(a, facts()); err == nil {
		t.Error("Build accepted a dependency on a service that is not there")
	}
}
