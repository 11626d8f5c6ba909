package sandbox

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
)

// networkInterface is an interface that a service of AWS's made.
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

func (p *ec2Part) interfaceRoutes(r *router) {
	on(r, p.describeNetworkInterfaces)
	on(r, p.deleteNetworkInterface)
	r.event("ec2.eni.gone", p.interfaceGone)
}

func (p *ec2Part) describeNetworkInterfaces(rq *request, in *ec2.DescribeNetworkInterfacesInput) (*ec2.DescribeNetworkInterfacesOutput, error) {
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
func (p *ec2Part) deleteNetworkInterface(rq *request, in *ec2.DeleteNetworkInterfaceInput) (*ec2.DeleteNetworkInterfaceOutput, error) {
	id := aws.ToString(in.NetworkInterfaceId)
	if p.s.Interfaces.find(rq, id) == nil {
		return nil, missing("InvalidNetworkInterfaceID.NotFound", "networkInterface", id)
	}
	return nil, apiError(400, "InvalidParameterValue", "Network interface '%s' is currently in use.", id)
}

// attachENI makes the network interface of something that lives in a subnet:
// kind is "ecs", "elb" or "nat_gateway", groups are security group ids, public
// gives it a public address. It exists until releaseENI. The subnet must
// exist; the result is "" otherwise.
func (w *World) attachENI(kind, subnetID string, groups []string, public bool, description string) string {
	s := w.ec2.s.Subnets.get(subnetID)
	if s == nil {
		return ""
	}
	id, now := w.newID("eni"), w.now()
	n := &networkInterface{types.NetworkInterface{
		NetworkInterfaceId: &id, SubnetId: s.SubnetId, VpcId: s.VpcId, AvailabilityZone: s.AvailabilityZone,
		Description: &description, InterfaceType: types.NetworkInterfaceTypeInterface,
		OwnerId: aws.String(w.Account()), RequesterManaged: aws.Bool(true), RequesterId: aws.String("amazon-" + kind),
		Status: types.NetworkInterfaceStatusInUse, PrivateIpAddress: aws.String(s.nextIP()),
		Attachment: &types.NetworkInterfaceAttachment{
			AttachmentId: aws.String(w.newID("eni-attach")), Status: types.AttachmentStatusAttached, AttachTime: &now,
		},
	}}
	n.PrivateDnsName = aws.String(fmt.Sprintf("ip-%s.%s.compute.internal",
		strings.ReplaceAll(*n.PrivateIpAddress, ".", "-"), w.Region()))
	if kind == "nat_gateway" {
		n.InterfaceType = types.NetworkInterfaceTypeNatGateway
	}
	for _, g := range groups {
		n.Groups = append(n.Groups, w.groupIdentifier(g))
	}
	if public {
		n.Association = &types.NetworkInterfaceAssociation{PublicIp: aws.String(w.publicIP()), IpOwnerId: aws.String("amazon")}
	}
	w.ec2.s.Interfaces.put(w, now, id, n)
	return id
}

// AddInterface makes a network interface of somebody else's in a subnet, as an
// instance has one, and returns its id.
func (w *World) AddInterface(subnetID string, groups []string, description string) string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.attachENI("ec2", subnetID, groups, false, description)
}

func (w *World) groupIdentifier(id string) types.GroupIdentifier {
	ident := types.GroupIdentifier{GroupId: &id}
	if g := w.ec2.s.Groups.get(id); g != nil {
		ident.GroupName = g.GroupName
	}
	return ident
}

// releaseENI lets a network interface go at a moment, and not before: until
// then it blocks its subnet, its groups and, if public, the internet gateway.
func (w *World) releaseENI(id string, at time.Time) {
	w.schedule(at, "ec2.eni.gone", id)
}

func (p *ec2Part) interfaceGone(at time.Time, id string) {
	n := p.s.Interfaces.get(id)
	if n == nil {
		return
	}
	if n.Association != nil {
		if p.s.MappedUntil == nil {
			p.s.MappedUntil = map[string]time.Time{}
		}
		until := at.Add(p.w.takes(PublicAddressUnmapped))
		if until.After(p.s.MappedUntil[*n.VpcId]) {
			p.s.MappedUntil[*n.VpcId] = until
		}
	}
	p.s.Interfaces.remove(at, id)
}

// setENIGroups replaces the security groups of an interface, as SetSecurityGroups
// does for a load balancer's.
func (w *World) setENIGroups(id string, groups []string) {
	n := w.ec2.s.Interfaces.get(id)
	if n == nil {
		return
	}
	n.Groups = nil
	for _, g := range slices.Compact(slices.Sorted(slices.Values(groups))) {
		n.Groups = append(n.Groups, w.groupIdentifier(g))
	}
}
