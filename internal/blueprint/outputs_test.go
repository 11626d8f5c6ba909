package blueprint

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/berthdev/berth/internal/app"
	"github.com/berthdev/berth/internal/aws/ecs"
	"github.com/berthdev/berth/internal/aws/existing"
	"github.com/berthdev/berth/internal/engine"
)

// outputs is the table of an app.
func outputs(t *testing.T, a *app.App, f Facts) Outputs {
	t.Helper()
	g, err := Build(a, f)
	if err != nil {
		t.Fatal(err)
	}
	return OutputsOf(a, f, g)
}

// showing looks up objects whose outputs have values that name the object and the
// output.
func showing(types ...string) Lookup {
	return func(a engine.Address) (engine.Object, bool) {
		for _, typ := range types {
			if a.Type == typ {
				said := a.String()
				return engine.Object{Address: a, Outputs: map[string]string{"dns": said + ".dns", "endpoint": said + ".endpoint", "uri": said + ".uri"}}, true
			}
		}
		return engine.Object{}, false
	}
}

// port is a public one.
func port(container, published int, protocol, speaks string) app.Port {
	return app.Port{Container: container, Published: published, Protocol: protocol, App: speaks, Public: true}
}

func TestOutputsNameWhatTheGraphMakes(t *testing.T) {
	t.Parallel()
	a := shop()
	a.Services[1].Aliases = []string{"cache"}
	a.Databases = []app.Database{{Name: "db", Kind: app.KindPostgres, Version: "16", Port: 5432, Networks: []string{"back"}}}
	a.Jobs[0].Build = &app.Build{Context: "./api", Dockerfile: "Dockerfile", Platforms: []string{"linux/amd64"}}
	o := outputs(t, a, facts())
	if o.Cluster != ecs.ClusterName(Environment(a), "eu-central-1") || o.Namespace != "shop.dev.internal" {
		t.Errorf("cluster %q, namespace %q", o.Cluster, o.Namespace)
	}
	redis, _ := o.Service("redis")
	want := ServiceOutput{
		WorkloadOutput: WorkloadOutput{
			Name: "redis", Address: engine.Address{Owner: Stack(a), Type: "ecs.service", Name: "redis"},
			Family: Family(a, "eu-central-1", "redis"), Container: "redis", LogGroup: "/berth/shop-dev/shop/redis",
			Image: engine.Lit("redis:7.4-alpine"),
		},
		ECSName: ServiceName(a, "eu-central-1", "redis"), Host: "redis.shop.dev.internal", Names: []string{"redis", "cache"},
		Ports: a.Services[1].Exposed, Checked: true,
	}
	if diff := cmp.Diff(want, redis, cmp.Comparer(engine.Ref.Equal)); diff != "" {
		t.Errorf("redis (-want +got):\n%s", diff)
	}
	job, _ := o.Job("migrate")
	if job.Address.Type != "ecs.job" || job.Image.Known() {
		t.Errorf("the job is %s and runs %s", job.Address, job.Image)
	}
	db := o.Databases[0]
	if db.AWSName != DatabaseName(a, "eu-central-1", a.Databases[0]) || db.Address != Database(a, a.Databases[0]) || db.Host != "db.shop.dev.internal" || db.Endpoint.Known() {
		t.Errorf("the database is %+v", db)
	}
	after := o.Resolve(showing("rds.instance", "ecr.image"))
	if got := after.Databases[0].Endpoint.Value(); got != "rds.instance/db.endpoint" {
		t.Errorf("the endpoint of the database is %q", got)
	}
	if got, _ := after.Job("migrate"); got.Image.Value() != "ecr.image/migrate.uri" {
		t.Errorf("the job runs %s", got.Image)
	}
	if o.Databases[0].Endpoint.Known() {
		t.Error("Resolve has changed the table that it was asked of")
	}
}

func TestURLs(t *testing.T) {
	t.Parallel()
	hosted := func(a *app.App) {
		p := port(3000, 443, "tcp", app.AppHTTP)
		p.Hosted = true
		a.Services[0].Ports = []app.Port{p}
		a.Services[0].Hosts = []app.Host{{Name: "*.example.com"}, {Name: "app.example.com", Path: "/api"}}
	}
	direct := func(a *app.App) {
		hosted(a)
		a.Settings.Ingress = setting(app.IngressDirect)
	}
	zone := Facts{Names: HostFacts{Zones: map[string]Zone{
		"app.example.com": {Provider: app.DNSRoute53, ID: "Z1", Name: "example.com"},
		"*.example.com":   {Provider: app.DNSRoute53, ID: "Z1", Name: "example.com"},
	}}}
	application := showing("elb.load-balancer")
	const dns = "elb.load-balancer/main.dns"
	for _, test := range []struct {
		name    string
		change  func(*app.App)
		facts   Facts
		objects Lookup
		want    []string
	}{
		{"a port", func(*app.App) {}, Facts{}, application, []string{"http://" + dns + ":8081"}},
		{"the usual port", func(a *app.App) { a.Services[0].Ports[0].Published = 80 }, Facts{}, application, []string{"http://" + dns}},
		{"nothing is there yet", func(*app.App) {}, Facts{}, showing(), nil},
		{"a host whose certificate is to come", hosted, Facts{}, application, []string{"http://app.example.com/api"}},
		{"a host in a zone of the account", hosted, zone, application, []string{"https://app.example.com/api"}},
		{"a host, no balancer yet", hosted, zone, showing(), nil},
		{"a host on tasks", direct, Facts{}, showing(), []string{"http://app.example.com:3000"}},
		{"a port on tasks", func(a *app.App) { a.Settings.Ingress = setting(app.IngressDirect) }, Facts{}, application, nil},
		{"an existing balancer", func(a *app.App) { *a = *guest() }, Facts{Existing: existing.Facts{Balancer: &existing.Balancer{DNS: "team.example"}}}, showing(), []string{"http://team.example:8081"}},
		{"network balancers", func(a *app.App) {
			a.Services[1].Ports = []app.Port{port(53, 53, "tcp", app.AppTCP), port(53, 53, "udp", app.AppUDP)}
			inner := port(6379, 6379, "tcp", app.AppTCP)
			inner.Internal = true
			a.Services[1].Ports = append(a.Services[1].Ports, inner)
		}, Facts{}, application, []string{
			"http://" + dns + ":8081", "elb.load-balancer/network.dns:53", "elb.load-balancer/network.dns:53/udp",
			"elb.load-balancer/network-internal.dns:6379",
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			a, f := shop(), facts()
			test.change(a)
			f.Names, f.Existing = test.facts.Names, test.facts.Existing
			var got []string
			for _, u := range outputs(t, a, f).Resolve(test.objects).URLs() {
				got = append(got, u.URL)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("URLs (-want +got):\n%s", diff)
			}
		})
	}
}

func TestOutputsWithoutARun(t *testing.T) {
	t.Parallel()
	a := shop()
	p := port(3000, 443, "tcp", app.AppHTTP)
	p.Hosted = true
	a.Services[0].Ports, a.Services[0].Hosts = []app.Port{p}, []app.Host{{Name: "app.example.com"}}
	f := Draft("123456789012", "eu-central-1", "aws").WithCertificates(a.HostNames())
	full := facts()
	full.CIDR = "10.99.0.0/16"
	draft, real := outputs(t, a, f), outputs(t, a, full)
	same := cmp.Comparer(func(x, y engine.Ref) bool { return x == y })
	if diff := cmp.Diff(real.Services, draft.Services, same); diff != "" {
		t.Errorf("the services of a draft are others:\n%s", diff)
	}
	urls := draft.Resolve(showing("elb.load-balancer")).URLs()
	if len(urls) != 1 || urls[0].URL != "https://app.example.com" {
		t.Errorf("URLs are %v", urls)
	}
}
