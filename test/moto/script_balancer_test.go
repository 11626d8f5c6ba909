package moto

import (
	elb "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"
)

// ARNs that are well formed and belong to nobody.
const (
	noBalancer = "arn:aws:elasticloadbalancing:eu-central-1:123456789012:loadbalancer/app/none/0123456789abcdef"
	noTarget   = "arn:aws:elasticloadbalancing:eu-central-1:123456789012:targetgroup/none/0123456789abcdef"
	noListener = "arn:aws:elasticloadbalancing:eu-central-1:123456789012:listener/app/none/0123456789abcdef/0123456789abcdef"
	noRule     = "arn:aws:elasticloadbalancing:eu-central-1:123456789012:listener-rule/app/none/0123456789abcdef/0123456789abcdef/0123456789abcdef"
)

// balancer is what the services need from the load balancing part.
type balancer struct{ arn, listener, target, loose, rule *string }

func (s *script) balancer(n *network) *balancer {
	c := s.c.ELB
	b := &balancer{}
	tags := []types.Tag{{Key: p("berth:owner"), Value: p("env/a")}}
	in := &elb.CreateLoadBalancerInput{
		Name: p("shop"), Scheme: types.LoadBalancerSchemeEnumInternetFacing, Subnets: n.subnets, SecurityGroups: []string{*n.group}, Tags: tags,
	}
	show := func(o *elb.CreateLoadBalancerOutput) []any {
		l := first(o.LoadBalancers)
		return []any{l.LoadBalancerName, l.Scheme, l.Type, l.VpcId, l.IpAddressType, len(l.AvailabilityZones), l.SecurityGroups}
	}
	b.arn = s.name("balancer", first(try(s, success, c.CreateLoadBalancer, in, show).LoadBalancers).LoadBalancerArn)
	try(s, duplicate, c.CreateLoadBalancer, in, nil)
	other := *in
	other.SecurityGroups = []string{*n.other}
	try(s, "another's name", c.CreateLoadBalancer, &other, nil)
	other = *in
	other.Name, other.Subnets = p("lost"), []string{noSubnet, n.subnets[1]}
	try(s, dependency, c.CreateLoadBalancer, &other, nil)
	list := func(o *elb.DescribeLoadBalancersOutput) []any {
		return []any{len(o.LoadBalancers), first(o.LoadBalancers).State.Code}
	}
	try(s, success, c.DescribeLoadBalancers, &elb.DescribeLoadBalancersInput{LoadBalancerArns: []string{*b.arn}}, list)
	try(s, notFound, c.DescribeLoadBalancers, &elb.DescribeLoadBalancersInput{LoadBalancerArns: []string{noBalancer}}, list)
	try(s, "no such name", c.DescribeLoadBalancers, &elb.DescribeLoadBalancersInput{Names: []string{"none"}}, list)
	idle := []types.LoadBalancerAttribute{{Key: p("idle_timeout.timeout_seconds"), Value: p("90")}}
	try(s, success, c.ModifyLoadBalancerAttributes, &elb.ModifyLoadBalancerAttributesInput{LoadBalancerArn: b.arn, Attributes: idle}, nil)
	try(s, duplicate, c.ModifyLoadBalancerAttributes, &elb.ModifyLoadBalancerAttributesInput{LoadBalancerArn: b.arn, Attributes: idle}, nil)
	try(s, notFound, c.ModifyLoadBalancerAttributes, &elb.ModifyLoadBalancerAttributesInput{LoadBalancerArn: p(noBalancer), Attributes: idle}, nil)
	attrs := func(o *elb.DescribeLoadBalancerAttributesOutput) []any {
		for _, a := range o.Attributes {
			if *a.Key == *idle[0].Key {
				return []any{a.Value}
			}
		}
		return nil
	}
	try(s, success, c.DescribeLoadBalancerAttributes, &elb.DescribeLoadBalancerAttributesInput{LoadBalancerArn: b.arn}, attrs)
	try(s, notFound, c.DescribeLoadBalancerAttributes, &elb.DescribeLoadBalancerAttributesInput{LoadBalancerArn: p(noBalancer)}, attrs)
	s.targets(n, b)
	s.listener(b)
	s.rules(b)
	s.balancerTags(b)
	return b
}

func (s *script) targets(n *network, b *balancer) {
	c := s.c.ELB
	in := &elb.CreateTargetGroupInput{
		Name: p("web"), Port: p(int32(80)), Protocol: types.ProtocolEnumHttp, VpcId: n.vpc, TargetType: types.TargetTypeEnumIp,
		HealthCheckPath: p("/"), HealthCheckIntervalSeconds: p(int32(5)), HealthCheckTimeoutSeconds: p(int32(4)),
		HealthyThresholdCount: p(int32(2)), UnhealthyThresholdCount: p(int32(6)), Matcher: &types.Matcher{HttpCode: p("200-499")},
		Tags: []types.Tag{{Key: p("berth:owner"), Value: p("env/a")}},
	}
	show := func(o *elb.CreateTargetGroupOutput) []any {
		g := first(o.TargetGroups)
		return []any{
			g.TargetGroupName, g.Port, g.Protocol, g.ProtocolVersion, g.VpcId, g.TargetType, g.HealthCheckPath, g.HealthCheckPort,
			g.HealthCheckProtocol, g.HealthCheckIntervalSeconds, g.HealthyThresholdCount, g.UnhealthyThresholdCount, g.Matcher.HttpCode, len(g.LoadBalancerArns),
		}
	}
	b.target = s.name("target", first(try(s, success, c.CreateTargetGroup, in, show).TargetGroups).TargetGroupArn)
	try(s, duplicate, c.CreateTargetGroup, in, nil)
	other := *in
	other.Port = p(int32(81))
	try(s, "another's name", c.CreateTargetGroup, &other, nil)
	other = *in
	other.Name, other.VpcId = p("lost"), p(noVPC)
	try(s, dependency, c.CreateTargetGroup, &other, nil)
	other = *in
	other.Name = p("loose")
	b.loose = first(try(s, success, c.CreateTargetGroup, &other, nil).TargetGroups).TargetGroupArn
	list := func(o *elb.DescribeTargetGroupsOutput) []any {
		g := first(o.TargetGroups)
		return []any{len(o.TargetGroups), g.TargetGroupName, g.HealthCheckPath, g.Matcher.HttpCode}
	}
	try(s, success, c.DescribeTargetGroups, &elb.DescribeTargetGroupsInput{TargetGroupArns: []string{*b.target}}, list)
	try(s, notFound, c.DescribeTargetGroups, &elb.DescribeTargetGroupsInput{TargetGroupArns: []string{noTarget}}, list)
	path := p("/health")
	try(s, success, c.ModifyTargetGroup, &elb.ModifyTargetGroupInput{TargetGroupArn: b.target, HealthCheckPath: path}, nil)
	try(s, duplicate, c.ModifyTargetGroup, &elb.ModifyTargetGroupInput{TargetGroupArn: b.target, HealthCheckPath: path}, nil)
	try(s, notFound, c.ModifyTargetGroup, &elb.ModifyTargetGroupInput{TargetGroupArn: p(noTarget), HealthCheckPath: path}, nil)
	delay := []types.TargetGroupAttribute{{Key: p("deregistration_delay.timeout_seconds"), Value: p("5")}}
	try(s, success, c.ModifyTargetGroupAttributes, &elb.ModifyTargetGroupAttributesInput{TargetGroupArn: b.target, Attributes: delay}, nil)
	try(s, duplicate, c.ModifyTargetGroupAttributes, &elb.ModifyTargetGroupAttributesInput{TargetGroupArn: b.target, Attributes: delay}, nil)
	try(s, notFound, c.ModifyTargetGroupAttributes, &elb.ModifyTargetGroupAttributesInput{TargetGroupArn: p(noTarget), Attributes: delay}, nil)
	attrs := func(o *elb.DescribeTargetGroupAttributesOutput) []any {
		for _, a := range o.Attributes {
			if *a.Key == *delay[0].Key {
				return []any{a.Value}
			}
		}
		return nil
	}
	try(s, success, c.DescribeTargetGroupAttributes, &elb.DescribeTargetGroupAttributesInput{TargetGroupArn: b.target}, attrs)
	try(s, notFound, c.DescribeTargetGroupAttributes, &elb.DescribeTargetGroupAttributesInput{TargetGroupArn: p(noTarget)}, attrs)
	health := func(o *elb.DescribeTargetHealthOutput) []any { return []any{len(o.TargetHealthDescriptions)} }
	try(s, success, c.DescribeTargetHealth, &elb.DescribeTargetHealthInput{TargetGroupArn: b.target}, health)
	try(s, notFound, c.DescribeTargetHealth, &elb.DescribeTargetHealthInput{TargetGroupArn: p(noTarget)}, health)
}

func (s *script) listener(b *balancer) {
	c := s.c.ELB
	nothing := []types.Action{{Type: types.ActionTypeEnumFixedResponse, FixedResponseConfig: &types.FixedResponseActionConfig{
		StatusCode: p("404"), ContentType: p("text/plain"), MessageBody: p("nothing here"),
	}}}
	in := &elb.CreateListenerInput{LoadBalancerArn: b.arn, Port: p(int32(8080)), Protocol: types.ProtocolEnumHttp, DefaultActions: nothing}
	show := func(o *elb.CreateListenerOutput) []any {
		l := first(o.Listeners)
		return []any{l.LoadBalancerArn, l.Port, l.Protocol, first(l.DefaultActions).Type, first(l.DefaultActions).FixedResponseConfig.StatusCode}
	}
	b.listener = s.name("listener", first(try(s, success, c.CreateListener, in, show).Listeners).ListenerArn)
	other := *in
	other.DefaultActions = []types.Action{{Type: types.ActionTypeEnumForward, TargetGroupArn: b.target}}
	try(s, "another's port", c.CreateListener, &other, nil)
	other = *in
	other.LoadBalancerArn = p(noBalancer)
	try(s, dependency, c.CreateListener, &other, nil)
	list := func(o *elb.DescribeListenersOutput) []any {
		return []any{first(o.Listeners).Port, first(o.Listeners).Protocol}
	}
	try(s, success, c.DescribeListeners, &elb.DescribeListenersInput{LoadBalancerArn: b.arn}, list)
	try(s, notFound, c.DescribeListeners, &elb.DescribeListenersInput{ListenerArns: []string{noListener}}, list)
	try(s, "no load balancer", c.DescribeListeners, &elb.DescribeListenersInput{LoadBalancerArn: p(noBalancer)}, list)
	certificates := func(o *elb.DescribeListenerCertificatesOutput) []any { return []any{len(o.Certificates)} }
	try(s, success, c.DescribeListenerCertificates, &elb.DescribeListenerCertificatesInput{ListenerArn: b.listener}, certificates)
	try(s, notFound, c.DescribeListenerCertificates, &elb.DescribeListenerCertificatesInput{ListenerArn: p(noListener)}, certificates)
	try(s, duplicate, c.CreateListener, in, show)
	try(s, success, c.ModifyListener, &elb.ModifyListenerInput{ListenerArn: b.listener, DefaultActions: nothing}, nil)
	try(s, duplicate, c.ModifyListener, &elb.ModifyListenerInput{ListenerArn: b.listener, DefaultActions: nothing}, nil)
	try(s, notFound, c.ModifyListener, &elb.ModifyListenerInput{ListenerArn: p(noListener), DefaultActions: nothing}, nil)
}

func (s *script) rules(b *balancer) {
	c := s.c.ELB
	forward := []types.Action{{Type: types.ActionTypeEnumForward, TargetGroupArn: b.target}}
	all := []types.RuleCondition{{Field: p("path-pattern"), PathPatternConfig: &types.PathPatternConditionConfig{Values: []string{"/*"}}}}
	in := &elb.CreateRuleInput{ListenerArn: b.listener, Priority: p(int32(10)), Actions: forward, Conditions: all}
	show := func(o *elb.CreateRuleOutput) []any {
		r := first(o.Rules)
		return []any{r.Priority, r.IsDefault, first(r.Actions).TargetGroupArn, first(r.Conditions).Field}
	}
	b.rule = s.name("rule", first(try(s, success, c.CreateRule, in, show).Rules).RuleArn)
	try(s, duplicate, c.CreateRule, in, nil)
	other := *in
	other.ListenerArn = p(noListener)
	try(s, dependency, c.CreateRule, &other, nil)
	other = *in
	other.Priority, other.Actions = p(int32(11)), []types.Action{{Type: types.ActionTypeEnumForward, TargetGroupArn: p(noTarget)}}
	try(s, "no target group", c.CreateRule, &other, nil)
	list := func(o *elb.DescribeRulesOutput) []any {
		var out []any
		for _, r := range o.Rules {
			out = append(out, r.Priority, r.IsDefault)
		}
		return out
	}
	try(s, success, c.DescribeRules, &elb.DescribeRulesInput{ListenerArn: b.listener}, list)
	try(s, notFound, c.DescribeRules, &elb.DescribeRulesInput{RuleArns: []string{noRule}}, list)
	try(s, success, c.ModifyRule, &elb.ModifyRuleInput{RuleArn: b.rule, Actions: forward}, nil)
	try(s, duplicate, c.ModifyRule, &elb.ModifyRuleInput{RuleArn: b.rule, Actions: forward}, nil)
	try(s, notFound, c.ModifyRule, &elb.ModifyRuleInput{RuleArn: p(noRule), Actions: forward}, nil)
	try(s, dependency, c.DeleteTargetGroup, &elb.DeleteTargetGroupInput{TargetGroupArn: b.target}, nil)
}

func (s *script) balancerTags(b *balancer) {
	c := s.c.ELB
	tags := []types.Tag{{Key: p("berth:asked"), Value: p("v1")}}
	try(s, success, c.AddTags, &elb.AddTagsInput{ResourceArns: []string{*b.target}, Tags: tags}, nil)
	try(s, duplicate, c.AddTags, &elb.AddTagsInput{ResourceArns: []string{*b.target}, Tags: tags}, nil)
	try(s, notFound, c.AddTags, &elb.AddTagsInput{ResourceArns: []string{noTarget}, Tags: tags}, nil)
	list := func(o *elb.DescribeTagsOutput) []any {
		return []any{len(o.TagDescriptions), len(first(o.TagDescriptions).Tags)}
	}
	try(s, success, c.DescribeTags, &elb.DescribeTagsInput{ResourceArns: []string{*b.target}}, list)
	try(s, notFound, c.DescribeTags, &elb.DescribeTagsInput{ResourceArns: []string{noTarget}}, list)
	try(s, success, c.RemoveTags, &elb.RemoveTagsInput{ResourceArns: []string{*b.target}, TagKeys: []string{"berth:asked"}}, nil)
}

func (s *script) balancerEnds(b *balancer) {
	c := s.c.ELB
	try(s, notFound, c.DeleteRule, &elb.DeleteRuleInput{RuleArn: p(noRule)}, nil)
	try(s, success, c.DeleteRule, &elb.DeleteRuleInput{RuleArn: b.rule}, nil)
	try(s, notFound, c.DeleteListener, &elb.DeleteListenerInput{ListenerArn: p(noListener)}, nil)
	try(s, success, c.DeleteListener, &elb.DeleteListenerInput{ListenerArn: b.listener}, nil)
	try(s, notFound, c.DeleteLoadBalancer, &elb.DeleteLoadBalancerInput{LoadBalancerArn: p(noBalancer)}, nil)
	try(s, success, c.DeleteLoadBalancer, &elb.DeleteLoadBalancerInput{LoadBalancerArn: b.arn}, nil)
	try(s, notFound, c.DeleteTargetGroup, &elb.DeleteTargetGroupInput{TargetGroupArn: p(noTarget)}, nil)
	try(s, success, c.DeleteTargetGroup, &elb.DeleteTargetGroupInput{TargetGroupArn: b.target}, nil)
	if b.loose != nil {
		try(s, success, c.DeleteTargetGroup, &elb.DeleteTargetGroupInput{TargetGroupArn: b.loose}, nil)
	}
}
