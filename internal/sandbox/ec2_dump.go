package sandbox

import (
	"cmp"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
)

func (p *ec2Part) Dump(d *dumper) {
	for _, v := range p.s.VPCs.all() {
		add := d.add
		if p.inDefaultVPC(v.VpcId) {
			add = d.keep
		}
		body := *clone(v)
		for i := range body.CidrBlockAssociationSet {
			body.CidrBlockAssociationSet[i].AssociationId = nil
		}
		add("ec2.vpc", *v.VpcId, stableName(v.Tags, *v.CidrBlock), body)
	}
	for _, o := range p.s.DHCP.all() {
		add := d.add
		if *o.DhcpOptionsId == p.s.DefaultDHCP {
			add = d.keep
		}
		add("ec2.dhcp-options", *o.DhcpOptionsId, stableName(o.Tags, ""), o)
	}
	for _, a := range p.s.Addresses.all() {
		body := *clone(a)
		body.AssociationId, body.PublicIp, body.PrivateIpAddress = nil, nil, nil
		d.add("ec2.elastic-ip", *a.AllocationId, stableName(a.Tags, ""), body)
	}
	for _, e := range p.s.Endpoints.all() {
		body := *clone(e)
		slices.Sort(body.RouteTableIds)
		d.add("ec2.vpc-endpoint", *e.VpcEndpointId, stableName(e.Tags, *e.ServiceName), body)
	}
	p.dumpSubnets(d)
	p.dumpRouting(d)
	p.dumpGroups(d)
}

func (p *ec2Part) dumpSubnets(d *dumper) {
	for _, s := range p.s.Subnets.all() {
		add := d.add
		if p.inDefaultVPC(s.VpcId) {
			add = d.keep
		}
		body := *clone(s)
		body.Given = 0
		add("ec2.subnet", *s.SubnetId, stableName(s.Tags, *s.CidrBlock), body)
	}
	for _, n := range p.s.Interfaces.all() {
		name := aws.ToString(n.Description)
		body := map[string]any{"subnet": n.SubnetId, "groups": n.Groups, "public": n.Association != nil}
		switch {
		case strings.HasPrefix(name, "arn:"):
			// Where a task landed depends on those before it.
			name = "ecs task" + p.Needs.Tasks.FamilyAt(*n.NetworkInterfaceId)
			delete(body, "subnet")
		case strings.HasPrefix(name, "ELB "):
			name = name[:strings.LastIndex(name, "/")]
		case strings.HasPrefix(name, "EFS "):
			name = "EFS mount target in " + *n.AvailabilityZone
		case strings.HasPrefix(name, "S3 Files "):
			name = "S3 Files mount target in " + *n.AvailabilityZone
		}
		d.add("ec2.network-interface", *n.NetworkInterfaceId, name, body)
	}
}

func (p *ec2Part) dumpRouting(d *dumper) {
	for _, g := range p.s.Gateways.all() {
		add := d.add
		if g.attachedTo() == p.s.DefaultVPCID {
			add = d.keep
		}
		add("ec2.internet-gateway", *g.InternetGatewayId, stableName(g.Tags, ""), g)
	}
	for _, n := range p.s.NATs.all() {
		if !n.exists() {
			continue
		}
		d.add("ec2.nat-gateway", *n.NatGatewayId, stableName(n.Tags, ""), map[string]any{
			"subnet": n.SubnetId, "state": n.State, "allocation": n.NatGatewayAddresses[0].AllocationId, "tags": n.Tags,
		})
	}
	for _, t := range p.s.RouteTables.all() {
		add := d.add
		if p.inDefaultVPC(t.VpcId) {
			add = d.keep
		}
		body := *clone(t)
		for i := range body.Associations {
			body.Associations[i].RouteTableAssociationId = nil
		}
		slices.SortFunc(body.Associations, func(a, b types.RouteTableAssociation) int {
			return cmp.Compare(p.subnetCIDR(a.SubnetId), p.subnetCIDR(b.SubnetId))
		})
		slices.SortFunc(body.Routes, func(a, b types.Route) int { return cmp.Compare(destination(a), destination(b)) })
		name := stableName(t.Tags, "")
		if t.main() {
			name = "main"
		}
		add("ec2.route-table", *t.RouteTableId, name, body)
	}
}

func (p *ec2Part) subnetCIDR(id *string) string {
	if s := p.s.Subnets.get(aws.ToString(id)); s != nil {
		return *s.CidrBlock
	}
	return ""
}

func (p *ec2Part) dumpGroups(d *dumper) {
	for _, g := range p.s.Groups.all() {
		add := d.add
		if p.inDefaultVPC(g.VpcId) {
			add = d.keep
		}
		body := *clone(g)
		for i := range body.Rules {
			body.Rules[i].ID = ""
		}
		slices.SortFunc(body.Rules, func(a, b sgRule) int {
			return cmp.Compare(p.ruleKey(a), p.ruleKey(b))
		})
		add("ec2.security-group", *g.GroupId, stableName(g.Tags, *g.GroupName), body)
	}
}

// ruleKey orders rules without regard to ids.
func (p *ec2Part) ruleKey(r sgRule) string {
	if g := p.s.Groups.get(r.Group); g != nil {
		r.Group = *g.GroupName
	}
	return boolText(r.Egress) + r.String()
}
