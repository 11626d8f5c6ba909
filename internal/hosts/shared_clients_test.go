package hosts_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/route53"

	"github.com/berthdev/berth/internal/app"
	"github.com/berthdev/berth/internal/deploy"
	"github.com/berthdev/berth/internal/engine"
	"github.com/berthdev/berth/test/bed"
)

// TestRunsAtOnceOverTheSameClients: two projects whose names are in different
// zones are deployed, lose their names and are torn down, each time at once and
// with the same clients. Where a name was, only the notes in the locks tell: a run
// that sees the other's notes leaves its own record behind.
func TestRunsAtOnceOverTheSameClients(t *testing.T) {
	t.Parallel()
	text := func(name, host string) string {
		return fmt.Sprintf(hosted, name, "ingress: direct", host)
	}
	without := func(s string) *app.App { return bed.App(t, s[:strings.LastIndex(s, "    x-berth:")]) }
	one, two := text("one", "app.example.com"), text("two", "app.example.org")
	named, nameless := []*app.App{bed.App(t, one), bed.App(t, two)}, []*app.App{without(one), without(two)}
	inZone(t, func(t *testing.T, b *bed.Bed, _ string) {
		_, err := route53.NewFromConfig(b.World.Config()).CreateHostedZone(t.Context(), &route53.CreateHostedZoneInput{
			Name: aws.String("example.org"), CallerReference: aws.String("other"),
		})
		if err != nil {
			t.Fatal(err)
		}
		time.Sleep(bed.Quiet)
		target, err := b.TargetOn(t.Context(), "server")
		if err != nil {
			t.Fatal(err)
		}
		atOnce := func(apps []*app.App, req deploy.Request) []*deploy.Plan {
			defer time.Sleep(bed.Quiet)
			return runAtOnce(t, target, apps, req)
		}
		for _, plan := range atOnce(named, deploy.Request{}) {
			if n := changesOf(plan, engine.VerbCreate); n != 1 {
				t.Errorf("%d records are to be made, want one:\n%s", n, plan)
			}
		}
		for _, plan := range atOnce(nameless, deploy.Request{}) {
			if n := changesOf(plan, engine.VerbDelete); n != 1 {
				t.Errorf("%d records are to be deleted, want one:\n%s", n, plan)
			}
		}
		atOnce(nameless, deploy.Request{Down: true, DeleteData: true})
		for _, left := range b.World.Leftovers() {
			if !strings.HasPrefix(left, "route53.zone ") {
				t.Errorf("left: %s", left)
			}
		}
	})
}

// changesOf is how many records a plan creates or deletes.
func changesOf(p *deploy.Plan, verb engine.Verb) int {
	n := 0
	for _, a := range p.Actions {
		if a.Type == "route53.record" && a.Verb == verb {
			n++
		}
	}
	return n
}

// runAtOnce plans and applies for all apps at the same time.
func runAtOnce(t *testing.T, target deploy.Target, apps []*app.App, req deploy.Request) []*deploy.Plan {
	t.Helper()
	plans, errs := make([]*deploy.Plan, len(apps)), make([]error, len(apps))
	ended := make(chan struct{})
	run := func(ctx context.Context, a *app.App) (*deploy.Plan, error) {
		p, err := deploy.Open(ctx, deploy.Source{App: a}, target)
		if err != nil {
			return nil, err
		}
		plan, err := p.Plan(ctx, req, nil)
		if err != nil {
			return nil, err
		}
		_, err = p.Apply(ctx, plan, nil)
		return plan, err
	}
	for i, a := range apps {
		go func() {
			plans[i], errs[i] = run(t.Context(), a)
			ended <- struct{}{}
		}()
	}
	for range apps {
		<-ended
	}
	if i := slices.IndexFunc(errs, func(err error) bool { return err != nil }); i >= 0 {
		t.Fatalf("%s: %v", apps[i].Name, errs[i])
	}
	return plans
}
