package moto

import (
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge/types"
	"github.com/aws/aws-sdk-go-v2/service/sns"
)

// events plays the rules of EventBridge and the policy that lets one write to a log group.
func (s *script) events() {
	c := s.c.Events
	name, none := p("berth-shop-keep"), p("berth-shop-none")
	in := func(pattern string) *eventbridge.PutRuleInput {
		return &eventbridge.PutRuleInput{Name: name, EventPattern: &pattern, State: types.RuleStateEnabled, Tags: []types.Tag{{Key: p("a"), Value: p("b")}}}
	}
	put := func(o *eventbridge.PutRuleOutput) []any { return []any{o.RuleArn} }
	try(s, success, c.PutRule, in(`{"source":["aws.ecs"]}`), put)
	try(s, duplicate, c.PutRule, in(`{"source":["aws.ecs"],"$or":[{"a":["b"]},{"c":[{"wildcard":"d*"}]}]}`), put)
	try(s, "a bad pattern", c.PutRule, in(`{"source":"aws.ecs"}`), put)
	try(s, "no pattern", c.PutRule, &eventbridge.PutRuleInput{Name: name}, put)
	seen := func(o *eventbridge.DescribeRuleOutput) []any {
		return []any{o.Name, o.Arn, o.EventPattern, o.State, o.EventBusName}
	}
	try(s, success, c.DescribeRule, &eventbridge.DescribeRuleInput{Name: name}, seen)
	try(s, notFound, c.DescribeRule, &eventbridge.DescribeRuleInput{Name: none}, seen)
	rules := func(o *eventbridge.ListRulesOutput) []any {
		return []any{len(o.Rules), first(o.Rules).Name, first(o.Rules).State, first(o.Rules).EventPattern}
	}
	try(s, success, c.ListRules, &eventbridge.ListRulesInput{NamePrefix: p("berth-shop-")}, rules)
	try(s, notFound, c.ListRules, &eventbridge.ListRulesInput{NamePrefix: p("berth-none-")}, rules)
	arn := p("arn:aws:events:eu-central-1:123456789012:rule/berth-shop-keep")
	tag := &eventbridge.TagResourceInput{ResourceARN: arn, Tags: []types.Tag{{Key: p("c"), Value: p("d")}}}
	try(s, success, c.TagResource, tag, nil)
	try(s, duplicate, c.TagResource, tag, nil)
	try(s, success, c.UntagResource, &eventbridge.UntagResourceInput{ResourceARN: arn, TagKeys: []string{"c"}}, nil)
	try(s, success, c.ListTagsForResource, &eventbridge.ListTagsForResourceInput{ResourceARN: arn},
		func(o *eventbridge.ListTagsForResourceOutput) []any {
			return []any{len(o.Tags), first(o.Tags).Key, first(o.Tags).Value}
		})
	s.ruleTargets(name, none)
	gone := &eventbridge.DeleteRuleInput{Name: name}
	try(s, success, c.DeleteRule, gone, nil)
	try(s, notFound, c.DeleteRule, gone, nil)
	s.logPolicy()
	missing := &sns.GetTopicAttributesInput{TopicArn: p("arn:aws:sns:eu-central-1:123456789012:none")}
	try(s, notFound, s.c.SNS.GetTopicAttributes, missing, nil) // berth makes no topics
}

func (s *script) ruleTargets(name, none *string) {
	c := s.c.Events
	one := types.Target{
		Id: p("berth"), Arn: p("arn:aws:sns:eu-central-1:123456789012:alerts"),
		InputTransformer: &types.InputTransformer{InputPathsMap: map[string]string{"why": "$.detail.reason"}, InputTemplate: p(`"<why>"`)},
	}
	put := func(rule *string, t types.Target) *eventbridge.PutTargetsInput {
		return &eventbridge.PutTargetsInput{Rule: rule, Targets: []types.Target{t}}
	}
	failed := func(o *eventbridge.PutTargetsOutput) []any { return []any{o.FailedEntryCount} }
	try(s, success, c.PutTargets, put(name, one), failed)
	try(s, duplicate, c.PutTargets, put(name, one), failed)
	try(s, notFound, c.PutTargets, put(none, one), failed)
	try(s, "no ARN", c.PutTargets, put(name, types.Target{Id: p("x"), Arn: p("alerts")}), failed)
	list := func(o *eventbridge.ListTargetsByRuleOutput) []any {
		t := first(o.Targets)
		if t.InputTransformer == nil {
			return []any{len(o.Targets), t.Id}
		}
		return []any{len(o.Targets), t.Id, t.Arn, t.InputTransformer.InputTemplate, t.InputTransformer.InputPathsMap["why"]}
	}
	try(s, success, c.ListTargetsByRule, &eventbridge.ListTargetsByRuleInput{Rule: name}, list)
	try(s, dependency, c.DeleteRule, &eventbridge.DeleteRuleInput{Name: name}, nil)
	remove := func(rule *string, id string) *eventbridge.RemoveTargetsInput {
		return &eventbridge.RemoveTargetsInput{Rule: rule, Ids: []string{id}}
	}
	removed := func(o *eventbridge.RemoveTargetsOutput) []any { return []any{o.FailedEntryCount} }
	try(s, success, c.RemoveTargets, remove(name, "berth"), removed)
	try(s, "no target", c.RemoveTargets, remove(name, "berth"), removed)
	try(s, notFound, c.RemoveTargets, remove(none, "berth"), removed)
}

func (s *script) logPolicy() {
	c := s.c.Logs
	name := p("berth-events")
	text := p(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":["events.amazonaws.com"]},"Action":"logs:PutLogEvents","Resource":"*"}]}`)
	in := &cloudwatchlogs.PutResourcePolicyInput{PolicyName: name, PolicyDocument: text}
	put := func(o *cloudwatchlogs.PutResourcePolicyOutput) []any {
		return []any{o.ResourcePolicy.PolicyName, o.ResourcePolicy.PolicyDocument}
	}
	try(s, success, c.PutResourcePolicy, in, put)
	try(s, duplicate, c.PutResourcePolicy, in, put)
	try(s, success, c.DescribeResourcePolicies, &cloudwatchlogs.DescribeResourcePoliciesInput{},
		func(o *cloudwatchlogs.DescribeResourcePoliciesOutput) []any {
			return []any{len(o.ResourcePolicies), first(o.ResourcePolicies).PolicyName, first(o.ResourcePolicies).PolicyDocument}
		})
	gone := &cloudwatchlogs.DeleteResourcePolicyInput{PolicyName: name}
	try(s, success, c.DeleteResourcePolicy, gone, nil)
	try(s, notFound, c.DeleteResourcePolicy, gone, nil)
}
