package route53_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	api "github.com/aws/aws-sdk-go-v2/service/route53"
	"github.com/aws/aws-sdk-go-v2/service/route53/types"

	"github.com/berthdev/berth/internal/aws/route53"
	"github.com/berthdev/berth/internal/aws/typetest"
	"github.com/berthdev/berth/internal/clock"
	"github.com/berthdev/berth/internal/engine"
)

func TestLife(t *testing.T) {
	t.Parallel()
	typetest.Run(t, typetest.Story{
		Kinds: kinds,
		Life:  life,
		Ground: func(t *testing.T, cfg aws.Config, c clock.Clock) []*engine.Graph {
			zone := newZone(t, cfg)
			typetest.Settle(t, cfg, c)
			return []*engine.Graph{desired(zone, "203.0.113.1"), desired(zone, "203.0.113.2", "203.0.113.3")}
		},
	})
}

func kinds(cfg aws.Config) []engine.AnyType {
	c := api.NewFromConfig(cfg)
	return []engine.AnyType{
		engine.Erase(route53.HostedZones{API: c}),
		engine.Erase(route53.Records{API: c, Account: "123456789012", Region: cfg.Region}),
	}
}

// newZone makes a zone that is not berth's.
func newZone(t *testing.T, cfg aws.Config) string {
	t.Helper()
	out, err := api.NewFromConfig(cfg).CreateHostedZone(t.Context(), &api.CreateHostedZoneInput{
		Name: aws.String("example.com"), CallerReference: aws.String("test"),
	})
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimPrefix(aws.ToString(out.HostedZone.Id), "/hostedzone/")
}

// desired is a zone of berth's with a record, and records in one that is not.
func desired(zone string, addresses ...string) *engine.Graph {
	g := engine.NewGraph()
	made := g.Add(typetest.Env, "example.net", route53.HostedZone{Name: "example.net"})
	g.Add(typetest.Env, "proof", route53.Record{
		Zone: made.ID(), Name: engine.Lit("_p.example.net"), Kind: "CNAME", TTL: 300,
		Values: engine.Lits("_v.acm-validations.aws"), Shared: true,
	})
	for _, name := range []string{"app.example.com", "*.example.com"} {
		g.Add(typetest.Stack, strings.ReplaceAll(name, "*", "any"), route53.Record{
			Zone: engine.Lit(zone), Name: engine.Lit(name), Kind: "A", TTL: 60, Values: engine.Lits(addresses...),
		})
	}
	return g
}

func put(t *testing.T, cfg aws.Config, zone, action, name, kind, value string) {
	t.Helper()
	_, err := api.NewFromConfig(cfg).ChangeResourceRecordSets(t.Context(), &api.ChangeResourceRecordSetsInput{
		HostedZoneId: &zone, ChangeBatch: &types.ChangeBatch{Changes: []types.Change{{
			Action: types.ChangeAction(action), ResourceRecordSet: &types.ResourceRecordSet{
				Name: &name, Type: types.RRType(kind), TTL: aws.Int64(60), ResourceRecords: []types.ResourceRecord{{Value: &value}},
			},
		}}},
	})
	if err != nil {
		t.Fatal(err)
	}
}

// life takes a zone and records through their whole life.
func life(t *testing.T, cfg aws.Config, c clock.Clock) {
	t.Helper()
	zone := newZone(t, cfg)
	d := typetest.New(t, cfg, c, kinds)
	first := desired(zone, "203.0.113.1")
	d.Up(first, false)
	d.MustPlan("", first, false)
	d.MustPlan("", first, true)

	second := desired(zone, "203.0.113.3", "203.0.113.2")
	d.Up(second, false)
	d.MustPlan("", second, true)

	put(t, cfg, zone, "UPSERT", "app.example.com", "A", "203.0.113.99")
	d.MustPlan("update route53.record/app.example.com (values[] changed outside berth, values[] changed outside berth)", second, false)
	d.Up(second, false)
	put(t, cfg, zone, "UPSERT", "app.example.com", "A", "203.0.113.99")
	put(t, cfg, zone, "DELETE", "app.example.com", "A", "203.0.113.99")
	d.MustPlan("update route53.record/app.example.com (ttl changed outside berth, values[] changed outside berth, values[] changed outside berth)", second, false)
	d.Up(second, false)
	d.MustPlan("", second, true)
	d.Down()
}

// A name that somebody else has is refused, whatever kind of record it is, and
// taken over when the user says so.
func TestForeignRecords(t *testing.T) {
	t.Parallel()
	for name, foreign := range map[string][2]string{
		"same kind": {"A", "203.0.113.50"}, "alias of a name": {"CNAME", "elsewhere.example.org"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			typetest.Sandbox(t, func(t *testing.T, cfg aws.Config) {
				zone := newZone(t, cfg)
				typetest.Settle(t, cfg, clock.Wall{})
				put(t, cfg, zone, "CREATE", "app.example.com", foreign[0], foreign[1])
				d := typetest.New(t, cfg, clock.Wall{}, kinds)
				g := desired(zone, "203.0.113.1")
				err := d.Blind(g, nil)
				var taken *engine.TakenError
				if !errors.As(err, &taken) || taken.Address.Name != "app.example.com" {
					t.Fatalf("got %v, want a TakenError", err)
				}
				adopt := map[engine.Address]bool{taken.Address: true}
				if err := d.Blind(g, adopt); err != nil {
					t.Fatal(err)
				}
				d.MustPlan("", g, true)
				d.Down()
			})
		})
	}
}

// A record that proves a certificate's name may be there already: it is used,
// and stays when berth goes.
func TestSharedRecords(t *testing.T) {
	t.Parallel()
	typetest.Sandbox(t, func(t *testing.T, cfg aws.Config) {
		zone := newZone(t, cfg)
		typetest.Settle(t, cfg, clock.Wall{})
		put(t, cfg, zone, "CREATE", "_p.example.com", "CNAME", "_v.acm-validations.aws.")
		g := engine.NewGraph()
		for _, o := range []engine.Owner{typetest.Env, typetest.Stack} {
			g.Add(o, "proof", route53.Record{
				Zone: engine.Lit(zone), Name: engine.Lit("_p.example.com"), Kind: "CNAME", TTL: 300,
				Values: engine.Lits("_v.acm-validations.aws"), Shared: true,
			})
		}
		d := typetest.New(t, cfg, clock.Wall{}, kinds)
		d.Up(g, false)
		if got := records(t, cfg, zone); len(got) != 3 {
			t.Errorf("records %v, want the CNAME and two marks", got)
		}
		d.Down()
		if got := records(t, cfg, zone); len(got) != 1 {
			t.Errorf("after down: %v, want the CNAME that was there before", got)
		}
	})
}

// records are the names of a zone's records without its own.
func records(t *testing.T, cfg aws.Config, zone string) []string {
	t.Helper()
	out, err := api.NewFromConfig(cfg).ListResourceRecordSets(t.Context(), &api.ListResourceRecordSetsInput{HostedZoneId: &zone})
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, s := range out.ResourceRecordSets {
		if s.Type != types.RRTypeNs && s.Type != types.RRTypeSoa {
			names = append(names, aws.ToString(s.Name)+" "+string(s.Type))
		}
	}
	return names
}
