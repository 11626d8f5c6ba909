package bus

import (
	"cmp"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge/types"

	"github.com/berthdev/berth/internal/sandbox/world"
)

// The bounds are those of the API's model (botocore's events/2015-10-07) and of
// https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html
const (
	mostRules   = 300
	mostTargets = 5
	mostPattern = 2048
)

var names = regexp.MustCompile(`^[\.\-_A-Za-z0-9]{1,64}$`)

func constraint(value, field, rule string) error {
	return invalid("1 validation error detected: Value '%s' at '%s' failed to satisfy constraint: Member must %s", value, field, rule)
}

func checkName(field, name string) error {
	if !names.MatchString(name) {
		return constraint(name, field, `satisfy regular expression pattern: [\.\-_A-Za-z0-9]+ and have length less than or equal to 64`)
	}
	return nil
}

// putRule makes a rule, or replaces what a rule of the name has: its targets stay, and
// its tags, because AWS ignores those of the call then.
// https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutRule.html
func (p *Bus) putRule(rq *world.Request, in *eventbridge.PutRuleInput) (*eventbridge.PutRuleOutput, error) {
	name, pattern := aws.ToString(in.Name), aws.ToString(in.EventPattern)
	if err := onDefault(in.EventBusName); err != nil {
		return nil, err
	}
	if err := checkName("name", name); err != nil {
		return nil, err
	}
	switch {
	case pattern == "":
		return nil, invalid("Parameter(s) EventPattern or ScheduleExpression must be specified.")
	case len(pattern) > mostPattern:
		return nil, invalid("Event pattern is too long: %d characters, and the quota is %d.", len(pattern), mostPattern)
	case len(aws.ToString(in.Description)) > 512:
		return nil, constraint(*in.Description, "description", "have length less than or equal to 512")
	}
	if err := checkPattern(pattern); err != nil {
		return nil, err
	}
	r := p.s.Rules.Get(name)
	if r == nil {
		if len(p.s.Rules.All()) >= mostRules {
			return nil, &types.LimitExceededException{Message: aws.String("The requested resource exceeds the maximum number allowed.")}
		}
		r = p.s.Rules.Put(p.account, rq.Now, name, &rule{Name: name, ARN: p.arn(name), Tags: map[string]string{}})
		for _, t := range in.Tags {
			r.Tags[aws.ToString(t.Key)] = aws.ToString(t.Value)
		}
	}
	r.Pattern, r.Description, r.State = pattern, in.Description, cmp.Or(in.State, types.RuleStateEnabled)
	return &eventbridge.PutRuleOutput{RuleArn: aws.String(r.ARN)}, nil
}

// find finds the rule that a call names.
func (p *Bus) find(rq *world.Request, bus, name *string) (*rule, error) {
	if err := onDefault(bus); err != nil {
		return nil, err
	}
	if r := p.s.Rules.Find(rq, aws.ToString(name)); r != nil {
		return r, nil
	}
	return nil, missing(aws.ToString(name))
}

func (p *Bus) describeRule(rq *world.Request, in *eventbridge.DescribeRuleInput) (*eventbridge.DescribeRuleOutput, error) {
	r, err := p.find(rq, in.EventBusName, in.Name)
	if err != nil {
		return nil, err
	}
	return &eventbridge.DescribeRuleOutput{
		Name: aws.String(r.Name), Arn: aws.String(r.ARN), EventPattern: aws.String(r.Pattern), Description: r.Description,
		State: r.State, EventBusName: aws.String("default"), CreatedBy: aws.String(p.account.Number()),
	}, nil
}

func (p *Bus) listRules(rq *world.Request, in *eventbridge.ListRulesInput) (*eventbridge.ListRulesOutput, error) {
	if err := onDefault(in.EventBusName); err != nil {
		return nil, err
	}
	var all []types.Rule
	for _, r := range p.s.Rules.List(rq) {
		if strings.HasPrefix(r.Name, aws.ToString(in.NamePrefix)) {
			all = append(all, types.Rule{
				Name: aws.String(r.Name), Arn: aws.String(r.ARN), EventPattern: aws.String(r.Pattern), Description: r.Description,
				State: r.State, EventBusName: aws.String("default"),
			})
		}
	}
	slices.SortFunc(all, func(a, b types.Rule) int { return cmp.Compare(*a.Name, *b.Name) })
	page, next, err := world.Page(all, in.NextToken, in.Limit, 100)
	if err != nil {
		return nil, invalid("Invalid token.")
	}
	return &eventbridge.ListRulesOutput{Rules: page, NextToken: next}, nil
}

// deleteRule succeeds for a rule that there is not, and refuses one with targets.
// https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_DeleteRule.html
func (p *Bus) deleteRule(rq *world.Request, in *eventbridge.DeleteRuleInput) (*eventbridge.DeleteRuleOutput, error) {
	if err := onDefault(in.EventBusName); err != nil {
		return nil, err
	}
	if r := p.s.Rules.Get(aws.ToString(in.Name)); r != nil {
		if len(r.Targets) > 0 {
			return nil, invalid("Rule can't be deleted since it has targets.")
		}
		p.s.Rules.Remove(rq.Now, r.Name)
	}
	return &eventbridge.DeleteRuleOutput{}, nil
}

func (p *Bus) disableRule(rq *world.Request, in *eventbridge.DisableRuleInput) (*eventbridge.DisableRuleOutput, error) {
	r, err := p.find(rq, in.EventBusName, in.Name)
	if err != nil {
		return nil, err
	}
	r.State = types.RuleStateDisabled
	return &eventbridge.DisableRuleOutput{}, nil
}

// tagged is the rule of a tagging call.
func (p *Bus) tagged(rq *world.Request, arn *string) (*rule, error) {
	name, ok := strings.CutPrefix(aws.ToString(arn), p.arn(""))
	if !ok {
		return nil, invalid("Parameter ResourceARN is not valid.")
	}
	return p.find(rq, nil, &name)
}

func (p *Bus) tagResource(rq *world.Request, in *eventbridge.TagResourceInput) (*eventbridge.TagResourceOutput, error) {
	r, err := p.tagged(rq, in.ResourceARN)
	if err != nil {
		return nil, err
	}
	r.Tags = maps.Clone(r.Tags)
	for _, t := range in.Tags {
		r.Tags[aws.ToString(t.Key)] = aws.ToString(t.Value)
	}
	return &eventbridge.TagResourceOutput{}, nil
}

func (p *Bus) untagResource(rq *world.Request, in *eventbridge.UntagResourceInput) (*eventbridge.UntagResourceOutput, error) {
	r, err := p.tagged(rq, in.ResourceARN)
	if err != nil {
		return nil, err
	}
	for _, key := range in.TagKeys {
		delete(r.Tags, key)
	}
	return &eventbridge.UntagResourceOutput{}, nil
}

func (p *Bus) listTags(rq *world.Request, in *eventbridge.ListTagsForResourceInput) (*eventbridge.ListTagsForResourceOutput, error) {
	r, err := p.tagged(rq, in.ResourceARN)
	if err != nil {
		return nil, err
	}
	out := &eventbridge.ListTagsForResourceOutput{Tags: []types.Tag{}}
	for _, key := range slices.Sorted(maps.Keys(r.Tags)) {
		out.Tags = append(out.Tags, types.Tag{Key: aws.String(key), Value: aws.String(r.Tags[key])})
	}
	return out, nil
}
