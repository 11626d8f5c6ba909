package ec2

import (
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"github.com/berthdev/berth/internal/engine"
)

// Rule allows packets from CIDR or from the members of the group Source.
type Rule struct {
	// Protocol is tcp or udp. Rules that others made can have more: icmp, or
	// -1 for everything.
	Protocol string
	// From and To are the first and the last port.
	From, To int
	// CIDR is an IPv4 or IPv6 range; empty when Source is set. In a rule that
	// others made it can be the id of a prefix list.
	CIDR   string
	Source engine.Ref
}

// key identifies a rule for AWS.
func (r Rule) key() Rule {
	r.Source = engine.Lit(r.Source.Value())
	if r.Protocol == allProtocols {
		r.From, r.To = 0, 0
	}
	return r
}

// allProtocols is how AWS writes a rule for all protocols; it has no ports.
const allProtocols = "-1"

const prefixList = "pl-"

// rulesOf splits AWS's permissions into rules: a permission is a protocol with
// ports and many sources.
func rulesOf(perms []types.IpPermission) []Rule {
	var rules []Rule
	for _, p := range perms {
		r := Rule{
			Protocol: aws.ToString(p.IpProtocol),
			From:     int(aws.ToInt32(p.FromPort)),
			To:       int(aws.ToInt32(p.ToPort)),
		}
		for _, x := range p.IpRanges {
			r.CIDR = aws.ToString(x.CidrIp)
			rules = append(rules, r.key())
		}
		for _, x := range p.Ipv6Ranges {
			r.CIDR = aws.ToString(x.CidrIpv6)
			rules = append(rules, r.key())
		}
		for _, x := range p.PrefixListIds {
			r.CIDR = aws.ToString(x.PrefixListId)
			rules = append(rules, r.key())
		}
		r.CIDR = ""
		for _, x := range p.UserIdGroupPairs {
			r.Source = engine.Lit(aws.ToString(x.GroupId))
			rules = append(rules, r.key())
		}
	}
	return rules
}

// permissions turns each rule into one of AWS's permissions.
func permissions(rules []Rule) []types.IpPermission {
	perms := make([]types.IpPermission, len(rules))
	for i, r := range rules {
		p := types.IpPermission{IpProtocol: aws.String(r.Protocol)}
		if r.Protocol != allProtocols {
			p.FromPort, p.ToPort = aws.Int32(int32(r.From)), aws.Int32(int32(r.To))
		}
		switch {
		case r.Source.Value() != "":
			p.UserIdGroupPairs = []types.UserIdGroupPair{{GroupId: aws.String(r.Source.Value())}}
		case strings.HasPrefix(r.CIDR, prefixList):
			p.PrefixListIds = []types.PrefixListId{{PrefixListId: aws.String(r.CIDR)}}
		case strings.Contains(r.CIDR, ":"):
			p.Ipv6Ranges = []types.Ipv6Range{{CidrIpv6: aws.String(r.CIDR)}}
		default:
			p.IpRanges = []types.IpRange{{CidrIp: aws.String(r.CIDR)}}
		}
		perms[i] = p
	}
	return perms
}

// diffRules returns the rules to add and those to drop, each once: AWS refuses
// a call that names a rule twice.
func diffRules(have, want []Rule) (add, drop []Rule) {
	return lacking(have, want), lacking(want, have)
}

// lacking returns the rules of list that known does not have.
func lacking(known, list []Rule) []Rule {
	var out []Rule
	for _, r := range list {
		same := func(x Rule) bool { return x.key() == r.key() }
		if !slices.ContainsFunc(known, same) && !slices.ContainsFunc(out, same) {
			out = append(out, r.key())
		}
	}
	return out
}
