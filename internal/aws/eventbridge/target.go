package eventbridge

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge/types"

	"github.com/berthdev/berth/internal/aws/gate"
	"github.com/berthdev/berth/internal/engine"
)

// targetID is the id of berth's target among those of a rule.
const targetID = "berth"

// targets are the targets of a rule, berth's own and those of others; none if the rule is
// gone. A rule has five at most, which is one page.
// https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutTargets.html
func (t Rules) targets(ctx context.Context, rule string) ([]types.Target, error) {
	out, err := t.API.ListTargetsByRule(ctx, &eventbridge.ListTargetsByRuleInput{Rule: &rule})
	if gate.IsNotFound(err) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("listing the targets of rule %s: %w", rule, err)
	}
	return out.Targets, nil
}

// show sets the attributes that berth's target shows.
func (r *Rule) show(targets []types.Target) {
	r.Target = engine.Lit("")
	for _, target := range targets {
		if aws.ToString(target.Id) != targetID {
			continue
		}
		r.Target = engine.Lit(aws.ToString(target.Arn))
		if in := target.InputTransformer; in != nil {
			r.Paths, r.Template = in.InputPathsMap, aws.ToString(in.InputTemplate)
		}
	}
}

// putTarget sets berth's target. AWS reports a target that it did not take in the answer.
func (t Rules) putTarget(ctx context.Context, r Rule) error {
	target := types.Target{Id: aws.String(targetID), Arn: aws.String(r.Target.Value())}
	if r.Template != "" {
		target.InputTransformer = &types.InputTransformer{InputPathsMap: r.Paths, InputTemplate: &r.Template}
	}
	out, err := t.API.PutTargets(ctx, &eventbridge.PutTargetsInput{Rule: &r.Name, Targets: []types.Target{target}})
	if err == nil && len(out.FailedEntries) > 0 {
		e := out.FailedEntries[0]
		err = gate.Failure(eventbridge.ServiceID, "PutTargets", aws.ToString(e.ErrorCode), aws.ToString(e.ErrorMessage))
	}
	if err != nil {
		return fmt.Errorf("setting the target of rule %s: %w", r.Name, err)
	}
	return nil
}

// removeTarget removes berth's target from a rule that is to be deleted, and fails if it
// has others.
func (t Rules) removeTarget(ctx context.Context, rule string) error {
	targets, err := t.targets(ctx, rule)
	if err != nil {
		return err
	}
	own, others := false, []string{}
	for _, target := range targets {
		if id := aws.ToString(target.Id); id == targetID {
			own = true
		} else {
			others = append(others, id)
		}
	}
	if len(others) > 0 {
		return &ForeignTargetsError{Rule: rule, IDs: others}
	}
	if !own {
		return nil
	}
	out, err := t.API.RemoveTargets(ctx, &eventbridge.RemoveTargetsInput{Rule: &rule, Ids: []string{targetID}})
	if err == nil && len(out.FailedEntries) > 0 {
		e := out.FailedEntries[0]
		err = gate.Failure(eventbridge.ServiceID, "RemoveTargets", aws.ToString(e.ErrorCode), aws.ToString(e.ErrorMessage))
	}
	if gate.IsNotFound(err) {
		return nil // the rule, or the target after an answer that was lost: the rule may still be there
	}
	if err != nil {
		return fmt.Errorf("removing the target of rule %s: %w", rule, err)
	}
	return nil
}

// ForeignTargetsError says that a rule cannot be deleted, because others have added
// targets to it.
type ForeignTargetsError struct {
	Rule string
	IDs  []string
}

// Error implements error.
func (e *ForeignTargetsError) Error() string {
	return fmt.Sprintf("rule %s has targets that berth did not add: %s; remove them (aws events remove-targets), or add them to a rule of your own",
		e.Rule, strings.Join(e.IDs, ", "))
}

// compact is JSON without spaces; what is not JSON stays as it is.
func compact(text string) string {
	var b bytes.Buffer
	if json.Compact(&b, []byte(text)) != nil {
		return text
	}
	return b.String()
}
