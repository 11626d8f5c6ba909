package network

import (
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"github.com/berthdev/berth/internal/sandbox/world"
)

type address struct{ types.Address }

func (a *address) tags() *[]types.Tag { return &a.Tags }

func (a *address) field(filter string) ([]string, bool) {
	switch filter {
	case "allocation-id":
		return one(a.AllocationId)
	case "association-id":
		return one(a.AssociationId)
	case "domain":
		return []string{string(a.Domain)}, true
	case "network-interface-id":
		return one(a.NetworkInterfaceId)
	case "public-ip":
		return one(a.PublicIp)
	}
	return nil, false
}

func (p *gateways) addressRoutes(r *world.Router) {
	world.On(r, p.allocateAddress)
	world.On(r, p.describeAddresses)
	world.On(r, p.releaseAddress)
}

func (p *gateways) allocateAddress(rq *world.Request, in *ec2.AllocateAddressInput) (*ec2.AllocateAddressOutput, error) {
	tags, err := specTags(in.TagSpecifications, types.ResourceTypeElasticIp)
	if err != nil {
		return nil, err
	}
	if len(p.s.Addresses.All()) >= p.account.Quota("addresses", 5) {
		return nil, world.APIError(400, "AddressLimitExceeded", "The maximum number of addresses has been reached.")
	}
	id := p.account.NewID("eipalloc")
	a := &address{types.Address{
		AllocationId: &id, PublicIp: aws.String(publicIP(p.account)), Domain: types.DomainTypeVpc, Tags: tags,
		NetworkBorderGroup: aws.String(p.account.Region()), PublicIpv4Pool: aws.String("amazon"),
	}}
	p.s.Addresses.Put(p.account, rq.Now, id, a)
	return &ec2.AllocateAddressOutput{
		AllocationId: a.AllocationId, PublicIp: a.PublicIp, Domain: a.Domain,
		NetworkBorderGroup: a.NetworkBorderGroup, PublicIpv4Pool: a.PublicIpv4Pool,
	}, nil
}

func (p *gateways) describeAddresses(rq *world.Request, in *ec2.DescribeAddressesInput) (*ec2.DescribeAddressesOutput, error) {
	page, _, err := describe(rq, &p.s.Addresses, view{
		ids: in.AllocationIds, filters: in.Filters, code: "InvalidAllocationID.NotFound", what: "allocation",
	})
	return &ec2.DescribeAddressesOutput{
		Addresses: unpack(page, func(a *address) types.Address { return a.Address }),
	}, err
}

func (p *gateways) releaseAddress(rq *world.Request, in *ec2.ReleaseAddressInput) (*ec2.ReleaseAddressOutput, error) {
	id := aws.ToString(in.AllocationId)
	a := p.s.Addresses.Find(rq, id)
	if a == nil {
		return nil, missing("InvalidAllocationID.NotFound", "allocation", id)
	}
	if a.AssociationId != nil {
		return nil, world.APIError(400, "InvalidIPAddress.InUse", "Address %s is in use.", *a.PublicIp)
	}
	p.s.Addresses.Remove(rq.Now, id)
	return &ec2.ReleaseAddressOutput{}, nil
}

// publicIP returns a new address from a range reserved for benchmarks (RFC
// 2544), so that it never names a real host.
func publicIP(a *world.Account) string {
	n := a.Next("public-ip")
	return fmt.Sprintf("198.18.%d.%d", n/256%256, n%256)
}
