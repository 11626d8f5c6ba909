package acm_test

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	api "github.com/aws/aws-sdk-go-v2/service/acm"
	"github.com/aws/aws-sdk-go-v2/service/resourcegroupstaggingapi"
	dnsapi "github.com/aws/aws-sdk-go-v2/service/route53"

	"github.com/berthdev/berth/internal/aws/acm"
	"github.com/berthdev/berth/internal/aws/route53"
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
			zone := newZone(t, cfg)
			typetest.Settle(t, cfg, c)
			return []*engine.Graph{
				desired(zone, true, nil, "example.com", "*.example.com"),
				desired(zone, true, map[string]string{"team": "a"}, "app.example.com", "example.com"),
			}
		},
	})
}

func kinds(c clock.Clock) func(aws.Config) []engine.AnyType {
	return func(cfg aws.Config) []engine.AnyType {
		return []engine.AnyType{
			engine.Erase(acm.Certificates{
				API: api.NewFromConfig(cfg), Tagging: resourcegroupstaggingapi.NewFromConfig(cfg), Clock: c,
			}),
			engine.Erase(route53.Records{API: dnsapi.NewFromConfig(cfg), Account: "123456789012", Region: cfg.Region}),
		}
	}
}

func newZone(t *testing.T, cfg aws.Config) string {
	t.Helper()
	out, err := dnsapi.NewFromConfig(cfg).CreateHostedZone(t.Context(), &dnsapi.CreateHostedZoneInput{
		Name: aws.String("example.com"), CallerReference: aws.String("test"),
	})
	if err != nil {
		t.Fatal(err)
	}
	return aws.ToString(out.HostedZone.Id)[len("/hostedzone/"):]
}

// desired is a certificate with the records that prove its names.
func desired(zone string, await bool, labels map[string]string, domains ...string) *engine.Graph {
	g := engine.NewGraph()
	c := g.Add(typetest.Env, "main", acm.Certificate{Domains: domains, Await: await}).Label(labels)
	done := map[string]bool{}
	for _, d := range domains {
		if done[acm.Bare(d)] {
			continue
		}
		done[acm.Bare(d)] = true
		g.Add(typetest.Env, "validation-"+acm.Bare(d), route53.Record{
			Zone: engine.Lit(zone), Name: c.Output(acm.NameOutput(d)), Kind: "CNAME", TTL: 300,
			Values: []engine.Ref{c.Output(acm.ValueOutput(d))}, Shared: true,
		})
	}
	return g
}

// life takes a certificate through its whole life. More names need another
// certificate, whose record for the old name is the same. moto never issues a
// certificate: there berth waits for its records only.
func life(t *testing.T, cfg aws.Config, c clock.Clock) {
	t.Helper()
	await := cfg.BaseEndpoint == nil
	zone := newZone(t, cfg)
	typetest.Settle(t, cfg, c)
	d := typetest.New(t, cfg, c, kinds(c))
	first := desired(zone, await, map[string]string{"team": "a"}, "*.example.com", "example.com")
	d.Up(first, false)
	d.MustPlan("", first, false)
	d.MustPlan("", first, true)

	labelled := desired(zone, await, map[string]string{"team": "b"}, "*.example.com", "example.com")
	d.MustPlan("update acm.certificate/main (tags.team edited)", labelled, false)
	d.Up(labelled, false)
	d.MustPlan("", labelled, true)

	more := desired(zone, await, nil, "app.example.com", "example.com")
	d.Up(more, false)
	d.MustPlan("", more, true)
	if n := len(d.World(more, false).Objects("acm.certificate")); n != 1 {
		t.Errorf("%d certificates, want 1", n)
	}
	d.Down()
}

func TestCovers(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		domains []string
		host    string
		want    bool
	}{
		{[]string{"example.com"}, "example.com", true},
		{[]string{"example.com"}, "app.example.com", false},
		{[]string{"*.example.com"}, "app.example.com", true},
		{[]string{"*.example.com"}, "example.com", false},
		{[]string{"*.example.com"}, "a.app.example.com", false},
		{[]string{"*.example.com"}, "*.example.com", true},
		{[]string{"*.com"}, "*.example.com", false},
		{[]string{"EXAMPLE.com"}, "example.com", true},
	} {
		if got := acm.Covers(c.domains, c.host); got != c.want {
			t.Errorf("Covers(%v, %q) = %v", c.domains, c.host, got)
		}
	}
}
