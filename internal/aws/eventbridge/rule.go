package eventbridge

import (
	"context"
	"fmt"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge/types"
	"github.com/aws/aws-sdk-go-v2/service/resourcegroupstaggingapi"

	"github.com/berthdev/berth/internal/aws/gate"
	"github.com/berthdev/berth/internal/aws/tagindex"
	"github.com/berthdev/berth/internal/engine"
	"github.com/berthdev/berth/internal/engine/naming"
)

// MaxPattern is how many characters an event pattern may have.
// https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html
const MaxPattern = 2048

// Enabled is the State of a rule that is in force.
const Enabled = string(types.RuleStateEnabled)

// Rule sends the events of the default bus that a pattern matches to a target. Outputs:
// id (the name), arn.
type Rule struct {
	Name string `attr:"name,replace,own"`
	// Pattern is the event pattern, as compact JSON.
	Pattern string `attr:"pattern"`
	State   string `attr:"state"`
	// Target is the ARN of a log group or a topic.
	Target engine.Ref `attr:"target"`
	// Paths are the parts of an event that Template names. Without them the target gets
	// the whole event.
	Paths    map[string]string `attr:"input_paths"`
	Template string            `attr:"input_template"`
}

// Type implements engine.Resource.
func (Rule) Type() string { return "events.rule" }

// RuleName is the name of a stack's rule, at most 64 characters:
// https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutRule.html
func RuleName(o engine.Owner, region, word string) string { return prefixOf(o, region) + word }

// prefixOf begins the names of all rules of an owner. Permissions are limited to berth's
// rules by the word in front.
func prefixOf(o engine.Owner, region string) string {
	const most = 20
	return naming.Name(o, region, "berth", most) + "-"
}

// Rules is the type of Rule.
type Rules struct {
	API     *eventbridge.Client
	Tagging *resourcegroupstaggingapi.Client
	Region  string
}

// Spec implements engine.Type.
func (Rules) Spec() engine.Spec {
	return engine.Spec{Name: Rule{}.Type(), Identity: engine.SilentName}
}

// List implements engine.Type: one call for each stack that may have rules, and two for
// each rule, because the list shows neither tags nor targets.
func (t Rules) List(ctx context.Context, q engine.Query) ([]engine.Object, error) {
	if may, err := tagindex.MayExist(ctx, q, t.Tagging, "events:rule"); err != nil || !may {
		return nil, err
	}
	var objects []engine.Object
	for _, o := range q.Owners {
		if o.IsEnvironment() {
			continue
		}
		rules, err := t.named(ctx, prefixOf(o, t.Region))
		if err != nil {
			return nil, err
		}
		for _, r := range rules {
			object, err := t.object(ctx, r)
			if gate.IsNotFound(err) {
				continue // lists still show what was deleted a moment ago
			}
			if err != nil {
				return nil, err
			}
			if object.Address.Owner != o {
				object.Foreign = "it does not carry berth's tags"
			}
			objects = append(objects, object)
		}
	}
	return objects, nil
}

// named are the rules of the default bus whose names begin with prefix.
func (t Rules) named(ctx context.Context, prefix string) ([]types.Rule, error) {
	var out []types.Rule
	in := &eventbridge.ListRulesInput{NamePrefix: &prefix, Limit: aws.Int32(100)} // AWS's maximum
	for {
		page, err := t.API.ListRules(ctx, in)
		if err != nil {
			return nil, fmt.Errorf("listing the rules %s*: %w", prefix, err)
		}
		out = append(out, page.Rules...)
		if in.NextToken = page.NextToken; in.NextToken == nil {
			return out, nil
		}
	}
}

// object is a rule with its tags and its target.
func (t Rules) object(ctx context.Context, r types.Rule) (engine.Object, error) {
	arn, name := aws.ToString(r.Arn), aws.ToString(r.Name)
	tags, err := t.tags(ctx, arn)
	if err != nil {
		return engine.Object{}, err
	}
	targets, err := t.targets(ctx, name)
	if err != nil {
		return engine.Object{}, err
	}
	mark, _ := engine.MarkOf(tags)
	shown := Rule{Name: name, Pattern: compact(aws.ToString(r.EventPattern)), State: string(r.State)}
	shown.show(targets)
	return engine.Object{
		Address: mark.Address, ID: name, Outputs: map[string]string{"arn": arn}, Attrs: engine.Shown(shown),
		Tags: tags, LastApplied: mark.LastApplied, State: engine.StateReady,
	}, nil
}

// Create implements engine.Type.
func (t Rules) Create(ctx context.Context, w engine.Desired[Rule]) (engine.Object, error) {
	name := w.Want.Name
	found, err := t.API.DescribeRule(ctx, &eventbridge.DescribeRuleInput{Name: &name})
	if err == nil {
		return t.take(ctx, w, types.Rule{Name: found.Name, Arn: found.Arn, EventPattern: found.EventPattern, State: found.State})
	}
	if !gate.IsNotFound(err) {
		return engine.Object{}, fmt.Errorf("reading rule %s: %w", name, err)
	}
	arn, err := t.put(ctx, w.Want, w.Tags)
	if err != nil {
		return engine.Object{}, err
	}
	// AWS ignores the tags if somebody has made a rule of the name meanwhile.
	tags, err := t.tags(gate.JustMade(ctx), arn)
	if err != nil {
		return engine.Object{}, gate.Half(err)
	}
	mark, _ := engine.MarkOf(tags)
	if err := w.Claim(mark, name, arn); err != nil {
		return engine.Object{}, err
	}
	if err := t.putTarget(gate.JustMade(ctx), w.Want); err != nil {
		return engine.Object{}, gate.Half(err)
	}
	return engine.AsDesired(w, name, map[string]string{"arn": arn}), nil
}

// take uses a rule of the name, which is the desired one after a creation without an
// answer, or one that the user adopts.
func (t Rules) take(ctx context.Context, w engine.Desired[Rule], r types.Rule) (engine.Object, error) {
	object, err := t.object(gate.JustMade(ctx), r)
	if err != nil {
		return engine.Object{}, err
	}
	mark, _ := engine.MarkOf(object.Tags)
	if err := w.Claim(mark, w.Want.Name, object.Output("arn")); err != nil {
		return engine.Object{}, err
	}
	return t.Update(ctx, w, object, []string{"pattern", "target"})
}

// put makes a rule, or sets all of it but its targets.
func (t Rules) put(ctx context.Context, r Rule, tags map[string]string) (arn string, err error) {
	out, err := t.API.PutRule(ctx, &eventbridge.PutRuleInput{
		Name: &r.Name, EventPattern: &r.Pattern, State: types.RuleState(r.State), Tags: tagsOf(tags),
	})
	if err != nil {
		return "", fmt.Errorf("setting rule %s: %w", r.Name, err)
	}
	return aws.ToString(out.RuleArn), nil
}

// Update implements engine.Type.
func (t Rules) Update(ctx context.Context, w engine.Desired[Rule], object engine.Object, changed []string) (engine.Object, error) {
	if slices.Contains(changed, "pattern") || slices.Contains(changed, "state") {
		if _, err := t.put(ctx, w.Want, nil); err != nil {
			return engine.Object{}, err
		}
	}
	if slices.ContainsFunc([]string{"target", "input_paths", "input_template"}, func(a string) bool { return slices.Contains(changed, a) }) {
		if err := t.putTarget(ctx, w.Want); err != nil {
			return engine.Object{}, err
		}
	}
	if err := t.setTags(ctx, object.Output("arn"), object.Tags, w.Tags); err != nil {
		return engine.Object{}, err
	}
	return engine.AsDesired(w, object.ID, object.Outputs), nil
}

// Delete implements engine.Type. AWS deletes no rule that has targets, so that berth's own
// goes first.
func (t Rules) Delete(ctx context.Context, object engine.Object) error {
	if err := t.removeTarget(ctx, object.ID); err != nil {
		return err
	}
	_, err := t.API.DeleteRule(ctx, &eventbridge.DeleteRuleInput{Name: &object.ID})
	if err != nil && !gate.IsNotFound(err) {
		return fmt.Errorf("deleting rule %s: %w", object.ID, err)
	}
	return nil
}

var _ engine.Type[Rule] = Rules{}
