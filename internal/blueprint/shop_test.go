package blueprint

import (
	"testing"

	"github.com/berthdev/berth/internal/app"
	"github.com/berthdev/berth/internal/engine"
)

// facts are facts about an account that does not exist.
func facts() Facts {
	return Facts{
		Account: "123456789012", Region: "eu-central-1", Partition: "aws",
		Zones: []string{"eu-central-1a", "eu-central-1b", "eu-central-1c"},
		CIDR:  "10.7.0.0/16",
	}
}

func setting[T any](v T) app.Setting[T] { return app.Setting[T]{Value: v, Origin: "test"} }

// affordable are settings like those of the preset.
func affordable() app.Settings {
	return app.Settings{
		Preset: setting(app.PresetAffordable), Zones: setting(2), NAT: setting(app.NATNone),
		TaskSubnets: setting(app.SubnetsPublic), Discovery: setting(app.DiscoveryDNS), Spot: setting(app.SpotFurther),
		Insights: setting("disabled"), LogRetentionDays: setting(7),
		HealthInterval: setting(5), HealthTimeout: setting(4), Healthy: setting(2), Unhealthy: setting(6),
		DrainSeconds: setting(5), IdleSeconds: setting(60),
	}
}

// workload is a small workload in the network back.
func workload(name, image string) app.Workload {
	return app.Workload{
		Name: name, Image: image, CPU: 256, Memory: 512, Architecture: "amd64",
		Networks: []string{"back"},
	}
}

func service(w app.Workload) app.Service {
	return app.Service{
		Workload: w, Replicas: 1,
		Update: app.Update{MinPercent: 100, MaxPercent: 200, Breaker: true, Rollback: true},
	}
}

// shop is an app with a public service, a private one, and a job between them.
func shop() *app.App {
	api := workload("api", "example/api:1")
	api.Networks = []string{"back", "front"}
	api.Ports = []app.Port{{Container: 3000, Published: 8081, Protocol: "tcp", App: app.AppHTTP, Public: true}}
	api.Exposed = []app.Exposed{{From: 3000, To: 3000, Protocol: "tcp", App: app.AppHTTP}}
	api.Env = map[string]string{"REDIS_URL": "redis://redis:6379"}
	api.DependsOn = []app.Dependency{
		{Name: "migrate", Condition: app.ConditionCompleted},
		{Name: "redis", Condition: app.ConditionStarted},
	}
	redis := workload("redis", "redis:7.4-alpine")
	redis.Exposed = []app.Exposed{{From: 6379, To: 6379, Protocol: "tcp"}}
	migrate := workload("migrate", "example/api:1")
	migrate.DependsOn = []app.Dependency{{Name: "redis", Condition: app.ConditionHealthy}}
	return &app.App{
		Name: "shop", Env: "dev", Environment: "shop-dev", Settings: affordable(),
		Networks: []app.Network{{Name: "back", Internal: true}, {Name: "front"}},
		Services: []app.Service{service(api), service(redis)},
		Jobs:     []app.Job{{Workload: migrate}},
	}
}

func build(t *testing.T, a *app.App) *engine.Graph {
	t.Helper()
	g, err := Build(a, facts())
	if err != nil {
		t.Fatalf("Build: %v", err)
	}
	return g
}

// at returns the node at TYPE/NAME, whoever owns it.
func at(t *testing.T, g *engine.Graph, address string) *engine.Node {
	t.Helper()
	for _, n := range g.Nodes() {
		if n.Address.String() == address {
			return n
		}
	}
	t.Fatalf("the graph has no %s", address)
	return nil
}

// find returns the desired state at TYPE/NAME.
func find[R engine.Resource](t *testing.T, g *engine.Graph, address string) R {
	t.Helper()
	r, ok := at(t, g, address).Resource.(R)
	if !ok {
		t.Fatalf("%s is a %T", address, at(t, g, address).Resource)
	}
	return r
}
