package network

import (
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"github.com/berthdev/berth/internal/sandbox/world"
)

// describeRule is a rule as DescribeSecurityGroupRules shows it.
func (p *groups) describeRule(g *securityGroup, r sgRule) types.SecurityGroupRule {
	out := types.SecurityGroupRule{
		SecurityGroupRuleId: aws.String(r.ID), GroupId: g.GroupId, GroupOwnerId: aws.String(p.account.Number()),
		IsEgress: aws.Bool(r.Egress), IpProtocol: aws.String(r.Protocol),
		FromPort: aws.Int32(r.From), ToPort: aws.Int32(r.To), Description: world.Optional(r.Description),
	}
	switch {
	case r.Group != "":
		out.ReferencedGroupInfo = &types.ReferencedSecurityGroup{GroupId: aws.String(r.Group), UserId: aws.String(p.account.Number())}
	case r.v6():
		out.CidrIpv6 = aws.String(r.CIDR)
	default:
		out.CidrIpv4 = aws.String(r.CIDR)
	}
	return out
}

// describeSecurityGroupRules only supports the filter group-id.
func (p *groups) describeSecurityGroupRules(rq *world.Request, in *ec2.DescribeSecurityGroupRulesInput) (*ec2.DescribeSecurityGroupRulesOutput, error) {
	out := &ec2.DescribeSecurityGroupRulesOutput{}
	for _, f := range in.Filters {
		if aws.ToString(f.Name) != "group-id" {
			return nil, badValue("The filter '%s' is invalid", aws.ToString(f.Name))
		}
	}
	for _, g := range p.s.Groups.List(rq) {
		if ok, _ := passes(g, in.Filters); !ok {
			continue
		}
		for _, r := range g.Rules {
			if len(in.SecurityGroupRuleIds) == 0 || world.MatchAny(in.SecurityGroupRuleIds, r.ID, false) {
				out.SecurityGroupRules = append(out.SecurityGroupRules, p.describeRule(g, r))
			}
		}
	}
	return out, nil
}
