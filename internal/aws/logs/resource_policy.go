package logs

import (
	"context"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"
	"github.com/aws/aws-sdk-go-v2/service/resourcegroupstaggingapi"

	"github.com/berthdev/berth/internal/aws/gate"
	"github.com/berthdev/berth/internal/aws/tagindex"
	"github.com/berthdev/berth/internal/engine"
	"github.com/berthdev/berth/internal/engine/naming"
)

// MaxPolicies is how many resource policies an account may have in a region. AWS raises it
// for nobody: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/cloudwatch_limits_cwl.html
const MaxPolicies = 10

// ResourcePolicy lets a service of AWS write to log groups: EventBridge to that for the
// events of a stack. It has no tags; its name says who owns it. Outputs: id (the name).
type ResourcePolicy struct {
	Name string `attr:"name,replace,own"`
	// Group is the ARN of the log group, Rule the ARN of the rule that writes to it.
	Group engine.Ref `attr:"group"`
	Rule  string     `attr:"rule"`
}

// Type implements engine.Resource.
func (ResourcePolicy) Type() string { return "logs.resource-policy" }

// PolicyName is the name of a stack's policy.
func PolicyName(o engine.Owner, region string) string {
	const most = 64
	return naming.Name(o, region, "berth-events", most)
}

// ResourcePolicies is the type of ResourcePolicy.
type ResourcePolicies struct {
	API *cloudwatchlogs.Client
	// Tagging has the tags of the rules that the policies are for.
	Tagging *resourcegroupstaggingapi.Client
	Region  string
}

// Spec implements engine.Type.
func (ResourcePolicies) Spec() engine.Spec {
	return engine.Spec{Name: ResourcePolicy{}.Type(), Identity: engine.SilentName, Untagged: true}
}

// List implements engine.Type: one call if a stack may have a policy.
func (t ResourcePolicies) List(ctx context.Context, q engine.Query) ([]engine.Object, error) {
	if may, err := tagindex.MayExist(ctx, q, t.Tagging, "events:rule"); err != nil || !may {
		return nil, err
	}
	owners := map[string]engine.Owner{}
	for _, o := range q.Owners {
		may, err := t.possible(ctx, q, o)
		if err != nil {
			return nil, err
		}
		if may {
			owners[PolicyName(o, t.Region)] = o
		}
	}
	if len(owners) == 0 {
		return nil, nil
	}
	all, err := t.all(ctx)
	var objects []engine.Object
	for _, p := range all {
		if o, ok := owners[aws.ToString(p.PolicyName)]; ok {
			objects = append(objects, policyObject(p, engine.Address{Owner: o, Type: ResourcePolicy{}.Type(), Name: policyWord}))
		}
	}
	return objects, err
}

// possible says whether a stack can have a policy: one that is not desired is about the
// group of events, which is made before it and stays after it.
func (t ResourcePolicies) possible(ctx context.Context, q engine.Query, o engine.Owner) (bool, error) {
	if o.IsEnvironment() || len(q.Wanted) > 0 {
		return !o.IsEnvironment(), nil
	}
	groups, err := LogGroups{API: t.API}.at(ctx, q, EventsPrefix+prefixOf(o))
	if engine.ClassOf(err) == engine.Denied {
		return true, nil // the caller may not know, and so looks
	}
	if err != nil || len(groups) > 0 {
		return true, err
	}
	return tagindex.Holds(ctx, q, t.Tagging, "events:rule") // somebody may have deleted the group
}

// policyWord is the name in the address of a stack's only policy.
const policyWord = "events"

func (t ResourcePolicies) all(ctx context.Context) ([]types.ResourcePolicy, error) {
	var all []types.ResourcePolicy
	in := &cloudwatchlogs.DescribeResourcePoliciesInput{}
	for {
		page, err := t.API.DescribeResourcePolicies(ctx, in)
		if err != nil {
			return nil, fmt.Errorf("listing the resource policies of CloudWatch Logs: %w", err)
		}
		all = append(all, page.ResourcePolicies...)
		if in.NextToken = page.NextToken; in.NextToken == nil {
			return all, nil
		}
	}
}

// policyObject shows a policy. One that says anything else than berth wrote shows no group.
func policyObject(p types.ResourcePolicy, a engine.Address) engine.Object {
	shown := ResourcePolicy{Name: aws.ToString(p.PolicyName), Group: engine.Lit("")}
	if group, rule, ok := parsePolicy(aws.ToString(p.PolicyDocument)); ok {
		shown.Group, shown.Rule = engine.Lit(group), rule
	}
	return engine.Object{Address: a, ID: shown.Name, State: engine.StateReady, Attrs: engine.Shown(shown)}
}

// Create implements engine.Type. A policy of the name that berth can have written is the
// desired one, after a creation without an answer.
func (t ResourcePolicies) Create(ctx context.Context, w engine.Desired[ResourcePolicy]) (engine.Object, error) {
	all, err := t.all(ctx)
	if err != nil {
		return engine.Object{}, err
	}
	for _, p := range all {
		if aws.ToString(p.PolicyName) != w.Want.Name {
			continue
		}
		var mark engine.Mark
		if strings.Contains(aws.ToString(p.PolicyDocument), `"`+w.Want.Rule+`"`) {
			mark = w.Mark()
		}
		if err := w.Claim(mark, w.Want.Name, w.Want.Name); err != nil {
			return engine.Object{}, err
		}
	}
	return t.Update(ctx, w, engine.Object{ID: w.Want.Name}, nil)
}

// Update implements engine.Type.
func (t ResourcePolicies) Update(ctx context.Context, w engine.Desired[ResourcePolicy], object engine.Object, _ []string) (engine.Object, error) {
	text, err := policyText(w.Want.Group.Value(), w.Want.Rule)
	if err != nil {
		return engine.Object{}, err
	}
	_, err = t.API.PutResourcePolicy(ctx, &cloudwatchlogs.PutResourcePolicyInput{PolicyName: &w.Want.Name, PolicyDocument: &text})
	if gate.Code(err) == "LimitExceededException" {
		return engine.Object{}, &PoliciesError{err}
	}
	if err != nil {
		return engine.Object{}, fmt.Errorf("setting the resource policy %s of CloudWatch Logs: %w", w.Want.Name, err)
	}
	return engine.AsDesired(w, object.ID, nil), nil
}

// Delete implements engine.Type.
func (t ResourcePolicies) Delete(ctx context.Context, object engine.Object) error {
	_, err := t.API.DeleteResourcePolicy(ctx, &cloudwatchlogs.DeleteResourcePolicyInput{PolicyName: &object.ID})
	if err != nil && !gate.IsNotFound(err) {
		return fmt.Errorf("deleting the resource policy %s of CloudWatch Logs: %w", object.ID, err)
	}
	return nil
}

// PoliciesError says that the region has as many resource policies as AWS allows.
type PoliciesError struct{ err error }

// Error implements error.
func (e *PoliciesError) Error() string {
	return fmt.Sprintf("the account has %d resource policies of CloudWatch Logs in this region, and AWS allows no more: %s", MaxPolicies, gate.Text(e.err))
}

// Unwrap is AWS's answer.
func (e *PoliciesError) Unwrap() error { return e.err }

// Remedy is what the user can do.
func (*PoliciesError) Remedy() string {
	return "delete one that nothing needs (`aws logs describe-resource-policies` lists them), or leave out x-berth.events in this environment"
}

var _ engine.Type[ResourcePolicy] = ResourcePolicies{}
