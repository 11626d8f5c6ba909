package eventbridge_test

import (
	"errors"
	"strings"
	"sync"
	"testing"
	"testing/synctest"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/eventbridge"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge/types"
	"github.com/aws/aws-sdk-go-v2/service/resourcegroupstaggingapi"

	"github.com/berthdev/berth/internal/aws/eventbridge"
	"github.com/berthdev/berth/internal/aws/typetest"
	"github.com/berthdev/berth/internal/clock"
	"github.com/berthdev/berth/internal/engine"
	"github.com/berthdev/berth/internal/sandbox"
)

func TestLife(t *testing.T) {
	t.Parallel()
	typetest.Run(t, typetest.Story{
		Kinds: kinds, Life: life,
		Ground: func(_ *testing.T, cfg aws.Config, _ clock.Clock) []*engine.Graph {
			return []*engine.Graph{desired(cfg, nil), desired(cfg, func(r *eventbridge.Rule) {
				r.Pattern, r.Target = `{"source":["aws.ecs"]}`, topic(cfg)
				r.Paths, r.Template = map[string]string{"task": "$.detail.taskArn"}, `"<task> failed"`
			})}
		},
	})
}

func kinds(cfg aws.Config) []engine.AnyType {
	return []engine.AnyType{engine.Erase(eventbridge.Rules{
		API: sdk.NewFromConfig(cfg), Tagging: resourcegroupstaggingapi.NewFromConfig(cfg), Region: cfg.Region,
	})}
}

func topic(cfg aws.Config) engine.Ref {
	return engine.Lit("arn:aws:sns:" + cfg.Region + ":123456789012:alerts")
}

// desired is two rules, which a test may change.
func desired(cfg aws.Config, change func(*eventbridge.Rule)) *engine.Graph {
	g := engine.NewGraph()
	for _, name := range []string{"keep", "tell"} {
		r := eventbridge.Rule{
			Name: eventbridge.RuleName(typetest.Stack, cfg.Region, name), State: eventbridge.Enabled,
			Pattern: `{"source":["aws.ecs"],"detail-type":["ECS Task State Change"]}`,
			Target:  engine.Lit("arn:aws:logs:" + cfg.Region + ":123456789012:log-group:/aws/events/berth/shop-dev/shop/ecs"),
		}
		if change != nil {
			change(&r)
		}
		g.Add(typetest.Stack, name, r)
	}
	return g
}

// life takes rules through their whole life.
func life(t *testing.T, cfg aws.Config, c clock.Clock) {
	t.Helper()
	d := typetest.New(t, cfg, c, kinds)
	first := desired(cfg, nil)
	d.Up(first, false)
	if err := d.Blind(first, nil); err != nil {
		t.Errorf("everything once more: %v", err)
	}
	calls := d.Calls()
	d.MustPlan("", first, false)
	if got := d.Calls() - calls; got != 5 { // the list, and the tags and targets of two rules
		t.Errorf("a reading took %d calls, want 5", got)
	}
	for _, change := range []func(*eventbridge.Rule){
		func(r *eventbridge.Rule) { r.Pattern = `{"source":["aws.ecs"]}` },
		func(r *eventbridge.Rule) { r.Target = topic(cfg) },
		func(r *eventbridge.Rule) {
			r.Target, r.Paths, r.Template = topic(cfg), map[string]string{"why": "$.detail.stoppedReason"}, `"<why>"`
		},
	} {
		g := desired(cfg, change)
		d.Up(g, false)
		d.MustPlan("", g, true)
	}
	d.Up(first, false)
	byHand(t, cfg, d, first)
	stranger(t, cfg, c, d)
	d.Down()
}

// TestALostAnswerLeavesNoRule loses the answers to the removals of targets: the calls are
// repeated, and then there is no target that could be removed.
func TestALostAnswerLeavesNoRule(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w, err := sandbox.New(sandbox.Options{Clock: clock.Wall{}, Seed: 1})
		if err != nil {
			t.Fatal(err)
		}
		cfg := w.Config()
		d := typetest.New(t, cfg, clock.Wall{}, kinds)
		d.Up(desired(cfg, nil), false)
		var lost sync.Map
		w.Inject(func(c sandbox.Call) sandbox.Fault {
			if _, before := lost.LoadOrStore(c.Operation+strings.Join(c.Resources, ""), true); c.Operation == "RemoveTargets" && !before {
				return sandbox.Fault{Kind: sandbox.FailAfter}
			}
			return sandbox.Fault{}
		})
		if err := d.Try(t.Context(), nil, false, engine.PlanOptions{Destroy: []engine.Owner{typetest.Stack, typetest.Env}}); err != nil {
			t.Fatal(err)
		}
		out, err := sdk.NewFromConfig(cfg).ListRules(t.Context(), &sdk.ListRulesInput{})
		if err != nil || len(out.Rules) != 0 {
			t.Errorf("left behind: %d rules, %v", len(out.Rules), err)
		}
	})
}

// byHand switches a rule off, takes its target away and adds another one.
func byHand(t *testing.T, cfg aws.Config, d *typetest.Driver, first *engine.Graph) {
	t.Helper()
	ctx, api, name := t.Context(), sdk.NewFromConfig(cfg), aws.String(eventbridge.RuleName(typetest.Stack, cfg.Region, "keep"))
	if _, err := api.DisableRule(ctx, &sdk.DisableRuleInput{Name: name}); err != nil {
		t.Fatal(err)
	}
	d.MustPlan("update events.rule/keep (state changed outside berth)", first, false)
	d.Up(first, false)
	if _, err := api.RemoveTargets(ctx, &sdk.RemoveTargetsInput{Rule: name, Ids: []string{"berth"}}); err != nil {
		t.Fatal(err)
	}
	d.MustPlan("update events.rule/keep (target changed outside berth)", first, false)
	d.Up(first, false)

	// A target that somebody adds is no difference, and keeps the rule.
	other := types.Target{Id: aws.String("theirs"), Arn: aws.String(topic(cfg).Value())}
	if _, err := api.PutTargets(ctx, &sdk.PutTargetsInput{Rule: name, Targets: []types.Target{other}}); err != nil {
		t.Fatal(err)
	}
	d.MustPlan("", first, true)
	err := d.Try(ctx, nil, false, engine.PlanOptions{Destroy: []engine.Owner{typetest.Stack, typetest.Env}})
	var foreign *eventbridge.ForeignTargetsError
	if !errors.As(err, &foreign) || len(foreign.IDs) != 1 || foreign.IDs[0] != "theirs" {
		t.Errorf("the teardown of a rule with somebody else's target: %v", err)
	}
	if _, err := api.RemoveTargets(ctx, &sdk.RemoveTargetsInput{Rule: name, Ids: []string{"theirs"}}); err != nil {
		t.Fatal(err)
	}
	d.Up(first, false)
}

// stranger has a rule of a desired name made by somebody else.
func stranger(t *testing.T, cfg aws.Config, c clock.Clock, d *typetest.Driver) {
	t.Helper()
	ctx, api, name := t.Context(), sdk.NewFromConfig(cfg), eventbridge.RuleName(typetest.Stack, cfg.Region, "guest")
	in := &sdk.PutRuleInput{Name: &name, EventPattern: aws.String(`{"source":["theirs"]}`)}
	if _, err := api.PutRule(ctx, in); err != nil {
		t.Fatal(err)
	}
	typetest.Settle(t, cfg, c)
	g := desired(cfg, nil)
	guest := g.Add(typetest.Stack, "guest", eventbridge.Rule{Name: name, State: eventbridge.Enabled, Pattern: `{"source":["aws.ecs"]}`, Target: topic(cfg)})
	err := d.Blind(g, nil)
	var taken *engine.TakenError
	if !errors.As(err, &taken) || taken.Name != name {
		t.Errorf("with somebody else's rule of the name: %v, want a TakenError", err)
	}
	shown, err := api.DescribeRule(ctx, &sdk.DescribeRuleInput{Name: &name})
	if err != nil || aws.ToString(shown.EventPattern) != *in.EventPattern {
		t.Errorf("somebody else's rule: %v, %v", shown, err)
	}
	if err := d.Blind(g, map[engine.Address]bool{guest.Address: true}); err != nil {
		t.Errorf("adopting the rule: %v", err)
	}
	d.MustPlan("", g, true)
}
