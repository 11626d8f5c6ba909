package blueprint

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/berthdev/berth/internal/app"
	"github.com/berthdev/berth/internal/aws/ecs"
	"github.com/berthdev/berth/internal/engine"
)

func connected() *app.App {
	a := shop()
	a.Settings.Discovery = setting(app.DiscoveryConnect)
	return a
}

func TestConnectGivesServicesTheirShortNames(t *testing.T) {
	t.Parallel()
	got := find[ecs.Service](t, build(t, connected()), "ecs.service/redis").Connect
	if got == nil {
		t.Fatal("no Service Connect configuration")
	}
	want := []ecs.ConnectService{{PortName: "tcp-6379", DiscoveryName: "connect-redis-6379", Alias: "redis", AliasPort: 6379}}
	if diff := cmp.Diff(want, got.Services); diff != "" {
		t.Errorf("services (-want +got):\n%s", diff)
	}
}

func TestConnectGivesJobsTheirSiblingsHosts(t *testing.T) {
	t.Parallel()
	env := func(a *app.App) map[string]string {
		return find[ecs.TaskDefinition](t, build(t, a), "ecs.task-definition/migrate").Containers[0].Environment
	}
	want := map[string]string{"BERTH_HOST_API": "api.shop.dev.internal", "BERTH_HOST_REDIS": "redis.shop.dev.internal"}
	if diff := cmp.Diff(want, env(connected())); diff != "" {
		t.Errorf("environment (-want +got):\n%s", diff)
	}
	if got := env(shop()); len(got) > 0 {
		t.Errorf("with DNS names the job gets %v", got)
	}
}

func TestConnectDeploysServersBeforeTheirClients(t *testing.T) {
	t.Parallel()
	a := connected()
	a.Services[0].DependsOn = nil
	if need, ok := needs(at(t, build(t, a), "ecs.service/api"))["ecs.service/redis"]; !ok || need != engine.Created {
		t.Error("api names redis in its environment and does not wait for it")
	}
	// Two services that name each other must not make a cycle.
	a.Services[1].Command = []string{"--announce", "http://api:3000"}
	build(t, a)
}

func TestConnectRenewsClientsWhenAServerComes(t *testing.T) {
	t.Parallel()
	task := func(a *app.App) ecs.TaskDefinition {
		return find[ecs.TaskDefinition](t, build(t, a), "ecs.task-definition/redis")
	}
	more := connected()
	search := workload("search", "example/search:1")
	search.Exposed = []app.Exposed{{From: 9200, To: 9200, Protocol: "tcp"}}
	more.Services = append(more.Services, service(search))
	if cmp.Equal(task(connected()).Containers, task(more).Containers) {
		t.Error("a new server left the tasks of its sibling alone")
	}
	more.Services[2].Networks = []string{"front"}
	if !cmp.Equal(task(connected()).Containers, task(more).Containers) {
		t.Error("a server in another network changed the tasks")
	}
}
