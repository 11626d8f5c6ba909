package cloudmap_test

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/servicediscovery"
	"github.com/aws/aws-sdk-go-v2/service/servicediscovery/types"

	"github.com/berthdev/berth/internal/aws/cloudmap"
	"github.com/berthdev/berth/internal/aws/typetest"
	"github.com/berthdev/berth/internal/clock"
	"github.com/berthdev/berth/internal/engine"
)

func TestLife(t *testing.T) {
	t.Parallel()
	typetest.Run(t, typetest.Story{
		Kinds: kinds(clock.Wall{}),
		Life:  life,
		Ground: func(t *testing.T, cfg aws.Config, c clock.Clock) []*engine.Graph {
			id := newVPC(t, cfg)
			typetest.Settle(t, cfg, c)
			return []*engine.Graph{desired(id, 10, nil), desired(id, 60, map[string]string{"team": "a"})}
		},
	})
}

func newVPC(t *testing.T, cfg aws.Config) string {
	t.Helper()
	vpc, err := ec2.NewFromConfig(cfg).CreateVpc(t.Context(), &ec2.CreateVpcInput{CidrBlock: aws.String("10.8.0.0/16")})
	if err != nil {
		t.Fatal(err)
	}
	return aws.ToString(vpc.Vpc.VpcId)
}

func kinds(c clock.Clock) func(aws.Config) []engine.AnyType {
	return func(cfg aws.Config) []engine.AnyType {
		ns := cloudmap.Namespaces{
			API: servicediscovery.NewFromConfig(cfg), Clock: c,
			Account: "123456789012", Region: cfg.Region, Partition: "aws",
		}
		return []engine.AnyType{engine.Erase(ns), engine.Erase(cloudmap.Services{Namespaces: ns}), engine.Erase(cloudmap.Instances{Services: cloudmap.Services{Namespaces: ns}})}
	}
}

func desired(vpc string, ttl int, labels map[string]string) *engine.Graph {
	g := engine.NewGraph()
	ns := g.Add(typetest.Stack, "main", cloudmap.Namespace{Name: "shop.dev.internal", VPC: engine.Lit(vpc), NegativeTTL: 5}).Label(labels)
	for _, name := range []string{"api", "web"} {
		g.Add(typetest.Stack, name, cloudmap.Service{Namespace: ns.ID(), Name: name, TTL: ttl}).Label(labels)
	}
	db := g.Add(typetest.Stack, "db", cloudmap.Service{Namespace: ns.ID(), Name: "db", TTL: ttl, Record: cloudmap.RecordCNAME}).Label(labels)
	g.Add(typetest.Stack, "db", cloudmap.Instance{Service: db.ID(), Host: engine.Lit("db.example.com")})
	return g
}

// life takes a namespace with its services through its whole life.
func life(t *testing.T, cfg aws.Config, c clock.Clock) {
	t.Helper()
	ctx, api := t.Context(), servicediscovery.NewFromConfig(cfg)
	id := newVPC(t, cfg)
	d := typetest.New(t, cfg, c, kinds(c))
	first := desired(id, 10, map[string]string{"team": "a"})
	d.Up(first, false)
	calls := d.Calls()
	d.MustPlan("", first, false)
	if got := d.Calls() - calls; got != 3 {
		t.Errorf("a shallow reading took %d calls, want 3", got)
	}
	d.MustPlan("", first, true)

	d.Up(desired(id, 60, nil), false)
	d.MustPlan("", desired(id, 60, nil), true)

	w := d.World(nil, false)
	for _, l := range w.Objects("sd.service") {
		if want := "arn:aws:servicediscovery:" + cfg.Region + ":123456789012:service/" + l.ID; l.Output("arn") != want {
			t.Errorf("arn %s, want %s", l.Output("arn"), want)
		}
		if l.Address.Name != "web" {
			continue
		}
		_, err := api.UpdateService(ctx, &servicediscovery.UpdateServiceInput{Id: aws.String(l.ID), Service: &types.ServiceChange{
			DnsConfig: &types.DnsConfigChange{DnsRecords: []types.DnsRecord{{Type: types.RecordTypeA, TTL: aws.Int64(5)}}},
		}})
		if err != nil {
			t.Fatal(err)
		}
	}
	d.MustPlan("update sd.service/web (ttl changed outside berth)", desired(id, 60, nil), false)
	d.Up(desired(id, 60, nil), false)
	d.MustPlan("", desired(id, 60, nil), true)
	d.Down()
}

// The emulator adds a second instance where AWS changes the first.
func TestANameFollowsItsHost(t *testing.T) {
	t.Parallel()
	typetest.Sandbox(t, func(t *testing.T, cfg aws.Config) {
		vpc := newVPC(t, cfg)
		d := typetest.New(t, cfg, clock.Wall{}, kinds(clock.Wall{}))
		graph := func(host string) *engine.Graph {
			g := engine.NewGraph()
			ns := g.Add(typetest.Stack, "main", cloudmap.Namespace{Name: "shop.dev.internal", VPC: engine.Lit(vpc), NegativeTTL: 5})
			db := g.Add(typetest.Stack, "db", cloudmap.Service{Namespace: ns.ID(), Name: "db", TTL: 10, Record: cloudmap.RecordCNAME})
			g.Add(typetest.Stack, "db", cloudmap.Instance{Service: db.ID(), Host: engine.Lit(host)})
			return g
		}
		d.Up(graph("one.example.com"), false)
		d.MustPlan("update sd.instance/db (host edited)", graph("two.example.com"), false)
		d.Up(graph("two.example.com"), false)
		d.MustPlan("", graph("two.example.com"), true)
		// Back, by the tokens of a registration that others have followed.
		for _, host := range []string{"one.example.com", "two.example.com"} {
			d.Up(graph(host), false)
			d.MustPlan("", graph(host), true)
		}
		d.Down()
	})
}

// Labels that come and go again are written each time, whatever Cloud Map
// remembers of the desired state's token.
func TestLabelsGoBackAndForth(t *testing.T) {
	t.Parallel()
	typetest.Sandbox(t, func(t *testing.T, cfg aws.Config) {
		vpc := newVPC(t, cfg)
		d := typetest.New(t, cfg, clock.Wall{}, kinds(clock.Wall{}))
		for _, team := range []string{"a", "b", "a", "b"} {
			g := desired(vpc, 10, map[string]string{"team": team})
			d.Up(g, false)
			d.MustPlan("", g, true)
		}
		d.Down()
	})
}
