package elb

import (
	"context"
	"fmt"
	"slices"
	"strconv"

	"github.com/aws/aws-sdk-go-v2/aws"
	elbv2 "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"

	"github.com/berthdev/berth/internal/aws/gate"
	"github.com/berthdev/berth/internal/engine"
)

// Rule sends requests that match its conditions to a target group. Outputs: id
// and arn.
type Rule struct {
	Listener engine.Ref `attr:"listener,replace,own"`
	// Priority orders the rules of a listener: 1 to 50000, lowest first.
	Priority int `attr:"priority"`
	// Hosts and Paths are patterns; no hosts and the path "/*" match all.
	Hosts       []string   `attr:"hosts,set"`
	Paths       []string   `attr:"paths,set"`
	TargetGroup engine.Ref `attr:"target_group"`
	// Groups are the two target groups of a service whose deployments move traffic; the
	// rule has no TargetGroup then. A new rule sends all requests to the one with the tasks,
	// or to the first; later ECS decides their shares, which are not compared.
	Groups []engine.Ref `attr:"groups,set,silent"`
}

// Type implements engine.Resource.
func (Rule) Type() string { return "elb.rule" }

// Rules is the type of Rule. It uses the clients and the readings of
// LoadBalancers.
type Rules struct{ LoadBalancers LoadBalancers }

// Spec implements engine.Type.
func (Rules) Spec() engine.Spec {
	return engine.Spec{Name: Rule{}.Type(), Identity: engine.ByTag}
}

// List implements engine.Type.
func (t Rules) List(ctx context.Context, q engine.Query) ([]engine.Object, error) {
	r, err := t.LoadBalancers.read(ctx, q)
	if err != nil {
		return nil, err
	}
	var objects []engine.Object
	for _, rule := range r.rules {
		if l, ok := r.object(q, Rule{}.Type(), aws.ToString(rule.RuleArn)); ok {
			l.Attrs = engine.Shown(shownRule(rule))
			objects = append(objects, l)
		}
	}
	return objects, nil
}

// shownRule returns a rule as AWS describes it.
func shownRule(r ruleOf) Rule {
	out := Rule{Listener: engine.Lit(r.listener), Priority: priorityOf(r)}
	if groups := pairOf(r.Actions); groups != nil {
		out.Groups = engine.Lits(groups...)
	} else {
		out.TargetGroup = engine.Lit(targetOf(r.Actions))
	}
	for _, c := range r.Conditions {
		switch field := aws.ToString(c.Field); field {
		case "host-header":
			out.Hosts = append(out.Hosts, patterns(c)...)
		case "path-pattern":
			out.Paths = append(out.Paths, patterns(c)...)
		default:
			// Berth sets no such condition; it is shown so that it counts as a
			// change.
			out.Paths = append(out.Paths, "if "+field)
		}
	}
	return out
}

func priorityOf(r ruleOf) int {
	n, err := strconv.Atoi(aws.ToString(r.Priority))
	if err != nil {
		return 0 // "default", the only rule without a number
	}
	return n
}

// patterns returns a condition's values, wherever AWS shows them.
func patterns(c types.RuleCondition) []string {
	switch {
	case c.HostHeaderConfig != nil && len(c.HostHeaderConfig.Values) > 0:
		return c.HostHeaderConfig.Values
	case c.PathPatternConfig != nil && len(c.PathPatternConfig.Values) > 0:
		return c.PathPatternConfig.Values
	}
	return c.Values
}

// targetOf returns the target group with the most traffic: during a blue/green
// deployment ECS divides it between two. For other actions it returns their
// names.
func targetOf(actions []types.Action) string {
	if len(actions) != 1 || actions[0].Type != types.ActionTypeEnumForward {
		names := ""
		for _, a := range actions {
			names += "(" + string(a.Type) + ")"
		}
		return names
	}
	best, weight := aws.ToString(actions[0].TargetGroupArn), int32(-1)
	if forward := actions[0].ForwardConfig; forward != nil && best == "" {
		for _, g := range forward.TargetGroups {
			if w := aws.ToInt32(g.Weight); w > weight {
				best, weight = aws.ToString(g.TargetGroupArn), w
			}
		}
	}
	return best
}

func conditionsOf(r Rule) []types.RuleCondition {
	var out []types.RuleCondition
	if len(r.Hosts) > 0 {
		out = append(out, types.RuleCondition{
			Field: aws.String("host-header"), HostHeaderConfig: &types.HostHeaderConditionConfig{Values: r.Hosts},
		})
	}
	if len(r.Paths) > 0 {
		out = append(out, types.RuleCondition{
			Field: aws.String("path-pattern"), PathPatternConfig: &types.PathPatternConditionConfig{Values: r.Paths},
		})
	}
	return out
}

// pairOf are the target groups of an action that forwards to several; nil for any other.
func pairOf(actions []types.Action) (groups []string) {
	if len(actions) != 1 || actions[0].ForwardConfig == nil || len(actions[0].ForwardConfig.TargetGroups) < 2 {
		return nil
	}
	for _, g := range actions[0].ForwardConfig.TargetGroups {
		groups = append(groups, aws.ToString(g.TargetGroupArn))
	}
	return groups
}

// Create implements engine.Type.
func (t Rules) Create(ctx context.Context, w engine.Desired[Rule]) (engine.Object, error) {
	object, err := t.create(ctx, w)
	if gate.Code(err) != priorityInUse {
		return object, err
	}
	done, err := t.LoadBalancers.Turns.Take(ctx, turnOf(w.Want))
	if err != nil {
		return engine.Object{}, err
	}
	defer done()
	holder, err := t.holderOf(ctx, w)
	if err != nil {
		return engine.Object{}, err
	}
	if holder.mark.Address != w.Address && !holder.is(w.Address.Owner) {
		if err := w.Claim(holder.mark, ruleName(w.Want), holder.arn); err != nil {
			return engine.Object{}, err
		}
		holder.mark.Address = w.Address // adopted
	}
	if holder.mark.Address == w.Address {
		object := engine.Object{ID: holder.arn, Outputs: map[string]string{"arn": holder.arn}, Tags: holder.tags}
		return t.Update(ctx, w, object, []string{"hosts", "paths", "target_group", "groups"})
	}
	if err := t.setPriority(ctx, holder.arn, holder.free); err != nil {
		return engine.Object{}, err
	}
	return t.create(ctx, w)
}

func (t Rules) create(ctx context.Context, w engine.Desired[Rule]) (engine.Object, error) {
	actions, err := t.actions(ctx, w.Want)
	if err != nil {
		return engine.Object{}, err
	}
	out, err := t.LoadBalancers.API.CreateRule(gate.JustMade(ctx), &elbv2.CreateRuleInput{
		ListenerArn: aws.String(w.Want.Listener.Value()), Priority: aws.Int32(int32(w.Want.Priority)),
		Conditions: conditionsOf(w.Want), Actions: actions, Tags: tagsOf(w.Tags),
	})
	if err != nil {
		return engine.Object{}, fmt.Errorf("creating rule %s: %w", ruleName(w.Want), err)
	}
	if len(out.Rules) != 1 {
		return engine.Object{}, fmt.Errorf("creating rule %s: AWS answered with %d", ruleName(w.Want), len(out.Rules))
	}
	arn := aws.ToString(out.Rules[0].RuleArn)
	return engine.AsDesired(w, arn, map[string]string{"arn": arn}), nil
}

func ruleName(r Rule) string { return strconv.Itoa(r.Priority) + " of " + r.Listener.Value() }

// Update implements engine.Type.
func (t Rules) Update(ctx context.Context, w engine.Desired[Rule], object engine.Object, changed []string) (engine.Object, error) {
	has := func(name string) bool { return slices.Contains(changed, name) }
	if has("hosts") || has("paths") || has("target_group") || has("groups") {
		in := &elbv2.ModifyRuleInput{RuleArn: &object.ID, Conditions: conditionsOf(w.Want)}
		if has("target_group") || has("groups") || len(w.Want.Groups) == 0 {
			if has("target_group") || has("groups") {
				if err := t.empties(ctx, w.Want, object); err != nil {
					return engine.Object{}, err
				}
			}
			actions, err := t.actions(ctx, w.Want)
			if err != nil {
				return engine.Object{}, err
			}
			in.Actions = actions
		}
		_, err := t.LoadBalancers.API.ModifyRule(ctx, in)
		if err != nil {
			return engine.Object{}, fmt.Errorf("changing %s: %w", object.ID, err)
		}
	}
	if has("priority") {
		if err := t.move(ctx, w, object.ID); err != nil {
			return engine.Object{}, err
		}
	}
	if err := setTags(ctx, t.LoadBalancers.API, object.ID, object.Tags, w.Tags); err != nil {
		return engine.Object{}, err
	}
	return engine.AsDesired(w, object.ID, object.Outputs), nil
}

// Delete implements engine.Type.
func (t Rules) Delete(ctx context.Context, object engine.Object) error {
	_, err := t.LoadBalancers.API.DeleteRule(ctx, &elbv2.DeleteRuleInput{RuleArn: &object.ID})
	if err := gone(err); err != nil {
		return fmt.Errorf("deleting %s: %w", object.ID, err)
	}
	return nil
}

var _ engine.Type[Rule] = Rules{}
