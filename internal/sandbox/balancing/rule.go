package balancing

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	elb "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"

	"github.com/berthdev/berth/internal/sandbox/world"
)

func (p *listeners) createRule(rq *world.Request, in *elb.CreateRuleInput) (*elb.CreateRuleOutput, error) {
	l := p.s.Listeners.Find(rq, aws.ToString(in.ListenerArn))
	if l == nil {
		return nil, noListeners()
	}
	priority := int(aws.ToInt32(in.Priority))
	if priority < 1 || priority > 50000 {
		return nil, invalid("Priority '%d' must be between 1 and 50000", priority)
	}
	if len(in.Conditions) == 0 || len(in.Actions) == 0 {
		return nil, invalid("A rule must have at least one condition and one action")
	}
	if err := p.freePriority(l.ARN, priority, ""); err != nil {
		return nil, err
	}
	b := p.s.Balancers.Get(l.Balancer)
	if b.Network {
		return nil, &types.InvalidLoadBalancerActionException{Message: aws.String("Rules are unsupported for Network Load Balancer listeners")}
	}
	if err := p.checkActions(rq, b, in.Actions); err != nil {
		return nil, err
	}
	if p.countRules(b) >= p.account.Quota("rules per load balancer", maxRules) {
		return nil, &types.TooManyRulesException{Message: aws.String("The quota of rules per load balancer has been reached")}
	}
	r := &rule{
		ARN:      strings.Replace(l.ARN, ":listener/", ":listener-rule/", 1) + "/" + p.account.NewHex("rule", 16),
		Listener: l.ARN, Priority: priority, Conditions: in.Conditions, Actions: in.Actions, Changed: rq.Now, Tags: world.TagMap(in.Tags),
	}
	p.s.Rules.Put(p.account, rq.Now, r.ARN, r)
	return &elb.CreateRuleOutput{Rules: []types.Rule{shownRule(r)}}, nil
}

func (p *listeners) freePriority(listener string, priority int, but string) error {
	for _, r := range p.s.Rules.All() {
		if r.Listener == listener && r.Priority == priority && r.ARN != but {
			return &types.PriorityInUseException{Message: aws.String(fmt.Sprintf("Priority '%d' is currently in use", priority))}
		}
	}
	return nil
}

// countRules counts a balancer's rules without the default ones, as the quota
// does.
func (p *listeners) countRules(b *balancer) int {
	n := 0
	for _, r := range p.s.Rules.All() {
		if l := p.s.Listeners.Get(r.Listener); l != nil && l.Balancer == b.ARN {
			n++
		}
	}
	return n
}

// notDefault distinguishes a missing rule from a default rule, which
// can be neither changed nor deleted.
func (p *listeners) notDefault(arn string) error {
	for _, l := range p.s.Listeners.All() {
		if l.DefaultRule == arn {
			return &types.OperationNotPermittedException{
				Message: aws.String(fmt.Sprintf("Default rule '%s' cannot be modified", arn)),
			}
		}
	}
	return noRules()
}

func (p *listeners) modifyRule(rq *world.Request, in *elb.ModifyRuleInput) (*elb.ModifyRuleOutput, error) {
	r := p.s.Rules.Find(rq, aws.ToString(in.RuleArn))
	if r == nil {
		return nil, p.notDefault(aws.ToString(in.RuleArn))
	}
	if len(in.Actions) > 0 {
		l := p.s.Listeners.Get(r.Listener)
		if err := p.checkActions(rq, p.s.Balancers.Get(l.Balancer), in.Actions); err != nil {
			return nil, err
		}
		if !slices.Equal(groupsOf(r.Actions), groupsOf(in.Actions)) {
			r.Changed = rq.Now
		}
		r.Actions = in.Actions
	}
	if len(in.Conditions) > 0 {
		r.Conditions = in.Conditions
	}
	return &elb.ModifyRuleOutput{Rules: []types.Rule{shownRule(r)}}, nil
}

func (p *listeners) setRulePriorities(rq *world.Request, in *elb.SetRulePrioritiesInput) (*elb.SetRulePrioritiesOutput, error) {
	moved := map[string]int{}
	for _, pair := range in.RulePriorities {
		r := p.s.Rules.Find(rq, aws.ToString(pair.RuleArn))
		if r == nil {
			return nil, p.notDefault(aws.ToString(pair.RuleArn))
		}
		moved[r.ARN] = int(aws.ToInt32(pair.Priority))
	}
	taken := map[string]bool{}
	for _, r := range p.s.Rules.All() {
		key := fmt.Sprintf("%s#%d", r.Listener, cmp.Or(moved[r.ARN], r.Priority))
		if taken[key] {
			return nil, &types.PriorityInUseException{Message: aws.String(fmt.Sprintf("Priority '%d' is currently in use",
				cmp.Or(moved[r.ARN], r.Priority)))}
		}
		taken[key] = true
	}
	out := &elb.SetRulePrioritiesOutput{}
	for _, r := range p.s.Rules.All() {
		if n := moved[r.ARN]; n != 0 {
			r.Priority = n
			out.Rules = append(out.Rules, shownRule(r))
		}
	}
	return out, nil
}

func (p *listeners) deleteRule(rq *world.Request, in *elb.DeleteRuleInput) (*elb.DeleteRuleOutput, error) {
	if arn := aws.ToString(in.RuleArn); !p.s.Rules.Remove(rq.Now, arn) {
		return nil, p.notDefault(arn)
	}
	return &elb.DeleteRuleOutput{}, nil
}

func (p *listeners) describeRules(rq *world.Request, in *elb.DescribeRulesInput) (*elb.DescribeRulesOutput, error) {
	if in.ListenerArn == nil && len(in.RuleArns) == 0 {
		return nil, invalid("You must specify either listener rule ARNs or a listener ARN")
	}
	if in.ListenerArn != nil && p.s.Listeners.Find(rq, *in.ListenerArn) == nil {
		return nil, noListeners()
	}
	rules := p.s.Rules.List(rq)
	slices.SortFunc(rules, func(a, b *rule) int { return cmp.Compare(a.Priority, b.Priority) })
	var found []types.Rule
	for _, r := range rules {
		if in.ListenerArn != nil && r.Listener == *in.ListenerArn || slices.Contains(in.RuleArns, r.ARN) {
			found = append(found, shownRule(r))
		}
	}
	for _, l := range p.s.Listeners.List(rq) {
		if in.ListenerArn != nil && l.ARN == *in.ListenerArn || slices.Contains(in.RuleArns, l.DefaultRule) {
			found = append(found, types.Rule{
				RuleArn: aws.String(l.DefaultRule), IsDefault: aws.Bool(true), Priority: aws.String("default"),
				Actions: l.Actions, Conditions: []types.RuleCondition{},
			})
		}
	}
	if len(found) < len(in.RuleArns) {
		return nil, noRules()
	}
	page, next, err := page(found, in.Marker, in.PageSize)
	if err != nil {
		return nil, err
	}
	return &elb.DescribeRulesOutput{Rules: page, NextMarker: next}, nil
}

// shownRule returns a rule as AWS shows it: with the values of host and path
// conditions in both fields that a caller may read.
func shownRule(r *rule) types.Rule {
	out := types.Rule{
		RuleArn: aws.String(r.ARN), IsDefault: aws.Bool(false), Priority: aws.String(strconv.Itoa(r.Priority)), Actions: r.Actions,
	}
	for _, c := range r.Conditions {
		switch aws.ToString(c.Field) {
		case "path-pattern":
			if c.PathPatternConfig != nil {
				c.Values = c.PathPatternConfig.Values
			} else {
				c.PathPatternConfig = &types.PathPatternConditionConfig{Values: c.Values}
			}
		case "host-header":
			if c.HostHeaderConfig != nil {
				c.Values = c.HostHeaderConfig.Values
			} else {
				c.HostHeaderConfig = &types.HostHeaderConditionConfig{Values: c.Values}
			}
		}
		out.Conditions = append(out.Conditions, c)
	}
	return out
}
