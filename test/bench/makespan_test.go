package bench

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/berthdev/berth/internal/app"
	"github.com/berthdev/berth/internal/deploy"
	"github.com/berthdev/berth/internal/engine"
	"github.com/berthdev/berth/internal/sandbox"
	"github.com/berthdev/berth/test/bed"
)

// slack is how much longer than its longest chain a run may take.
const slack = 1.03

// seeds are the seeds of the world's lag.
var seeds = []uint64{1, 2, 3}

// shape is a network with the chains that it makes.
type shape struct {
	name        string
	network     string
	first, down []chain
}

func shapes() []shape {
	return []shape{
		{"public subnets", "{tasks: public, nat: none}", firstPublic(), teardown()},
		{"private, one NAT", "{tasks: private, nat: single}", firstNAT(), teardownNAT()},
	}
}

// oneService is a project with one load-balanced service.
func oneService(t *testing.T, network, image string) *app.App {
	t.Helper()
	return bed.App(t, `name: shop
x-berth: {network: `+network+`}
services:
  web:
    image: `+image+`
    ports: ["8080:80"]
    healthcheck: {test: ["CMD", "true"], interval: 5s}
`)
}

// world returns the options for a measurement.
func world(p sandbox.Profile, seed uint64) sandbox.Options {
	return sandbox.Options{Seed: seed, Profile: p, Latency: latency, MaxLag: lag, Buckets: true}
}

// life is how long the stages of a project's life take.
type life struct{ first, again, down time.Duration }

// live brings a project up, changes its image and tears it down.
func live(t *testing.T, s shape, p sandbox.Profile, seed uint64) life {
	t.Helper()
	one, two := oneService(t, s.network, "nginx:1.29"), oneService(t, s.network, "nginx:1.30")
	var l life
	synctest.Test(t, func(t *testing.T) {
		b := bed.New(t, world(p, seed))
		l.first = must(t)(b.Up(t.Context(), one)).Took
		time.Sleep(time.Minute)
		l.again = must(t)(b.Up(t.Context(), two)).Took
		time.Sleep(time.Minute)
		l.down = must(t)(b.Down(t.Context(), two)).Took
		if left := b.World.Leftovers(); len(left) > 0 {
			t.Errorf("left behind: %q", left)
		}
	})
	return l
}

func must(t *testing.T) func(bed.Figures, error) bed.Figures {
	t.Helper()
	return func(f bed.Figures, err error) bed.Figures {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return f
	}
}

func TestBenchMakespan(t *testing.T) {
	t.Parallel()
	for _, s := range shapes() {
		for _, p := range []sandbox.Profile{sandbox.Typical, sandbox.Slow} {
			for _, seed := range seeds {
				l := live(t, s, p, seed)
				check := func(what string, took time.Duration, chains []chain) {
					c, lasts := longest(p, chains)
					t.Logf("%-9s %-16s %-7s seed %d: %7.2f s, chain %6.2f s, share %s",
						what, s.name, p, seed, took.Seconds(), lasts.Seconds(), share(took, lasts))
					if took.Seconds() > slack*lasts.Seconds() {
						t.Errorf("%s (%s, %s, seed %d) took %v, more than %v times the longest chain, %v: %s",
							what, s.name, p, seed, took, slack, lasts, c)
					}
				}
				check("first up", l.first, s.first)
				check("new image", l.again, newImage())
				check("down", l.down, s.down)
				if p == sandbox.Typical && (l.first > 150*time.Second || l.again > 62*time.Second) {
					t.Errorf("%s, seed %d: first up %v (at most 150 s), new image %v (at most 62 s)", s.name, seed, l.first, l.again)
				}
			}
		}
	}
}

// TestSerialCreatesMissTheBound proves that the bound of TestBenchMakespan
// notices when one create waits for another unnecessarily.
func TestSerialCreatesMissTheBound(t *testing.T) {
	t.Parallel()
	environment := engine.Owner{Environment: "shop-dev"}
	stack := engine.Owner{Environment: "shop-dev", Project: "shop"}
	balancer := engine.Address{Owner: environment, Type: "elb.load-balancer", Name: "main"}
	for name, tc := range map[string]struct {
		shape       int
		late, early engine.Address
	}{
		"service after balancer":   {0, engine.Address{Owner: stack, Type: "ecs.service", Name: "web"}, balancer},
		"balancer after namespace": {0, balancer, engine.Address{Owner: stack, Type: "sd.namespace", Name: "main"}},
		"balancer after cluster":   {0, balancer, engine.Address{Owner: environment, Type: "ecs.cluster", Name: "main"}},
		"NAT after balancer":       {1, engine.Address{Owner: environment, Type: "ec2.nat-gateway", Name: "a"}, balancer},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := shapes()[tc.shape]
			a := oneService(t, s.network, "nginx:1.29")
			_, lasts := longest(sandbox.Typical, s.first)
			synctest.Test(t, func(t *testing.T) {
				b := bed.New(t, world(sandbox.Typical, 1))
				took, err := serial(t.Context(), b, a, tc.late, tc.early)
				if err != nil {
					t.Fatal(err)
				}
				if took.Seconds() <= slack*lasts.Seconds() {
					t.Errorf("took %v, within the bound of %v times %v", took, slack, lasts)
				}
			})
		})
	}
}

// serial brings an app up with an unnecessary edge.
func serial(ctx context.Context, b *bed.Bed, a *app.App, late, early engine.Address) (time.Duration, error) {
	began := b.World.Clock().Now()
	p, err := b.Start(ctx, a)
	if err != nil {
		return 0, err
	}
	prepared, err := p.Plan(ctx, deploy.Request{})
	if err != nil {
		return 0, err
	}
	prepared.Graph.Node(late).After(prepared.Graph.Node(early), engine.Ready)
	prepared.Plan, err = engine.MakePlan(prepared.Graph, prepared.Observed, prepared.Types(), engine.PlanOptions{RemoveOrphans: true})
	if err != nil {
		return 0, err
	}
	_, err = p.Apply(ctx, prepared)
	return b.World.Clock().Now().Sub(began), err
}
