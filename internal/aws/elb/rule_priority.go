package elb

import (
	"context"
	"fmt"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	elbv2 "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"

	"github.com/berthdev/berth/internal/aws/gate"
	"github.com/berthdev/berth/internal/engine"
)

// priorityInUse is AWS's code for a priority that another rule has.
const priorityInUse = "PriorityInUse"

// holder is the rule that has a priority which the desired state needs.
type holder struct {
	arn  string
	tags map[string]string
	mark engine.Mark
	// free is the next higher priority that no rule has.
	free int
}

// is says whether the holder is another rule of the owner. An owner uses each
// priority once, so such a rule is about to change or to be deleted, and may be
// moved out of the way.
func (h holder) is(o engine.Owner) bool { return h.mark.Address.Owner == o }

// holderOf finds the rule that has the desired state's priority. If AWS does not show it
// yet, the error is one that passes.
func (t Rules) holderOf(ctx context.Context, w engine.Desired[Rule]) (holder, error) {
	found, err := rules(ctx, t.LoadBalancers.API, w.Want.Listener.Value())
	if err != nil {
		return holder{}, err
	}
	i := slices.IndexFunc(found, func(r ruleOf) bool { return priorityOf(r) == w.Want.Priority })
	if i < 0 {
		return holder{}, gate.Unseen(fmt.Errorf("priority %s is in use, and AWS does not show which rule has it", ruleName(w.Want)))
	}
	h := holder{arn: aws.ToString(found[i].RuleArn), free: freeBehind(found, w.Want.Priority)}
	tags, err := tagsOfBatch(ctx, t.LoadBalancers.API, []string{h.arn})
	if err != nil {
		return holder{}, err
	}
	var there bool
	if h.tags, there = tags[h.arn]; !there {
		// The rule has just been deleted, and lists still show it.
		return holder{}, gate.Unseen(fmt.Errorf("priority %s is in use, and AWS does not show which rule has it", ruleName(w.Want)))
	}
	h.mark, _ = engine.MarkOf(h.tags)
	return h, nil
}

// lastPriority is the highest priority that AWS accepts.
const lastPriority = 50000

// freeBehind returns the next higher priority that no rule has, or a lower one
// if all higher ones are taken.
func freeBehind(rules []ruleOf, priority int) int {
	taken := map[int]bool{priority: true}
	for _, r := range rules {
		taken[priorityOf(r)] = true
	}
	for behind := priority + 1; behind <= lastPriority; behind++ {
		if !taken[behind] {
			return behind
		}
	}
	for taken[priority] {
		priority--
	}
	return priority
}

// turnOf returns the key under which changes of a rule's priority take turns: its
// listener.
func turnOf(r Rule) string { return "elb " + r.Listener.Value() }

// move gives a rule the desired state's priority.
func (t Rules) move(ctx context.Context, w engine.Desired[Rule], arn string) error {
	done, err := t.LoadBalancers.Turns.Take(ctx, turnOf(w.Want))
	if err != nil {
		return err
	}
	defer done()
	err = t.setPriority(ctx, arn, w.Want.Priority)
	if gate.Code(err) != priorityInUse {
		return err
	}
	h, err := t.holderOf(ctx, w)
	if err != nil || h.arn == arn {
		return err
	}
	if !h.is(w.Address.Owner) {
		w.Adopt = false // only a creation takes a rule over
		return w.Claim(h.mark, ruleName(w.Want), h.arn)
	}
	if err := t.setPriority(ctx, h.arn, h.free); err != nil {
		return err
	}
	return t.setPriority(ctx, arn, w.Want.Priority)
}

func (t Rules) setPriority(ctx context.Context, arn string, priority int) error {
	_, err := t.LoadBalancers.API.SetRulePriorities(ctx, &elbv2.SetRulePrioritiesInput{
		RulePriorities: []types.RulePriorityPair{{RuleArn: &arn, Priority: aws.Int32(int32(priority))}},
	})
	if err != nil {
		return fmt.Errorf("setting the priority of %s to %d: %w", arn, priority, err)
	}
	return nil
}
