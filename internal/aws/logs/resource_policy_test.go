package logs_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"

	"github.com/berthdev/berth/internal/aws/logs"
	"github.com/berthdev/berth/internal/aws/typetest"
	"github.com/berthdev/berth/internal/clock"
	"github.com/berthdev/berth/internal/engine"
)

// addPolicy adds the log group for events, and the policy that lets a rule write to it.
func addPolicy(cfg aws.Config, g *engine.Graph, rule string) *engine.Node {
	group := g.Add(typetest.Stack, logs.EventsWord+"ecs", logs.LogGroup{Name: logs.EventsPrefix + prefix + "ecs", RetentionDays: 30})
	return g.Add(typetest.Stack, "events", logs.ResourcePolicy{
		Name: logs.PolicyName(typetest.Stack, cfg.Region), Group: group.ARN(),
		Rule: "arn:aws:events:" + cfg.Region + ":123456789012:rule/" + rule,
	})
}

// policies takes a resource policy through its whole life.
func policies(t *testing.T, cfg aws.Config, d *typetest.Driver) {
	t.Helper()
	ctx, api := t.Context(), cloudwatchlogs.NewFromConfig(cfg)
	first, second := engine.NewGraph(), engine.NewGraph()
	policy := addPolicy(cfg, first, "one")
	addPolicy(cfg, second, "two")
	d.Up(first, false)
	if err := d.Blind(first, nil); err != nil {
		t.Errorf("everything once more: %v", err)
	}
	d.MustPlan("", first, true)
	d.Up(second, false)
	d.MustPlan("", second, true)
	name := aws.String(logs.PolicyName(typetest.Stack, cfg.Region))
	theirs := aws.String(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"es.amazonaws.com"},"Action":"logs:PutLogEvents","Resource":"*"}]}`)
	if _, err := api.PutResourcePolicy(ctx, &cloudwatchlogs.PutResourcePolicyInput{PolicyName: name, PolicyDocument: theirs}); err != nil {
		t.Fatal(err)
	}
	d.MustPlan("update logs.resource-policy/events (group differs, rule differs)", second, false)
	var taken *engine.TakenError
	if err := d.Blind(first, nil); !errors.As(err, &taken) || taken.Name != *name {
		t.Errorf("with another policy of the name: %v, want a TakenError", err)
	}
	if err := d.Blind(first, map[engine.Address]bool{policy.Address: true}); err != nil {
		t.Errorf("adopting the policy: %v", err)
	}
	d.MustPlan("", first, true)
	d.Down()
}

// TestTheEleventhPolicy says what to do: AWS allows ten in a region.
func TestTheEleventhPolicy(t *testing.T) {
	t.Parallel()
	typetest.Sandbox(t, func(t *testing.T, cfg aws.Config) {
		api := cloudwatchlogs.NewFromConfig(cfg)
		text := `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"route53.amazonaws.com"},"Action":"logs:PutLogEvents","Resource":"*"}]}`
		for i := range logs.MaxPolicies {
			_, err := api.PutResourcePolicy(t.Context(), &cloudwatchlogs.PutResourcePolicyInput{
				PolicyName: aws.String(fmt.Sprint("theirs-", i)), PolicyDocument: &text,
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		g := engine.NewGraph()
		addPolicy(cfg, g, "one")
		d := typetest.New(t, cfg, clock.Wall{}, kinds)
		var full *logs.PoliciesError
		if err := d.Blind(g, nil); !errors.As(err, &full) || full.Remedy() == "" {
			t.Errorf("the eleventh policy: %v", err)
		}
	})
}
