package moto

import (
	elb "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"
)

// networkBalancer plays the life of a network load balancer: TCP and UDP, a
// listener that forwards, a check on another port.
func (s *script) networkBalancer(n *network) {
	c := s.c.ELB
	in := &elb.CreateLoadBalancerInput{
		Name: p("net"), Type: types.LoadBalancerTypeEnumNetwork, Scheme: types.LoadBalancerSchemeEnumInternal,
		Subnets: n.subnets, SecurityGroups: []string{*n.group},
	}
	show := func(o *elb.CreateLoadBalancerOutput) []any {
		l := first(o.LoadBalancers)
		return []any{l.LoadBalancerName, l.Scheme, l.Type, l.VpcId, l.IpAddressType, len(l.AvailabilityZones), l.SecurityGroups}
	}
	arn := s.name("network balancer", first(try(s, "network", c.CreateLoadBalancer, in, show).LoadBalancers).LoadBalancerArn)
	cross := []types.LoadBalancerAttribute{{Key: p("load_balancing.cross_zone.enabled"), Value: p("true")}}
	try(s, "cross zone", c.ModifyLoadBalancerAttributes, &elb.ModifyLoadBalancerAttributesInput{LoadBalancerArn: arn, Attributes: cross}, nil)
	group := func(name string, protocol types.ProtocolEnum) *string {
		in := &elb.CreateTargetGroupInput{
			Name: p(name), Port: p(int32(53)), Protocol: protocol, VpcId: n.vpc, TargetType: types.TargetTypeEnumIp,
			HealthCheckProtocol: types.ProtocolEnumTcp, HealthCheckPort: p("8080"),
			HealthCheckIntervalSeconds: p(int32(5)), HealthCheckTimeoutSeconds: p(int32(4)),
			HealthyThresholdCount: p(int32(2)), UnhealthyThresholdCount: p(int32(6)),
		}
		out := try(s, string(protocol), c.CreateTargetGroup, in, func(o *elb.CreateTargetGroupOutput) []any {
			g := first(o.TargetGroups)
			return []any{
				g.TargetGroupName, g.Port, g.Protocol, g.ProtocolVersion, g.HealthCheckProtocol, g.HealthCheckPort, g.HealthCheckPath, g.Matcher,
				g.HealthCheckIntervalSeconds, g.HealthyThresholdCount, g.UnhealthyThresholdCount,
			}
		})
		return s.name(name, first(out.TargetGroups).TargetGroupArn)
	}
	tcp, udp := group("net-tcp", types.ProtocolEnumTcp), group("net-udp", types.ProtocolEnumUdp)
	listen := func(title string, port int32, protocol types.ProtocolEnum, to *string) *elb.CreateListenerOutput {
		return try(s, title, c.CreateListener, &elb.CreateListenerInput{
			LoadBalancerArn: arn, Port: &port, Protocol: protocol,
			DefaultActions: []types.Action{{Type: types.ActionTypeEnumForward, TargetGroupArn: to}},
		}, func(o *elb.CreateListenerOutput) []any {
			l := first(o.Listeners)
			return []any{l.Port, l.Protocol, first(l.DefaultActions).Type}
		})
	}
	listen("TCP", 5353, types.ProtocolEnumTcp, tcp)
	listen("UDP", 53, types.ProtocolEnumUdp, udp)
	try(s, "network in use", c.DeleteTargetGroup, &elb.DeleteTargetGroupInput{TargetGroupArn: tcp}, nil)
	try(s, "network", c.DeleteLoadBalancer, &elb.DeleteLoadBalancerInput{LoadBalancerArn: arn}, nil)
	for _, g := range []*string{tcp, udp} {
		try(s, "network", c.DeleteTargetGroup, &elb.DeleteTargetGroupInput{TargetGroupArn: g}, nil)
	}
}
