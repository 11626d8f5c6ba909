package blueprint

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/berthdev/berth/internal/app"
	"github.com/berthdev/berth/internal/engine"
)

// TestAnEnvironmentNeedsNoProject makes an environment from its settings alone.
func TestAnEnvironmentNeedsNoProject(t *testing.T) {
	t.Parallel()
	balanced := affordable()
	balanced.NAT, balanced.TaskSubnets = setting(app.NATSingle), setting(app.SubnetsPrivate)
	for _, test := range []struct {
		name      string
		settings  app.Settings
		has, lack []string
	}{
		{"affordable", affordable(), []string{"ec2.vpc/main", "ecs.cluster/main", "ec2.subnet/private-b"}, []string{"ec2.nat-gateway/a", "elb.load-balancer/main"}},
		{"balanced", balanced, []string{"ec2.nat-gateway/a", "ecs.cluster/main"}, []string{"ec2.dhcp-options/main", "efs.file-system/main"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			env, err := BuildEnvironment(EnvironmentSpec{Name: "team", Settings: test.settings}, facts())
			if err != nil {
				t.Fatal(err)
			}
			have := map[string]bool{}
			for _, n := range env.Graph.Nodes() {
				have[n.Address.String()] = true
				if n.Address.Owner != (engine.Owner{Environment: "team"}) {
					t.Errorf("%s belongs to %s", n.Address, n.Address.Owner)
				}
			}
			for _, want := range test.has {
				if !have[want] {
					t.Errorf("it has no %s", want)
				}
			}
			for _, none := range test.lack {
				if have[none] {
					t.Errorf("it has %s", none)
				}
			}
		})
	}
}

// TestAnEnvironmentFollowsWhatItsStacksAsk: everything that an environment has for a
// stack is in its spec, which does not name the project.
func TestAnEnvironmentFollowsWhatItsStacksAsk(t *testing.T) {
	t.Parallel()
	a := shop()
	a.Shared, a.Backup = true, true
	a.Volumes = []app.Volume{{Name: "data"}, {Name: "one", Bucket: "files", Prefix: "a/"}, {Name: "two", Bucket: "files", Prefix: "a/"}}
	a.Databases = []app.Database{{Name: "cache", Kind: app.KindValkey}, {Name: "db", Kind: app.KindPostgres}, {Name: "other", Kind: app.KindMySQL}}
	a.Services[1].Ports = []app.Port{port(53, 53, "tcp", app.AppTCP), port(53, 53, "udp", app.AppUDP)}
	want := EnvironmentSpec{
		Name: "shop-dev", Settings: a.Settings, Ports: []int{8081}, Files: true, Backup: true,
		NetworkPorts: []NetworkPort{{Port: 53, Protocols: []string{"tcp", "udp"}}},
		Buckets:      []Bucket{{Bucket: "files", Prefix: "a/"}}, Databases: []DatabaseService{ElastiCache, RDS},
	}
	if diff := cmp.Diff(want, SpecOf(a)); diff != "" {
		t.Errorf("the spec (-want +got):\n%s", diff)
	}
}

// TestTheStackRefersToTheEnvironment and never the reverse: an environment is complete
// without its stacks.
func TestTheStackRefersToTheEnvironment(t *testing.T) {
	t.Parallel()
	a := shop()
	env, err := BuildEnvironment(SpecOf(a), facts())
	if err != nil {
		t.Fatal(err)
	}
	stack, err := BuildStack(a, facts(), env)
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range stack.Nodes() {
		if n.Address.Owner != Stack(a) {
			t.Errorf("%s belongs to %s", n.Address, n.Address.Owner)
		}
	}
	if err := stack.Check(); err == nil || !strings.Contains(err.Error(), "which is not in the graph") {
		t.Errorf("the stack's graph alone: %v", err)
	}
	if err := engine.Compose(env.Graph, stack).Check(); err != nil {
		t.Errorf("both together: %v", err)
	}
}
