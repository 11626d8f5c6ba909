package elb

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	elbv2 "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"

	"github.com/berthdev/berth/internal/engine"
)

// SharedError says that a rule cannot go back to one target group, because the tasks that
// serve are in the other one.
type SharedError struct {
	// Rule is the rule's ARN.
	Rule string
}

// Error implements error.
func (e *SharedError) Error() string {
	return "the tasks that serve are in the second target group of the service, which would be cut off: " +
		"`berth restart SERVICE` with its rollout moves them to the first one, and then rollout can be removed"
}

// actions are the actions of a rule. Of two groups, the one that has targets gets all
// requests: a rule that is made anew must not cut off the tasks that serve.
func (t Rules) actions(ctx context.Context, r Rule) ([]types.Action, error) {
	if len(r.Groups) == 0 {
		return []types.Action{{Type: types.ActionTypeEnumForward, TargetGroupArn: aws.String(r.TargetGroup.Value())}}, nil
	}
	serves := 0
	for i, g := range r.Groups {
		out, err := t.LoadBalancers.API.DescribeTargetHealth(ctx, &elbv2.DescribeTargetHealthInput{TargetGroupArn: aws.String(g.Value())})
		if err != nil {
			return nil, fmt.Errorf("reading the targets of %s: %w", g.Value(), err)
		}
		if len(out.TargetHealthDescriptions) > 0 {
			serves = i
			break
		}
	}
	forward := &types.ForwardActionConfig{}
	for i, g := range r.Groups {
		weight := int32(0)
		if i == serves {
			weight = 1
		}
		forward.TargetGroups = append(forward.TargetGroups, types.TargetGroupTuple{TargetGroupArn: aws.String(g.Value()), Weight: &weight})
	}
	return []types.Action{{Type: types.ActionTypeEnumForward, ForwardConfig: forward}}, nil
}

// empties fails if a rule of two target groups is to send its requests to one of them, and
// ECS has moved them to the other.
func (t Rules) empties(ctx context.Context, want Rule, object engine.Object) error {
	if len(want.Groups) > 0 || want.TargetGroup.Value() == "" {
		return nil
	}
	out, err := t.LoadBalancers.API.DescribeRules(ctx, &elbv2.DescribeRulesInput{RuleArns: []string{object.ID}})
	if err != nil {
		return fmt.Errorf("reading rule %s: %w", object.ID, err)
	}
	for _, r := range out.Rules {
		if pairOf(r.Actions) == nil {
			continue
		}
		for _, g := range r.Actions[0].ForwardConfig.TargetGroups {
			if aws.ToString(g.TargetGroupArn) != want.TargetGroup.Value() && aws.ToInt32(g.Weight) > 0 {
				return &SharedError{Rule: object.ID}
			}
		}
	}
	return nil
}
