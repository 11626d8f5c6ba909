package balancing

import (
	"fmt"
	"maps"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	elb "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"

	"github.com/berthdev/berth/internal/sandbox/world"
)

// ELB is Elastic Load Balancing v2: application and network load balancers.
type ELB struct {
	account *world.Account
	s       state
	// Needs is set before the first call.
	Needs Needs

	balancers *balancers
	listeners *listeners
	Targets   *Targets
}

// NewELB makes the Elastic Load Balancing of an account, without load balancers.
func NewELB(account *world.Account) *ELB {
	p := &ELB{account: account}
	s, needs := &p.s, &p.Needs
	p.listeners = &listeners{account: account, s: s, needs: needs}
	p.balancers = &balancers{account: account, s: s, needs: needs, listeners: p.listeners}
	p.Targets = &Targets{account: account, s: s, needs: needs}
	return p
}

// ID implements world.Service.
func (p *ELB) ID() string { return elb.ServiceID }

// State implements world.Service.
func (p *ELB) State() any { return &p.s }

// Routes implements world.Service.
func (p *ELB) Routes(r *world.Router) {
	world.On(r, p.balancers.createLoadBalancer)
	world.On(r, p.balancers.deleteLoadBalancer)
	world.On(r, p.balancers.describeLoadBalancers)
	world.On(r, p.balancers.describeLoadBalancerAttributes)
	world.On(r, p.balancers.modifyLoadBalancerAttributes)
	world.On(r, p.balancers.setSubnets)
	world.On(r, p.balancers.setSecurityGroups)
	world.On(r, p.Targets.createTargetGroup)
	world.On(r, p.Targets.modifyTargetGroup)
	world.On(r, p.Targets.deleteTargetGroup)
	world.On(r, p.Targets.describeTargetGroups)
	world.On(r, p.balancers.describeTargetGroupAttributes)
	world.On(r, p.balancers.modifyTargetGroupAttributes)
	world.On(r, p.Targets.registerTargets)
	world.On(r, p.Targets.deregisterTargets)
	world.On(r, p.Targets.describeTargetHealth)
	world.On(r, p.listeners.createListener)
	world.On(r, p.listeners.modifyListener)
	world.On(r, p.listeners.deleteListener)
	world.On(r, p.listeners.describeListeners)
	world.On(r, p.listeners.describeListenerAttributes)
	world.On(r, p.listeners.describeListenerCertificates)
	world.On(r, p.listeners.addListenerCertificates)
	world.On(r, p.listeners.removeListenerCertificates)
	world.On(r, p.listeners.createRule)
	world.On(r, p.listeners.modifyRule)
	world.On(r, p.listeners.deleteRule)
	world.On(r, p.listeners.describeRules)
	world.On(r, p.listeners.setRulePriorities)
	world.On(r, p.addTags)
	world.On(r, p.removeTags)
	world.On(r, p.describeTags)
}

// page cuts a page as ELB does: pages of at most 400.
func page[T any](all []T, marker *string, size *int32) ([]T, *string, error) {
	page, next, err := world.Page(all, marker, size, 400)
	if err != nil {
		return nil, nil, invalid("The marker '%s' is not valid", aws.ToString(marker))
	}
	return page, next, nil
}

func invalid(format string, args ...any) error {
	return world.APIError(400, "ValidationError", format, args...)
}

// tagsOf are the tags of the object with this ARN, to be read or changed, or
// the error that names what is missing.
func (p *ELB) tagsOf(rq *world.Request, arn string) (*map[string]string, error) {
	switch {
	case strings.Contains(arn, ":loadbalancer/"):
		if b := p.s.Balancers.Find(rq, arn); b != nil {
			return &b.Tags, nil
		}
		return nil, noBalancer(arn)
	case strings.Contains(arn, ":targetgroup/"):
		if g := p.s.Groups.Find(rq, arn); g != nil {
			return &g.Tags, nil
		}
		return nil, noGroups()
	case strings.Contains(arn, ":listener/"):
		if l := p.s.Listeners.Find(rq, arn); l != nil {
			return &l.Tags, nil
		}
		return nil, noListeners()
	case strings.Contains(arn, ":listener-rule/"):
		if r := p.s.Rules.Find(rq, arn); r != nil {
			return &r.Tags, nil
		}
		return nil, noRules()
	}
	return nil, invalid("'%s' is not a valid load balancer, target group, listener or rule ARN", arn)
}

func (p *ELB) addTags(rq *world.Request, in *elb.AddTagsInput) (*elb.AddTagsOutput, error) {
	for _, arn := range in.ResourceArns {
		tags, err := p.tagsOf(rq, arn)
		if err != nil {
			return nil, err
		}
		if *tags == nil {
			*tags = map[string]string{}
		}
		maps.Copy(*tags, world.TagMap(in.Tags))
	}
	return &elb.AddTagsOutput{}, nil
}

func (p *ELB) removeTags(rq *world.Request, in *elb.RemoveTagsInput) (*elb.RemoveTagsOutput, error) {
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

func (p *ELB) describeTags(rq *world.Request, in *elb.DescribeTagsInput) (*elb.DescribeTagsOutput, error) {
	if len(in.ResourceArns) > 20 {
		return nil, invalid("A maximum of '20' resource ARNs can be specified")
	}
	out := &elb.DescribeTagsOutput{}
	for _, arn := range in.ResourceArns {
		tags, err := p.tagsOf(rq, arn)
		if err != nil {
			return nil, err
		}
		out.TagDescriptions = append(out.TagDescriptions, types.TagDescription{
			ResourceArn: aws.String(arn), Tags: world.TagList[types.Tag](*tags),
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

var _ world.Service = (*ELB)(nil)
