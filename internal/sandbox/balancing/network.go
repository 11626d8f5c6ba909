package balancing

import (
	"cmp"
	"slices"
	"strconv"

	"github.com/aws/aws-sdk-go-v2/aws"
	elb "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"

	"github.com/berthdev/berth/internal/sandbox/world"
)

// This file has what network load balancers do differently from application
// ones. Source:
// https://docs.aws.amazon.com/elasticloadbalancing/latest/network/

func kindOf(network bool) types.LoadBalancerTypeEnum {
	if network {
		return types.LoadBalancerTypeEnumNetwork
	}
	return types.LoadBalancerTypeEnumApplication
}

// kindPath is the kind in an ARN.
func kindPath(network bool) string {
	if network {
		return "net"
	}
	return "app"
}

func activeStep(network bool) world.Step {
	if network {
		return world.NetworkBalancerActive
	}
	return world.BalancerActive
}

func balancerQuota(network bool) string {
	if network {
		return "network load balancers"
	}
	return "load balancers"
}

func (p *balancers) countBalancers(network bool) int {
	n := 0
	for _, b := range p.s.Balancers.All() {
		if b.Network == network {
			n++
		}
	}
	return n
}

// balancerZone is the zone of a balancer's host name, such as eu-central-1.
// https://docs.aws.amazon.com/general/latest/gr/elb.html
func balancerZone(network bool) string {
	if network {
		return "Z3F0SRJ5LGBH90"
	}
	return "Z215JYRZR1TBD5"
}

func networkDefaults() map[string]string {
	return map[string]string{
		"access_logs.s3.bucket":             "",
		"access_logs.s3.enabled":            "false",
		"access_logs.s3.prefix":             "",
		"deletion_protection.enabled":       "false",
		"dns_record.client_routing_policy":  "any_availability_zone",
		"load_balancing.cross_zone.enabled": "false",
	}
}

// networkGroups refuses what AWS refuses: a network load balancer that was made
// without security groups can never have any, and one with groups must keep at least
// one.
func networkGroups(b *balancer, groups []string) error {
	if b.Network && (len(b.SecurityGroups) == 0) != (len(groups) == 0) {
		return &types.InvalidConfigurationRequestException{Message: aws.String(
			"You cannot add security groups to a load balancer that was created without, or take all of them away")}
	}
	return nil
}

func networkProtocol(p types.ProtocolEnum) bool {
	return slices.Contains([]types.ProtocolEnum{
		types.ProtocolEnumTcp, types.ProtocolEnumUdp, types.ProtocolEnumTcpUdp, types.ProtocolEnumTls,
	}, p)
}

// checkProtocol checks that a balancer of this kind can have listeners of a
// protocol, and that the target groups behind it speak the protocol.
func (p *listeners) checkProtocol(b *balancer, protocol types.ProtocolEnum, actions []types.Action) error {
	if networkProtocol(protocol) != b.Network {
		return invalid("Listener protocol '%s' is not supported for a load balancer of the type '%s'", protocol, kindOf(b.Network))
	}
	if b.Network && slices.ContainsFunc(actions, func(a types.Action) bool { return a.Type != types.ActionTypeEnumForward }) {
		return &types.InvalidLoadBalancerActionException{Message: aws.String("A network load balancer can only forward")}
	}
	for _, arn := range groupsOf(actions) {
		g := p.s.Groups.Get(arn)
		if g == nil {
			continue // checkActions says so
		}
		have, fits := g.Shown.Protocol, !networkProtocol(g.Shown.Protocol)
		if b.Network {
			fits = have == protocol || protocol == types.ProtocolEnumTls && have == types.ProtocolEnumTcp
		}
		if !fits {
			return &types.IncompatibleProtocolsException{Message: aws.String(
				"The protocol of the target group, " + string(have) + ", is incompatible with the listener's, " + string(protocol))}
		}
	}
	return nil
}

// newNetworkGroup is the group of a network load balancer that an input
// describes: its check is TCP unless the input asks for HTTP.
func newNetworkGroup(in *elb.CreateTargetGroupInput) types.TargetGroup {
	g := newTargetGroup(in)
	g.ProtocolVersion = nil
	g.HealthCheckProtocol = cmp.Or(in.HealthCheckProtocol, types.ProtocolEnumTcp)
	g.HealthCheckTimeoutSeconds = aws.Int32(cmp.Or(aws.ToInt32(in.HealthCheckTimeoutSeconds), 10))
	if g.HealthCheckProtocol == types.ProtocolEnumTcp {
		g.HealthCheckPath, g.Matcher = in.HealthCheckPath, in.Matcher
		return g
	}
	if in.Matcher == nil {
		g.Matcher = &types.Matcher{HttpCode: aws.String("200-399")}
	}
	return g
}

// checkCheck checks the settings of a group's health check.
func checkCheck(g types.TargetGroup) error {
	check := g.HealthCheckProtocol
	switch {
	case check == types.ProtocolEnumTcp && !networkProtocol(g.Protocol):
		return invalid("Health check protocol TCP is not supported for target groups of the protocol %s", g.Protocol)
	case check == types.ProtocolEnumTcp && (g.HealthCheckPath != nil || g.Matcher != nil):
		return invalid("Health check path and matcher are not supported for health check protocol TCP")
	case check != types.ProtocolEnumTcp && check != types.ProtocolEnumHttp && check != types.ProtocolEnumHttps:
		return invalid("Health check protocol '%s' must be one of 'TCP, HTTP, HTTPS'", check)
	}
	return nil
}

// checkPort is the port that a target's health check connects to.
func checkPort(g *targetGroup, t *target) int32 {
	n, err := strconv.ParseInt(aws.ToString(g.Shown.HealthCheckPort), 10, 32)
	if err != nil {
		return t.Port
	}
	return int32(n)
}
