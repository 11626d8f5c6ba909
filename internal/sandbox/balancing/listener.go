package balancing

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	elb "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"

	"github.com/berthdev/berth/internal/sandbox/world"
)

// Quotas of one application load balancer. Source:
// https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-limits.html
const (
	maxListeners      = 50
	maxRules          = 100
	maxBalancerGroups = 100
)

// listeners are the listeners, with their certificates and rules.
type listeners struct {
	account *world.Account
	s       *state
	needs   *Needs
}

func (p *listeners) createListener(rq *world.Request, in *elb.CreateListenerInput) (*elb.CreateListenerOutput, error) {
	b := p.s.Balancers.Find(rq, aws.ToString(in.LoadBalancerArn))
	if b == nil {
		return nil, noBalancer(aws.ToString(in.LoadBalancerArn))
	}
	if in.Port == nil || in.Protocol == "" || len(in.DefaultActions) == 0 {
		return nil, invalid("A listener must have a port, a protocol and a default action")
	}
	if in.Protocol == types.ProtocolEnumHttps && len(in.Certificates) == 0 {
		return nil, invalid("A certificate must be specified for HTTPS listeners")
	}
	if err := p.checkCertificates(in.Certificates); err != nil {
		return nil, err
	}
	if err := p.checkProtocol(b, in.Protocol, in.DefaultActions); err != nil {
		return nil, err
	}
	if err := p.checkActions(rq, b, in.DefaultActions); err != nil {
		return nil, err
	}
	count := 0
	for _, l := range p.s.Listeners.All() {
		if l.Balancer != b.ARN {
			continue
		}
		count++
		if l.Port != *in.Port {
			continue
		}
		// A second create with the same settings silently returns the first.
		if l.Protocol == in.Protocol && world.SameJSON(l.Actions, in.DefaultActions) && world.SameJSON(l.Certificates, in.Certificates) {
			return &elb.CreateListenerOutput{Listeners: []types.Listener{shownListener(l)}}, nil
		}
		return nil, &types.DuplicateListenerException{Message: aws.String(fmt.Sprintf(
			"A listener already exists on this port for this load balancer '%s'", b.ARN))}
	}
	if count >= p.account.Quota("listeners per load balancer", maxListeners) {
		return nil, &types.TooManyListenersException{Message: aws.String("The quota of listeners per load balancer has been reached")}
	}
	_, name, _ := strings.Cut(b.ARN, "loadbalancer/")
	path := name + "/" + p.account.NewHex("listener", 16)
	l := &listener{
		ARN: p.account.ARN("elasticloadbalancing", "listener/"+path), Balancer: b.ARN, Port: *in.Port, Protocol: in.Protocol,
		SSLPolicy: aws.ToString(in.SslPolicy), Certificates: in.Certificates, Actions: in.DefaultActions, Changed: rq.Now,
		DefaultRule: p.account.ARN("elasticloadbalancing", "listener-rule/"+path+"/"+p.account.NewHex("rule", 16)), Tags: world.TagMap(in.Tags),
	}
	p.s.Listeners.Put(p.account, rq.Now, l.ARN, l)
	return &elb.CreateListenerOutput{Listeners: []types.Listener{shownListener(l)}}, nil
}

// groupsOf are the target groups that actions forward to.
func groupsOf(actions []types.Action) []string {
	var arns []string
	for _, a := range actions {
		if a.TargetGroupArn != nil {
			arns = append(arns, *a.TargetGroupArn)
		}
		if a.ForwardConfig != nil {
			for _, t := range a.ForwardConfig.TargetGroups {
				arns = append(arns, aws.ToString(t.TargetGroupArn))
			}
		}
	}
	slices.Sort(arns)
	return slices.Compact(arns)
}

// checkActions checks that a balancer can forward where actions say.
func (p *listeners) checkActions(rq *world.Request, b *balancer, actions []types.Action) error {
	if err := checkWeights(actions); err != nil {
		return err
	}
	groups := map[string]bool{}
	for _, arn := range p.groupsBehind(b) {
		groups[arn] = true
	}
	for _, arn := range groupsOf(actions) {
		g := p.s.Groups.Find(rq, arn)
		if g == nil {
			return noGroups()
		}
		if aws.ToString(g.Shown.VpcId) != b.VPC {
			return &types.InvalidConfigurationRequestException{Message: aws.String(
				"The target group and the load balancer must belong to one VPC")}
		}
		for _, use := range p.s.balancersOf(arn) {
			if use.balancer.ARN != b.ARN {
				return &types.TargetGroupAssociationLimitException{Message: aws.String(
					"The following target groups cannot be associated with more than one load balancer: " + arn)}
			}
		}
		groups[arn] = true
	}
	if len(groups) > maxBalancerGroups {
		return &types.TooManyTargetGroupsException{Message: aws.String("The quota of target groups per load balancer has been reached")}
	}
	return nil
}

// use is a balancer that sends traffic to a target group, since when.
type use struct {
	balancer *balancer
	since    time.Time
}

// balancersOf are the balancers whose listeners or rules name a target group.
func (s *state) balancersOf(group string) []use {
	var uses []use
	add := func(l *listener, actions []types.Action, since time.Time) {
		b := s.Balancers.Get(l.Balancer)
		if b == nil || !slices.Contains(groupsOf(actions), group) {
			return
		}
		for i := range uses {
			if uses[i].balancer == b {
				if since.Before(uses[i].since) {
					uses[i].since = since
				}
				return
			}
		}
		uses = append(uses, use{b, since})
	}
	for _, l := range s.Listeners.All() {
		add(l, l.Actions, l.Changed)
	}
	for _, r := range s.Rules.All() {
		if l := s.Listeners.Get(r.Listener); l != nil {
			add(l, r.Actions, r.Changed)
		}
	}
	return uses
}

// groupsBehind are the target groups that a balancer's listeners and rules name.
func (p *listeners) groupsBehind(b *balancer) []string {
	var arns []string
	for _, l := range p.s.Listeners.All() {
		if l.Balancer == b.ARN {
			arns = append(arns, groupsOf(l.Actions)...)
		}
	}
	for _, r := range p.s.Rules.All() {
		if l := p.s.Listeners.Get(r.Listener); l != nil && l.Balancer == b.ARN {
			arns = append(arns, groupsOf(r.Actions)...)
		}
	}
	return arns
}

func (p *listeners) modifyListener(rq *world.Request, in *elb.ModifyListenerInput) (*elb.ModifyListenerOutput, error) {
	l := p.s.Listeners.Find(rq, aws.ToString(in.ListenerArn))
	if l == nil {
		return nil, noListeners()
	}
	for _, other := range p.s.Listeners.All() {
		if in.Port != nil && other != l && other.Balancer == l.Balancer && other.Port == *in.Port {
			return nil, &types.DuplicateListenerException{Message: aws.String(fmt.Sprintf(
				"A listener already exists on this port for this load balancer '%s'", l.Balancer))}
		}
	}
	if len(in.DefaultActions) > 0 {
		balancer := p.s.Balancers.Get(l.Balancer)
		if err := p.checkProtocol(balancer, cmp.Or(in.Protocol, l.Protocol), in.DefaultActions); err != nil {
			return nil, err
		}
		if err := p.checkActions(rq, p.s.Balancers.Get(l.Balancer), in.DefaultActions); err != nil {
			return nil, err
		}
		l.Actions, l.Changed = in.DefaultActions, rq.Now
	}
	if len(in.Certificates) > 0 {
		if err := p.checkCertificates(in.Certificates); err != nil {
			return nil, err
		}
		for _, c := range l.Certificates {
			p.needs.Certificates.Release(rq.Now, aws.ToString(c.CertificateArn))
		}
		l.Certificates = in.Certificates
	}
	if in.Port != nil {
		l.Port = *in.Port
	}
	l.Protocol = cmp.Or(in.Protocol, l.Protocol)
	l.SSLPolicy = cmp.Or(aws.ToString(in.SslPolicy), l.SSLPolicy)
	return &elb.ModifyListenerOutput{Listeners: []types.Listener{shownListener(l)}}, nil
}

func (p *listeners) deleteListener(rq *world.Request, in *elb.DeleteListenerInput) (*elb.DeleteListenerOutput, error) {
	l := p.s.Listeners.Get(aws.ToString(in.ListenerArn))
	if l == nil {
		return nil, noListeners()
	}
	p.dropListener(rq, l)
	return &elb.DeleteListenerOutput{}, nil
}

// dropListener deletes a listener with its rules.
func (p *listeners) dropListener(rq *world.Request, l *listener) {
	for _, r := range p.s.Rules.All() {
		if r.Listener == l.ARN {
			p.s.Rules.Remove(rq.Now, r.ARN)
		}
	}
	for _, arn := range l.certificates() {
		p.needs.Certificates.Release(rq.Now, arn)
	}
	p.s.Listeners.Remove(rq.Now, l.ARN)
}

func (p *listeners) describeListeners(rq *world.Request, in *elb.DescribeListenersInput) (*elb.DescribeListenersOutput, error) {
	if in.LoadBalancerArn != nil && p.s.Balancers.Find(rq, *in.LoadBalancerArn) == nil {
		return nil, noBalancer(*in.LoadBalancerArn)
	}
	if in.LoadBalancerArn == nil && len(in.ListenerArns) == 0 {
		return nil, invalid("You must specify either listener ARNs or a load balancer ARN")
	}
	var found []types.Listener
	for _, l := range p.s.Listeners.List(rq) {
		if in.LoadBalancerArn != nil && l.Balancer == *in.LoadBalancerArn || slices.Contains(in.ListenerArns, l.ARN) {
			found = append(found, shownListener(l))
		}
	}
	if len(found) < len(in.ListenerArns) {
		return nil, noListeners()
	}
	page, next, err := page(found, in.Marker, in.PageSize)
	if err != nil {
		return nil, err
	}
	return &elb.DescribeListenersOutput{Listeners: page, NextMarker: next}, nil
}

func (p *listeners) describeListenerAttributes(rq *world.Request, in *elb.DescribeListenerAttributesInput) (*elb.DescribeListenerAttributesOutput, error) {
	l := p.s.Listeners.Find(rq, aws.ToString(in.ListenerArn))
	if l == nil {
		return nil, noListeners()
	}
	return &elb.DescribeListenerAttributesOutput{Attributes: []types.ListenerAttribute{
		{Key: aws.String("routing.http.response.server.enabled"), Value: aws.String("true")},
	}}, nil
}

func shownListener(l *listener) types.Listener {
	out := types.Listener{
		ListenerArn: aws.String(l.ARN), LoadBalancerArn: aws.String(l.Balancer), Port: aws.Int32(l.Port),
		Protocol: l.Protocol, DefaultActions: l.Actions, Certificates: l.Certificates,
	}
	if l.SSLPolicy != "" {
		out.SslPolicy = aws.String(l.SSLPolicy)
	}
	return out
}
