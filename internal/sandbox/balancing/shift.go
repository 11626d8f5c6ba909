package balancing

import (
	"math"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"

	"github.com/berthdev/berth/internal/sandbox/world"
)

// maxWeight is the largest weight of a target group in a rule. Source:
// https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_TargetGroupTuple.html
const maxWeight = 999

// Forwards are the target groups that a rule forwards to; ok is false when there is no
// such rule, or when it does not only forward.
func (p *Targets) Forwards(rq *world.Request, rule string) (groups []string, ok bool) {
	r := p.s.Rules.Find(rq, rule)
	if r == nil || len(r.Actions) != 1 || r.Actions[0].Type != types.ActionTypeEnumForward {
		return nil, false
	}
	return groupsOf(r.Actions), true
}

// Weigh sends a share of a rule's requests, in percent, to one of two target groups and
// the others to the second, as ECS does.
func (p *Targets) Weigh(_ time.Time, arn, to, from string, percent float64) {
	r := p.s.Rules.Get(arn)
	if r == nil {
		return
	}
	weight, all := percent, 100.0
	if percent != math.Trunc(percent) {
		weight, all = math.Round(percent*10), 1000
	}
	r.Actions = []types.Action{{Type: types.ActionTypeEnumForward, Order: aws.Int32(1), ForwardConfig: &types.ForwardActionConfig{
		TargetGroups: []types.TargetGroupTuple{
			{TargetGroupArn: aws.String(to), Weight: aws.Int32(int32(weight))},
			{TargetGroupArn: aws.String(from), Weight: aws.Int32(int32(all - weight))},
		},
	}}}
}

// checkWeights checks the weights of actions that forward to several target groups.
func checkWeights(actions []types.Action) error {
	for _, a := range actions {
		if a.ForwardConfig == nil {
			continue
		}
		if len(a.ForwardConfig.TargetGroups) > 5 {
			return invalid("A forward action can have at most 5 target groups")
		}
		for _, g := range a.ForwardConfig.TargetGroups {
			if w := aws.ToInt32(g.Weight); w < 0 || w > maxWeight {
				return invalid("The weight '%d' must be between 0 and %d", w, maxWeight)
			}
		}
	}
	return nil
}
