package network

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"github.com/berthdev/berth/internal/sandbox/world"
)

// networkInterface is an interface that one of AWS's services made.
type networkInterface struct{ types.NetworkInterface }

func (n *networkInterface) tags() *[]types.Tag { return &n.TagSet }

func (n *networkInterface) field(filter string) ([]string, bool) {
	switch filter {
	case "network-interface-id":
		return one(n.NetworkInterfaceId)
	case "vpc-id":
		return one(n.VpcId)
	case "subnet-id":
		return one(n.SubnetId)
	case "description":
		return one(n.Description)
	case "status":
		return []string{string(n.Status)}, true
	case "interface-type":
		return []string{string(n.InterfaceType)}, true
	case "requester-id":
		return one(n.RequesterId)
	case "requester-managed":
		return []string{boolText(aws.ToBool(n.RequesterManaged))}, true
	case "attachment.status":
		return []string{string(n.Attachment.Status)}, true
	case "private-ip-address", "addresses.private-ip-address":
		return one(n.PrivateIpAddress)
	case "association.public-ip":
		if n.Association == nil {
			return nil, true
		}
		return one(n.Association.PublicIp)
	case "group-id":
		ids := make([]string, len(n.Groups))
		for i, g := range n.Groups {
			ids[i] = aws.ToString(g.GroupId)
		}
		return ids, true
	}
	return nil, false
}

// Interfaces are the network interfaces, which other services make.
type Interfaces struct {
	account *world.Account
	s       *state
}

func (p *Interfaces) interfaceRoutes(r *world.Router) {
	world.On(r, p.describeNetworkInterfaces)
	world.On(r, p.deleteNetworkInterface)
	r.Event("ec2.eni.gone", p.interfaceGone)
}

func (p *Interfaces) describeNetworkInterfaces(rq *world.Request, in *ec2.DescribeNetworkInterfacesInput) (*ec2.DescribeNetworkInterfacesOutput, error) {
	page, next, err := describe(rq, &p.s.Interfaces, view{
		in.NetworkInterfaceIds, in.Filters, "InvalidNetworkInterfaceID.NotFound", "networkInterface", in.NextToken, in.MaxResults,
	})
	return &ec2.DescribeNetworkInterfacesOutput{
		NetworkInterfaces: unpack(page, func(n *networkInterface) types.NetworkInterface { return n.NetworkInterface }),
		NextToken:         next,
	}, err
}

// deleteNetworkInterface refuses, as AWS does for interfaces that a service
// manages: all of the sandbox's are of that kind.
func (p *Interfaces) deleteNetworkInterface(rq *world.Request, in *ec2.DeleteNetworkInterfaceInput) (*ec2.DeleteNetworkInterfaceOutput, error) {
	id := aws.ToString(in.NetworkInterfaceId)
	if p.s.Interfaces.Find(rq, id) == nil {
		return nil, missing("InvalidNetworkInterfaceID.NotFound", "networkInterface", id)
	}
	return nil, world.APIError(400, "InvalidParameterValue", "Network interface '%s' is currently in use.", id)
}

// Attach makes a network interface in a subnet: kind is "ecs", "elb" or
// "nat_gateway", groups are security group ids, public gives it a public
// address. It exists until Release. If the subnet does not exist, or has no free
// address, the result is "".
func (p *Interfaces) Attach(kind, subnetID string, groups []string, public bool, description string) string {
	s := p.s.Subnets.Get(subnetID)
	if s == nil || p.s.free(s) < 1 {
		return ""
	}
	id, now := p.account.NewID("eni"), p.account.Now()
	n := &networkInterface{types.NetworkInterface{
		NetworkInterfaceId: &id, SubnetId: s.SubnetId, VpcId: s.VpcId, AvailabilityZone: s.AvailabilityZone,
		Description: &description, InterfaceType: types.NetworkInterfaceTypeInterface,
		OwnerId: aws.String(p.account.Number()), RequesterManaged: aws.Bool(true), RequesterId: aws.String("amazon-" + kind),
		Status: types.NetworkInterfaceStatusInUse, PrivateIpAddress: aws.String(s.nextIP()),
		Attachment: &types.NetworkInterfaceAttachment{
			AttachmentId: aws.String(p.account.NewID("eni-attach")), Status: types.AttachmentStatusAttached, AttachTime: &now,
		},
	}}
	n.PrivateDnsName = aws.String(fmt.Sprintf("ip-%s.%s.compute.internal",
		strings.ReplaceAll(*n.PrivateIpAddress, ".", "-"), p.account.Region()))
	if kind == "nat_gateway" {
		n.InterfaceType = types.NetworkInterfaceTypeNatGateway
	}
	for _, g := range groups {
		n.Groups = append(n.Groups, p.groupIdentifier(g))
	}
	if public {
		n.Association = &types.NetworkInterfaceAssociation{PublicIp: aws.String(publicIP(p.account)), IpOwnerId: aws.String("amazon")}
	}
	p.s.Interfaces.Put(p.account, now, id, n)
	return id
}

func (p *Interfaces) groupIdentifier(id string) types.GroupIdentifier {
	ident := types.GroupIdentifier{GroupId: &id}
	if g := p.s.Groups.Get(id); g != nil {
		ident.GroupName = g.GroupName
	}
	return ident
}

// Release removes a network interface at a certain time: until then it blocks
// its subnet, its groups and, if public, the internet gateway.
func (p *Interfaces) Release(id string, at time.Time) {
	p.account.Schedule(at, "ec2.eni.gone", id)
}

func (p *Interfaces) interfaceGone(at time.Time, id string) {
	n := p.s.Interfaces.Get(id)
	if n == nil {
		return
	}
	if n.Association != nil {
		if p.s.MappedUntil == nil {
			p.s.MappedUntil = map[string]time.Time{}
		}
		until := at.Add(p.account.Takes(world.PublicAddressUnmapped))
		if until.After(p.s.MappedUntil[*n.VpcId]) {
			p.s.MappedUntil[*n.VpcId] = until
		}
	}
	p.s.Interfaces.Remove(at, id)
}

// Take takes all free addresses of a subnet, as interfaces of others do.
func (p *Interfaces) Take(subnetID string) {
	if s := p.s.Subnets.Get(subnetID); s != nil {
		s.Full = true
	}
}

// SetGroups replaces the security groups of an interface, as SetSecurityGroups
// does for a load balancer's.
func (p *Interfaces) SetGroups(id string, groups []string) {
	n := p.s.Interfaces.Get(id)
	if n == nil {
		return
	}
	n.Groups = nil
	for _, g := range slices.Compact(slices.Sorted(slices.Values(groups))) {
		n.Groups = append(n.Groups, p.groupIdentifier(g))
	}
}
