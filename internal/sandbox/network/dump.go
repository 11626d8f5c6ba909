package network

import (
	"cmp"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"github.com/berthdev/berth/internal/sandbox/world"
)

// Dump implements world.Service.
func (p *EC2) Dump(d *world.Dumper) {
	for _, v := range p.s.VPCs.All() {
		add := d.Add
		if p.inDefaultVPC(v.VpcId) {
			add = d.Keep
		}
		body := *world.Clone(v)
		for i := range body.CidrBlockAssociationSet {
			body.CidrBlockAssociationSet[i].AssociationId = nil
		}
		add("ec2.vpc", *v.VpcId, stableName(v.Tags, *v.CidrBlock), body)
	}
	for _, o := range p.s.DHCP.All() {
		add := d.Add
		if *o.DhcpOptionsId == p.s.DefaultDHCP {
			add = d.Keep
		}
		add("ec2.dhcp-options", *o.DhcpOptionsId, stableName(o.Tags, ""), o)
	}
	for _, a := range p.s.Addresses.All() {
		body := *world.Clone(a)
		body.AssociationId, body.PublicIp, body.PrivateIpAddress = nil, nil, nil
		d.Add("ec2.elastic-ip", *a.AllocationId, stableName(a.Tags, ""), body)
	}
	for _, e := range p.s.Endpoints.All() {
		body := *world.Clone(e)
		slices.Sort(body.RouteTableIds)
		d.Add("ec2.vpc-endpoint", *e.VpcEndpointId, stableName(e.Tags, *e.ServiceName), body)
	}
	for _, l := range p.s.Templates.All() {
		last := l.Versions[len(l.Versions)-1].LaunchTemplateData
		d.Add("ec2.launch-template", *l.LaunchTemplateId, stableName(l.Tags, *l.LaunchTemplateName), map[string]any{"data": last, "tags": l.Tags})
	}
	p.dumpSubnets(d)
	p.dumpRouting(d)
	p.dumpGroups(d)
}

func (p *EC2) dumpSubnets(d *world.Dumper) {
	for _, s := range p.s.Subnets.All() {
		add := d.Add
		if p.inDefaultVPC(s.VpcId) {
			add = d.Keep
		}
		body := *world.Clone(s)
		body.Given = 0
		add("ec2.subnet", *s.SubnetId, stableName(s.Tags, *s.CidrBlock), body)
	}
	for _, n := range p.s.Interfaces.All() {
		name := aws.ToString(n.Description)
		body := map[string]any{"subnet": n.SubnetId, "groups": n.Groups, "public": n.Association != nil}
		switch {
		case strings.HasPrefix(name, "arn:"):
			// The subnet of a task depends on the tasks before it.
			name = "ecs task" + p.Needs.Tasks.FamilyAt(*n.NetworkInterfaceId)
			delete(body, "subnet")
		case strings.HasPrefix(name, "ELB "):
			name = name[:strings.LastIndex(name, "/")]
		case strings.HasPrefix(name, "EFS "):
			name = "EFS mount target in " + *n.AvailabilityZone
		case strings.HasPrefix(name, "S3 Files "):
			name = "S3 Files mount target in " + *n.AvailabilityZone
		}
		d.Add("ec2.network-interface", *n.NetworkInterfaceId, name, body)
	}
}

func (p *EC2) dumpRouting(d *world.Dumper) {
	for _, g := range p.s.Gateways.All() {
		add := d.Add
		if g.attachedTo() == p.s.DefaultVPCID {
			add = d.Keep
		}
		add("ec2.internet-gateway", *g.InternetGatewayId, stableName(g.Tags, ""), g)
	}
	for _, n := range p.s.NATs.All() {
		if !n.exists() {
			continue
		}
		d.Add("ec2.nat-gateway", *n.NatGatewayId, stableName(n.Tags, ""), map[string]any{
			"subnet": n.SubnetId, "state": n.State, "allocation": n.NatGatewayAddresses[0].AllocationId, "tags": n.Tags,
		})
	}
	for _, t := range p.s.RouteTables.All() {
		add := d.Add
		if p.inDefaultVPC(t.VpcId) {
			add = d.Keep
		}
		body := *world.Clone(t)
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

func (p *EC2) subnetCIDR(id *string) string {
	if s := p.s.Subnets.Get(aws.ToString(id)); s != nil {
		return *s.CidrBlock
	}
	return ""
}

func (p *EC2) dumpGroups(d *world.Dumper) {
	for _, g := range p.s.Groups.All() {
		add := d.Add
		if p.inDefaultVPC(g.VpcId) {
			add = d.Keep
		}
		body := *world.Clone(g)
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
func (p *EC2) ruleKey(r sgRule) string {
	if g := p.s.Groups.Get(r.Group); g != nil {
		r.Group = *g.GroupName
	}
	return boolText(r.Egress) + r.String()
}
