package network

import (
	"cmp"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"github.com/berthdev/berth/internal/sandbox/world"
)

// securityGroup is a group with its rules, which describe calls combine into
// permissions.
type securityGroup struct {
	types.SecurityGroup
	Rules []sgRule
}

func (g *securityGroup) tags() *[]types.Tag { return &g.Tags }

// standard reports whether this is the default group that every VPC has.
func (g *securityGroup) standard() bool { return aws.ToString(g.GroupName) == "default" }

func (g *securityGroup) field(filter string) ([]string, bool) {
	switch filter {
	case "group-id":
		return one(g.GroupId)
	case "group-name":
		return one(g.GroupName)
	case "vpc-id":
		return one(g.VpcId)
	case "description":
		return one(g.Description)
	case "owner-id":
		return one(g.OwnerId)
	case "ip-permission.group-id":
		var sources []string
		for _, r := range g.Rules {
			if !r.Egress && r.Group != "" {
				sources = append(sources, r.Group)
			}
		}
		return sources, true
	}
	return nil, false
}

// groups are the security groups and their rules.
type groups struct {
	account *world.Account
	s       *state
}

func (p *groups) groupRoutes(r *world.Router) {
	world.On(r, p.createSecurityGroup)
	world.On(r, p.describeSecurityGroups)
	world.On(r, p.deleteSecurityGroup)
}

func (p *groups) createSecurityGroup(rq *world.Request, in *ec2.CreateSecurityGroupInput) (*ec2.CreateSecurityGroupOutput, error) {
	tags, err := specTags(in.TagSpecifications, types.ResourceTypeSecurityGroup)
	if err != nil {
		return nil, err
	}
	v, err := p.s.findVPC(rq, cmp.Or(aws.ToString(in.VpcId), p.s.DefaultVPCID))
	if err != nil {
		return nil, err
	}
	name := aws.ToString(in.GroupName)
	if err := groupName(name, aws.ToString(in.Description)); err != nil {
		return nil, err
	}
	if some(&p.s.Groups, func(g *securityGroup) bool { return *g.VpcId == *v.VpcId && *g.GroupName == name }) {
		return nil, world.APIError(400, "InvalidGroup.Duplicate", "The security group '%s' already exists for VPC '%s'", name, *v.VpcId)
	}
	if len(p.s.Groups.All()) >= p.account.Quota("security groups", 2500) {
		return nil, world.APIError(400, "SecurityGroupLimitExceeded", "The maximum number of security groups for VPC '%s' has been reached.", *v.VpcId)
	}
	g := p.newGroup(rq, *v.VpcId, name, aws.ToString(in.Description), tags)
	return &ec2.CreateSecurityGroupOutput{GroupId: g.GroupId, Tags: tags, SecurityGroupArn: g.SecurityGroupArn}, nil
}

// groupName applies EC2's rules for names and descriptions.
func groupName(name, description string) error {
	switch {
	case name == "" || len(name) > 255:
		return badValue("Value (%s) for parameter GroupName is invalid. It must have 1 to 255 characters.", name)
	case name == "default":
		return world.APIError(400, "InvalidGroup.Reserved", "The security group name 'default' is reserved")
	case len(name) > 3 && name[:3] == "sg-":
		return badValue("Value (%s) for parameter GroupName is invalid. Group names may not be in the format sg-*.", name)
	case description == "" || len(description) > 255:
		return badValue("Value (%s) for parameter GroupDescription is invalid. It must have 1 to 255 characters.", description)
	}
	for _, r := range description {
		if r < ' ' || r > '~' {
			return badValue("Value (%s) for parameter GroupDescription is invalid. Character sets beyond ASCII are not supported.", description)
		}
	}
	return nil
}

// newGroup makes a group with the rule that every new group has: all egress.
func (p *groups) newGroup(rq *world.Request, vpcID, name, description string, tags []types.Tag) *securityGroup {
	id := p.account.NewID("sg")
	g := &securityGroup{SecurityGroup: types.SecurityGroup{
		GroupId: &id, GroupName: &name, Description: &description, VpcId: &vpcID, Tags: tags,
		OwnerId: aws.String(p.account.Number()), SecurityGroupArn: aws.String(p.account.ARN("ec2", "security-group/"+id)),
	}}
	g.Rules = []sgRule{{ID: p.account.NewID("sgr"), Egress: true, Protocol: "-1", From: -1, To: -1, CIDR: "0.0.0.0/0"}}
	if name == "default" {
		g.Rules = append(g.Rules, sgRule{ID: p.account.NewID("sgr"), Protocol: "-1", From: -1, To: -1, Group: id})
	}
	return p.s.Groups.Put(p.account, rq.Now, id, g)
}

func (p *groups) describeSecurityGroups(rq *world.Request, in *ec2.DescribeSecurityGroupsInput) (*ec2.DescribeSecurityGroupsOutput, error) {
	page, next, err := describe(rq, &p.s.Groups, view{
		in.GroupIds, in.Filters, "InvalidGroup.NotFound", "security group", in.NextToken, in.MaxResults,
	})
	return &ec2.DescribeSecurityGroupsOutput{
		SecurityGroups: unpack(page, func(g *securityGroup) types.SecurityGroup {
			out := g.SecurityGroup
			out.IpPermissions = p.permissions(g, false)
			out.IpPermissionsEgress = p.permissions(g, true)
			return out
		}), NextToken: next,
	}, err
}

// deleteSecurityGroup refuses while an interface has the group or another
// group's rule names it.
func (p *groups) deleteSecurityGroup(rq *world.Request, in *ec2.DeleteSecurityGroupInput) (*ec2.DeleteSecurityGroupOutput, error) {
	g, err := p.s.findGroup(rq, aws.ToString(in.GroupId))
	if err != nil {
		return nil, err
	}
	id := *g.GroupId
	if g.standard() {
		return nil, world.APIError(400, "CannotDelete", "the specified group: \"%s\" name: \"default\" cannot be deleted by a user", id)
	}
	used := some(&p.s.Interfaces, func(n *networkInterface) bool {
		return slices.ContainsFunc(n.Groups, func(i types.GroupIdentifier) bool { return aws.ToString(i.GroupId) == id })
	}) || some(&p.s.Groups, func(o *securityGroup) bool {
		return o != g && slices.ContainsFunc(o.Rules, func(r sgRule) bool { return r.Group == id })
	})
	if used {
		return nil, inUse("resource %s has a dependent object", id)
	}
	p.s.Groups.Remove(rq.Now, id)
	return &ec2.DeleteSecurityGroupOutput{GroupId: &id, Return: done()}, nil
}

func (s *state) findGroup(rq *world.Request, id string) (*securityGroup, error) {
	if g := s.Groups.Find(rq, id); g != nil {
		return g, nil
	}
	return nil, world.APIError(400, "InvalidGroup.NotFound", "The security group '%s' does not exist", id)
}
