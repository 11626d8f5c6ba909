package network

import (
	"cmp"
	"fmt"
	"net/netip"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"github.com/berthdev/berth/internal/sandbox/world"
)

// sgRule is one rule: a protocol, ports and one peer.
type sgRule struct {
	ID       string
	Egress   bool
	Protocol string
	From, To int32
	// One of CIDR (IPv4 or IPv6) and Group is set.
	CIDR, Group string
	Description string
}

// same reports whether two rules allow the same; descriptions do not count.
func (r sgRule) same(o sgRule) bool {
	return r.Egress == o.Egress && r.Protocol == o.Protocol && r.From == o.From && r.To == o.To &&
		r.CIDR == o.CIDR && r.Group == o.Group
}

func (r sgRule) v6() bool {
	p, err := netip.ParsePrefix(r.CIDR)
	return err == nil && p.Addr().Is6()
}

func (r sgRule) String() string {
	return fmt.Sprintf("peer: %s, %s, from port: %d, to port: %d, ALLOW", r.CIDR+r.Group, r.Protocol, r.From, r.To)
}

func (p *groups) ruleRoutes(r *world.Router) {
	world.On(r, p.authorizeIngress)
	world.On(r, p.authorizeEgress)
	world.On(r, p.revokeIngress)
	world.On(r, p.revokeEgress)
	world.On(r, p.describeSecurityGroupRules)
}

func (p *groups) authorizeIngress(rq *world.Request, in *ec2.AuthorizeSecurityGroupIngressInput) (*ec2.AuthorizeSecurityGroupIngressOutput, error) {
	added, err := p.authorize(rq, in.GroupId, in.IpPermissions, false)
	return &ec2.AuthorizeSecurityGroupIngressOutput{Return: done(), SecurityGroupRules: added}, err
}

func (p *groups) authorizeEgress(rq *world.Request, in *ec2.AuthorizeSecurityGroupEgressInput) (*ec2.AuthorizeSecurityGroupEgressOutput, error) {
	added, err := p.authorize(rq, in.GroupId, in.IpPermissions, true)
	return &ec2.AuthorizeSecurityGroupEgressOutput{Return: done(), SecurityGroupRules: added}, err
}

func (p *groups) revokeIngress(rq *world.Request, in *ec2.RevokeSecurityGroupIngressInput) (*ec2.RevokeSecurityGroupIngressOutput, error) {
	err := p.revoke(rq, in.GroupId, in.IpPermissions, in.SecurityGroupRuleIds, false)
	return &ec2.RevokeSecurityGroupIngressOutput{Return: done()}, err
}

func (p *groups) revokeEgress(rq *world.Request, in *ec2.RevokeSecurityGroupEgressInput) (*ec2.RevokeSecurityGroupEgressOutput, error) {
	err := p.revoke(rq, in.GroupId, in.IpPermissions, in.SecurityGroupRuleIds, true)
	return &ec2.RevokeSecurityGroupEgressOutput{Return: done()}, err
}

// authorize adds rules: all of them, or none when one exists.
func (p *groups) authorize(rq *world.Request, id *string, perms []types.IpPermission, egress bool) ([]types.SecurityGroupRule, error) {
	g, err := p.s.findGroup(rq, aws.ToString(id))
	if err != nil {
		return nil, err
	}
	rules, err := p.rulesOf(rq, perms, egress)
	if err != nil {
		return nil, err
	}
	next := slices.Clone(g.Rules)
	for i, r := range rules {
		if slices.ContainsFunc(next, r.same) {
			return nil, world.APIError(400, "InvalidPermission.Duplicate", "the specified rule \"%s\" already exists", r)
		}
		rules[i].ID = p.account.NewID("sgr")
		next = append(next, rules[i])
	}
	if len(next) > p.account.Quota("rules per group", 60) {
		return nil, world.APIError(400, "RulesPerSecurityGroupLimitExceeded", "The maximum number of rules per security group has been reached.")
	}
	g.Rules = next
	out := make([]types.SecurityGroupRule, len(rules))
	for i, r := range rules {
		out[i] = p.describeRule(g, r)
	}
	return out, nil
}

func (p *groups) revoke(rq *world.Request, id *string, perms []types.IpPermission, ids []string, egress bool) error {
	g, err := p.s.findGroup(rq, aws.ToString(id))
	if err != nil {
		return err
	}
	rules, err := p.rulesOf(nil, perms, egress)
	if err != nil {
		return err
	}
	next := slices.Clone(g.Rules)
	drop := func(f func(sgRule) bool, what string) error {
		i := slices.IndexFunc(next, f)
		if i < 0 {
			return world.APIError(400, "InvalidPermission.NotFound", "The specified rule does not exist in this security group: %s.", what)
		}
		next = slices.Delete(next, i, i+1)
		return nil
	}
	for _, r := range rules {
		if err := drop(r.same, r.String()); err != nil {
			return err
		}
	}
	for _, rule := range ids {
		if err := drop(func(r sgRule) bool { return r.ID == rule && r.Egress == egress }, rule); err != nil {
			return world.APIError(400, "InvalidSecurityGroupRuleId.NotFound", "The security group rule ID '%s' does not exist", rule)
		}
	}
	g.Rules = next
	return nil
}

// rulesOf splits permissions into rules. With a request it also checks that the
// groups in them exist.
func (p *groups) rulesOf(rq *world.Request, perms []types.IpPermission, egress bool) ([]sgRule, error) {
	var out []sgRule
	for _, perm := range perms {
		base := sgRule{Egress: egress, Protocol: aws.ToString(perm.IpProtocol), From: -1, To: -1}
		if base.Protocol != "-1" {
			if perm.FromPort == nil || perm.ToPort == nil || *perm.FromPort > *perm.ToPort {
				return nil, badValue("Invalid value for portRange. Must specify both from and to ports with TCP/UDP.")
			}
			base.From, base.To = *perm.FromPort, *perm.ToPort
		}
		for _, c := range perm.IpRanges {
			out = append(out, base.with(aws.ToString(c.CidrIp), "", c.Description))
		}
		for _, c := range perm.Ipv6Ranges {
			out = append(out, base.with(aws.ToString(c.CidrIpv6), "", c.Description))
		}
		for _, u := range perm.UserIdGroupPairs {
			out = append(out, base.with("", aws.ToString(u.GroupId), u.Description))
		}
	}
	for _, r := range out {
		if r.CIDR != "" {
			if _, err := netip.ParsePrefix(r.CIDR); err != nil {
				return nil, badValue("CIDR block %s is malformed", r.CIDR)
			}
			continue
		}
		if rq != nil && p.s.Groups.Find(rq, r.Group) == nil {
			return nil, world.APIError(400, "InvalidGroup.NotFound", "You have specified two resources that belong to different networks, or the security group '%s' does not exist", r.Group)
		}
	}
	return out, nil
}

func (r sgRule) with(cidr, group string, description *string) sgRule {
	r.CIDR, r.Group, r.Description = cidr, group, aws.ToString(description)
	return r
}

// permissions combines rules as DescribeSecurityGroups shows them: one entry
// per protocol and ports.
func (p *groups) permissions(g *securityGroup, egress bool) []types.IpPermission {
	var out []types.IpPermission
	rules := slices.Clone(g.Rules)
	slices.SortStableFunc(rules, func(a, b sgRule) int {
		return cmp.Or(cmp.Compare(a.Protocol, b.Protocol), cmp.Compare(a.From, b.From), cmp.Compare(a.To, b.To))
	})
	var last sgRule
	for _, r := range rules {
		if r.Egress != egress {
			continue
		}
		if len(out) == 0 || last.Protocol != r.Protocol || last.From != r.From || last.To != r.To {
			perm := types.IpPermission{IpProtocol: aws.String(r.Protocol)}
			if r.Protocol != "-1" {
				perm.FromPort, perm.ToPort = aws.Int32(r.From), aws.Int32(r.To)
			}
			out = append(out, perm)
		}
		last = r
		perm := &out[len(out)-1]
		switch {
		case r.Group != "":
			perm.UserIdGroupPairs = append(perm.UserIdGroupPairs, types.UserIdGroupPair{
				GroupId: aws.String(r.Group), UserId: aws.String(p.account.Number()), Description: world.Optional(r.Description),
			})
		case r.v6():
			perm.Ipv6Ranges = append(perm.Ipv6Ranges, types.Ipv6Range{CidrIpv6: aws.String(r.CIDR), Description: world.Optional(r.Description)})
		default:
			perm.IpRanges = append(perm.IpRanges, types.IpRange{CidrIp: aws.String(r.CIDR), Description: world.Optional(r.Description)})
		}
	}
	return out
}
