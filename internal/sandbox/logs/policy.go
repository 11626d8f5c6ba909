package logs

import (
	"encoding/json"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"

	"github.com/berthdev/berth/internal/sandbox/world"
)

// The bounds of resource policies. Sources:
// https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutResourcePolicy.html
// and https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/cloudwatch_limits_cwl.html
const (
	mostPolicies   = 10
	mostPolicyText = 5120
)

// resourcePolicy is a policy that lets services of AWS write to log groups.
type resourcePolicy struct {
	Name, Text string
	Updated    time.Time
}

func (p *Logs) putResourcePolicy(rq *world.Request, in *cloudwatchlogs.PutResourcePolicyInput) (*cloudwatchlogs.PutResourcePolicyOutput, error) {
	name, text := aws.ToString(in.PolicyName), aws.ToString(in.PolicyDocument)
	var document grants
	switch {
	case in.ResourceArn != nil:
		return nil, p.invalid("The sandbox only knows policies of the account.")
	case name == "" || text == "" || len(text) > mostPolicyText:
		return nil, p.invalid("1 validation error detected: Value at 'policyDocument' failed to satisfy constraint: Member must have length less than or equal to 5120")
	case json.Unmarshal([]byte(text), &document) != nil || len(document.Statement) == 0:
		return nil, p.invalid("Invalid policy document: " + text)
	}
	policy := p.s.Policies.Get(name)
	if policy == nil {
		if len(p.s.Policies.All()) >= mostPolicies {
			return nil, &types.LimitExceededException{Message: aws.String("Resource limit exceeded.")}
		}
		policy = p.s.Policies.Put(p.account, rq.Now, name, &resourcePolicy{Name: name})
	}
	policy.Text, policy.Updated = text, rq.Now
	return &cloudwatchlogs.PutResourcePolicyOutput{ResourcePolicy: policy.shown()}, nil
}

func (r *resourcePolicy) shown() *types.ResourcePolicy {
	return &types.ResourcePolicy{
		PolicyName: aws.String(r.Name), PolicyDocument: aws.String(r.Text), LastUpdatedTime: aws.Int64(r.Updated.UnixMilli()),
		PolicyScope: types.PolicyScopeAccount,
	}
}

func (p *Logs) describeResourcePolicies(rq *world.Request, in *cloudwatchlogs.DescribeResourcePoliciesInput) (*cloudwatchlogs.DescribeResourcePoliciesOutput, error) {
	var all []types.ResourcePolicy
	for _, r := range p.s.Policies.List(rq) {
		all = append(all, *r.shown())
	}
	page, next, err := world.Page(all, in.NextToken, in.Limit, 50)
	if err != nil {
		return nil, p.invalid("The specified nextToken is invalid.")
	}
	return &cloudwatchlogs.DescribeResourcePoliciesOutput{ResourcePolicies: page, NextToken: next}, nil
}

func (p *Logs) deleteResourcePolicy(rq *world.Request, in *cloudwatchlogs.DeleteResourcePolicyInput) (*cloudwatchlogs.DeleteResourcePolicyOutput, error) {
	name := aws.ToString(in.PolicyName)
	if !p.s.Policies.Remove(rq.Now, name) {
		return nil, &types.ResourceNotFoundException{Message: aws.String("Policy with name [" + name + "] does not exist")}
	}
	return &cloudwatchlogs.DeleteResourcePolicyOutput{}, nil
}

// grants is what is read of a policy.
type grants struct {
	Statement world.OneOrMany[struct {
		Effect    string
		Principal struct{ Service world.OneOrMany[string] }
		Action    world.OneOrMany[string]
		Resource  world.OneOrMany[string]
		Condition map[string]map[string]world.OneOrMany[string]
	}]
}

// writer is the service that writes for the rules of EventBridge.
const writer = "events.amazonaws.com"

// Deliver writes a line into a stream of the group with an ARN, for a rule of EventBridge.
// It opens the stream on EventBridge's own behalf, and not on that of the rule.
func (p *Logs) Deliver(at time.Time, group, stream, rule, text string) bool {
	g := p.s.Groups.Get(strings.TrimPrefix(group, p.account.ARN("logs", "log-group:")))
	in := group + ":log-stream:" + stream
	if g == nil || !p.granted("logs:CreateLogStream", in, "") || !p.granted("logs:PutLogEvents", in, rule) {
		return false
	}
	g.Streams[stream] = &logStream{Name: stream, Created: at, Put: []Line{{At: at, Text: text}}}
	return true
}

// granted says whether a resource policy lets EventBridge do something, for a source.
func (p *Logs) granted(action, resource, source string) bool {
	for _, r := range p.s.Policies.All() {
		var document grants
		if json.Unmarshal([]byte(r.Text), &document) != nil {
			continue
		}
		for _, s := range document.Statement {
			if s.Effect == "Allow" && slices.Contains(s.Principal.Service, writer) && world.MatchAny(s.Action, action, true) &&
				world.MatchAny(s.Resource, resource, false) && holds(s.Condition, source) {
				return true
			}
		}
	}
	return false
}

// holds says whether conditions hold for a source; only those on the ARN of the source do.
func holds(conditions map[string]map[string]world.OneOrMany[string], source string) bool {
	for operator, keys := range conditions {
		for key, values := range keys {
			if operator != "ArnEquals" && operator != "ArnLike" || key != "aws:SourceArn" || !world.MatchAny(values, source, false) {
				return false
			}
		}
	}
	return true
}
