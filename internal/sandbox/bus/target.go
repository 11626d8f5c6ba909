package bus

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge/types"

	"github.com/berthdev/berth/internal/sandbox/world"
)

var (
	targetARN = regexp.MustCompile(`^arn:aws[a-z-]*:(logs:[a-z0-9-]+:\d{12}:log-group:[^:*]+|sns:[a-z0-9-]+:\d{12}:[A-Za-z0-9_-]+)$`)
	pathKey   = regexp.MustCompile(`^[A-Za-z0-9_\-]{1,256}$`)
	jsonPath  = regexp.MustCompile(`^\$(\.[A-Za-z0-9_\-/]+(\[(\d+|\*)\])?)*$`)
	holes     = regexp.MustCompile(`<([A-Za-z0-9_.\-]+)>`)
)

func (p *Bus) putTargets(rq *world.Request, in *eventbridge.PutTargetsInput) (*eventbridge.PutTargetsOutput, error) {
	r, err := p.find(rq, in.EventBusName, in.Rule)
	if err != nil {
		return nil, err
	}
	targets := slices.Clone(r.Targets)
	for _, t := range in.Targets {
		if err := p.checkTarget(t); err != nil {
			return nil, err
		}
		i := slices.IndexFunc(targets, func(o types.Target) bool { return *o.Id == *t.Id })
		if i < 0 {
			targets = append(targets, t)
		} else {
			targets[i] = t
		}
	}
	if len(targets) > mostTargets {
		return nil, &types.LimitExceededException{Message: aws.String("The requested resource exceeds the maximum number allowed.")}
	}
	r.Targets = targets
	return &eventbridge.PutTargetsOutput{}, nil
}

// checkTarget refuses what AWS refuses. Log groups must be named so that EventBridge may
// write to them: https://repost.aws/knowledge-center/cloudwatch-log-group-eventbridge
func (p *Bus) checkTarget(t types.Target) error {
	if err := checkName("targets.1.member.id", aws.ToString(t.Id)); err != nil {
		return err
	}
	arn := aws.ToString(t.Arn)
	if !targetARN.MatchString(arn) {
		return invalid("Parameter %s is not valid. Reason: Provided Arn is not in correct format.", arn)
	}
	if parts := strings.Split(arn, ":"); parts[3] != p.account.Region() {
		return invalid("Parameter %s is not valid. Reason: Cross-region targets are not supported for this service.", arn)
	}
	// https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html
	if t.RoleArn != nil {
		return invalid("RoleArn is not supported for target %s.", arn)
	}
	if in := t.InputTransformer; in != nil {
		return checkTransformer(*t.Id, in)
	}
	return nil
}

// checkTransformer checks the names, the paths and the template.
// https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_InputTransformer.html
func checkTransformer(id string, in *types.InputTransformer) error {
	template := aws.ToString(in.InputTemplate)
	switch {
	case len(in.InputPathsMap) > 100:
		return invalid("InputPathsMap has more than 100 entries for target %s.", id)
	case template == "" || len(template) > 8192:
		return constraint(template, "targets.1.member.inputTransformer.inputTemplate", "have length between 1 and 8192")
	}
	for key, path := range in.InputPathsMap {
		switch {
		case !pathKey.MatchString(key):
			return constraint(key, "inputPathsMap", `satisfy regular expression pattern: [A-Za-z0-9\_\-]+`)
		case strings.HasPrefix(key, "AWS"):
			return invalid("Keys of InputPathsMap must not start with AWS.")
		case len(path) > 256 || !jsonPath.MatchString(path):
			return invalid("Invalid InputPath for target %s.", id)
		}
	}
	for _, hole := range holes.FindAllStringSubmatch(template, -1) {
		if _, ok := in.InputPathsMap[hole[1]]; !ok && !strings.HasPrefix(hole[1], "aws.events.") {
			return invalid("Invalid InputTemplate for target %s : Invalid token %s", id, hole[0])
		}
	}
	for line := range strings.SplitSeq(holes.ReplaceAllString(template, "0"), "\n") {
		if !json.Valid([]byte(line)) {
			return invalid("Invalid InputTemplate for target %s : %s", id, fmt.Sprintf("[Source: (String)%q; line: 1]", line))
		}
	}
	return nil
}

func (p *Bus) listTargets(rq *world.Request, in *eventbridge.ListTargetsByRuleInput) (*eventbridge.ListTargetsByRuleOutput, error) {
	r, err := p.find(rq, in.EventBusName, in.Rule)
	if err != nil {
		return nil, err
	}
	return &eventbridge.ListTargetsByRuleOutput{Targets: r.Targets}, nil
}

func (p *Bus) removeTargets(rq *world.Request, in *eventbridge.RemoveTargetsInput) (*eventbridge.RemoveTargetsOutput, error) {
	r, err := p.find(rq, in.EventBusName, in.Rule)
	if err != nil {
		return nil, err
	}
	out := &eventbridge.RemoveTargetsOutput{}
	for _, id := range in.Ids {
		i := slices.IndexFunc(r.Targets, func(t types.Target) bool { return *t.Id == id })
		if i < 0 {
			out.FailedEntryCount++
			out.FailedEntries = append(out.FailedEntries, types.RemoveTargetsResultEntry{
				TargetId: aws.String(id), ErrorCode: aws.String("ResourceNotFoundException"),
				ErrorMessage: aws.String("Rule " + r.Name + " does not have a target with the Id " + id + "."),
			})
			continue
		}
		r.Targets = slices.Delete(slices.Clone(r.Targets), i, i+1)
	}
	return out, nil
}
