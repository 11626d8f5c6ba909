package elb_test

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	elbv2 "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"

	"github.com/berthdev/berth/internal/aws/elb"
	"github.com/berthdev/berth/internal/aws/gate"
	"github.com/berthdev/berth/internal/aws/typetest"
	"github.com/berthdev/berth/internal/clock"
	"github.com/berthdev/berth/internal/engine"
)

// TestAnotherCheckSuitsOldTasks: until it is finished, another check takes minutes to
// give a task up, and the next plan completes it if the run dies in between.
func TestAnotherCheckSuitsOldTasks(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		revert, dies bool
		path         string
	}{
		"finished":           {path: "/new"},
		"reverted":           {revert: true, path: "/"},
		"dies":               {dies: true, path: "/new"},
		"dies, and reverted": {dies: true, revert: true, path: "/"},
	} {
		typetest.Sandbox(t, func(t *testing.T, cfg aws.Config) {
			d := typetest.New(t, cfg, clock.Wall{}, freshKinds)
			g := fresh(cfg.Region, "internet-facing", true)
			d.Up(g, false)
			before := d.World(g, false).Objects(elb.TargetGroup{}.Type())[0]
			groups := elb.TargetGroups{LoadBalancers: elb.LoadBalancers{API: elbv2.NewFromConfig(cfg), Region: cfg.Region, Turns: &gate.Turns{}}}
			node := g.Node(before.Address)
			want, _ := node.Resource.(elb.TargetGroup)
			want.Path = "/new"
			w := engine.Desired[elb.TargetGroup]{Address: before.Address, Want: want, Tags: before.Tags}

			if _, err := groups.Update(t.Context(), w, before, []string{"path"}); err != nil {
				t.Fatal(err)
			}
			now := d.World(g, false).Objects(elb.TargetGroup{}.Type())[0]
			if now.Attrs["path"] != "/new" || now.Attrs["interval"] != "15" || now.Attrs["unhealthy"] != "10" || now.LastApplied != "" || !now.Unfinished {
				t.Errorf("%s: interim state %v, last applied %q", name, now.Attrs, now.LastApplied)
			}
			var err error
			switch {
			case tc.dies && tc.revert: // a later run begins the interim state again
				_, err = groups.Update(t.Context(), w, now, []string{"interval", "unhealthy"})
				if err == nil {
					_, err = groups.Revert(t.Context(), w, now)
				}
			case tc.dies:
				node.Resource = want
				d.Up(g, false)
			case tc.revert:
				_, err = groups.Revert(t.Context(), w, before)
			default:
				_, err = groups.Finish(t.Context(), w, before)
			}
			if err != nil {
				t.Fatal(err)
			}
			now = d.World(g, false).Objects(elb.TargetGroup{}.Type())[0]
			if now.Attrs["path"] != tc.path || now.Attrs["interval"] != "5" || now.Attrs["unhealthy"] != "6" || now.Tags[elb.TagCheckBefore] != "" ||
				(now.LastApplied == "") != (tc.dies && tc.revert) {
				t.Errorf("%s: %v, last applied %q", name, now.Attrs, now.LastApplied)
			}
		})
	}
}
