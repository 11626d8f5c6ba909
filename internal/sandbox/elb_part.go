package sandbox

import (
	"fmt"
	"maps"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	elb "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"
)

// elbPart is Elastic Load Balancing v2: application and network load balancers.
type elbPart struct {
	account *Account
	s       elbState
	// Needs is set before the first call.
	Needs elbNeeds

	balancers *elbBalancers
	listeners *elbListeners
	Targets   *elbGroups
}

func newELB(account *Account) *elbPart {
	p := &elbPart{account: account}
	p.balancers = &elbBalancers{account: p.account, s: &p.s, needs: &p.Needs}
	p.listeners = &elbListeners{account: p.account, s: &p.s, needs: &p.Needs}
	p.Targets = &elbGroups{account: p.account, s: &p.s, needs: &p.Needs}
	p.balancers.listeners = p.listeners
	return p
}

// ID implements Service.
func (p *elbPart) ID() string { return elb.ServiceID }

func (p *elbPart) State() any { return &p.s }

func (p *elbPart) Routes(r *router) {
	on(r, p.balancers.createLoadBalancer)
	on(r, p.balancers.deleteLoadBalancer)
	on(r, p.balancers.describeLoadBalancers)
	on(r, p.balancers.describeLoadBalancerAttributes)
	on(r, p.balancers.modifyLoadBalancerAttributes)
	on(r, p.balancers.setSubnets)
	on(r, p.balancers.setSecurityGroups)
	on(r, p.Targets.createTargetGroup)
	on(r, p.Targets.modifyTargetGroup)
	on(r, p.Targets.deleteTargetGroup)
	on(r, p.Targets.describeTargetGroups)
	on(r, p.balancers.describeTargetGroupAttributes)
	on(r, p.balancers.modifyTargetGroupAttributes)
	on(r, p.Targets.registerTargets)
	on(r, p.Targets.deregisterTargets)
	on(r, p.Targets.describeTargetHealth)
	on(r, p.listeners.createListener)
	on(r, p.listeners.modifyListener)
	on(r, p.listeners.deleteListener)
	on(r, p.listeners.describeListeners)
	on(r, p.listeners.describeListenerAttributes)
	on(r, p.listeners.describeListenerCertificates)
	on(r, p.listeners.addListenerCertificates)
	on(r, p.listeners.removeListenerCertificates)
	on(r, p.listeners.createRule)
	on(r, p.listeners.modifyRule)
	on(r, p.listeners.deleteRule)
	on(r, p.listeners.describeRules)
	on(r, p.listeners.setRulePriorities)
	on(r, p.addTags)
	on(r, p.removeTags)
	on(r, p.describeTags)
}

// elbPage cuts a page as ELB does: pages of at most 400.
func elbPage[T any](all []T, marker *string, size *int32) ([]T, *string, error) {
	page, next, err := pageOf(all, marker, size, 400)
	if err != nil {
		return nil, nil, elbInvalid("The marker '%s' is not valid", aws.ToString(marker))
	}
	return page, next, nil
}

func elbInvalid(format string, args ...any) error {
	return apiError(400, "ValidationError", format, args...)
}

// tagsOf are the tags of the object with this ARN, to be read or changed, or
// the error that names what is missing.
func (p *elbPart) tagsOf(rq *request, arn string) (*map[string]string, error) {
	switch {
	case strings.Contains(arn, ":loadbalancer/"):
		if b := p.s.Balancers.find(rq, arn); b != nil {
			return &b.Tags, nil
		}
		return nil, noBalancer(arn)
	case strings.Contains(arn, ":targetgroup/"):
		if g := p.s.Groups.find(rq, arn); g != nil {
			return &g.Tags, nil
		}
		return nil, noGroups()
	case strings.Contains(arn, ":listener/"):
		if l := p.s.Listeners.find(rq, arn); l != nil {
			return &l.Tags, nil
		}
		return nil, noListeners()
	case strings.Contains(arn, ":listener-rule/"):
		if r := p.s.Rules.find(rq, arn); r != nil {
			return &r.Tags, nil
		}
		return nil, noRules()
	}
	return nil, elbInvalid("'%s' is not a valid load balancer, target group, listener or rule ARN", arn)
}

func (p *elbPart) addTags(rq *request, in *elb.AddTagsInput) (*elb.AddTagsOutput, error) {
	for _, arn := range in.ResourceArns {
		tags, err := p.tagsOf(rq, arn)
		if err != nil {
			return nil, err
		}
		if *tags == nil {
			*tags = map[string]string{}
		}
		maps.Copy(*tags, tagMap(in.Tags))
	}
	return &elb.AddTagsOutput{}, nil
}

func (p *elbPart) removeTags(rq *request, in *elb.RemoveTagsInput) (*elb.RemoveTagsOutput, error) {
	for _, arn := range in.ResourceArns {
		tags, err := p.tagsOf(rq, arn)
		if err != nil {
			return nil, err
		}
		for _, k := range in.TagKeys {
			delete(*tags, k)
		}
	}
	return &elb.RemoveTagsOutput{}, nil
}

func (p *elbPart) describeTags(rq *request, in *elb.DescribeTagsInput) (*elb.DescribeTagsOutput, error) {
	if len(in.ResourceArns) > 20 {
		return nil, elbInvalid("A maximum of '20' resource ARNs can be specified")
	}
	out := &elb.DescribeTagsOutput{}
	for _, arn := range in.ResourceArns {
		tags, err := p.tagsOf(rq, arn)
		if err != nil {
			return nil, err
		}
		out.TagDescriptions = append(out.TagDescriptions, types.TagDescription{
			ResourceArn: aws.String(arn), Tags: tagList[types.Tag](*tags),
		})
	}
	return out, nil
}

func noBalancer(arns ...string) error {
	return &types.LoadBalancerNotFoundException{
		Message: aws.String(fmt.Sprintf("Load balancers '[%s]' not found", strings.Join(arns, ", "))),
	}
}

func noGroups() error {
	return &types.TargetGroupNotFoundException{Message: aws.String("One or more target groups not found")}
}

func noListeners() error {
	return &types.ListenerNotFoundException{Message: aws.String("One or more listeners not found")}
}

func noRules() error {
	return &types.RuleNotFoundException{Message: aws.String("One or more rules not found")}
}

var _ Service = (*elbPart)(nil)
