package ec2

import (
	"context"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"github.com/berthdev/berth/internal/engine"
)

// ElasticIP is a fixed public IPv4 address. Outputs: id (the allocation),
// ip (the address).
type ElasticIP struct{}

// Type implements engine.Resource.
func (ElasticIP) Type() string { return "ec2.elastic-ip" }

// ElasticIPs is the Type of ElasticIP.
type ElasticIPs struct{ API *sdk.Client }

// Spec implements engine.Type.
func (ElasticIPs) Spec() engine.Spec {
	return engine.Spec{
		Name:         "ec2.elastic-ip",
		Identity:     engine.ByTag,
		ProvedByUse:  true,
		DeletesAfter: []string{"ec2.nat-gateway"},
	}
}

// List implements engine.Type.
func (t ElasticIPs) List(ctx context.Context, q engine.Query) ([]engine.Object, error) {
	out, err := t.API.DescribeAddresses(ctx, &sdk.DescribeAddressesInput{Filters: owned(q)})
	if err != nil {
		return nil, err
	}
	gateways, err := describeNATGateways(ctx, t.API, q)
	if err != nil {
		return nil, err
	}
	var objects []engine.Object
	for _, a := range out.Addresses {
		if usedByOthers(a, gateways) {
			continue
		}
		objects = append(objects, addressObject(aws.ToString(a.AllocationId), aws.ToString(a.PublicIp), tagMap(a.Tags)))
	}
	return objects, nil
}

func addressObject(id, ip string, tags map[string]string) engine.Object {
	l := ready(ElasticIP{}, id, tags)
	l.Outputs = map[string]string{"id": id, "ip": ip}
	return l
}

// usedByOthers says that something other than the owners' NAT gateways uses an
// address. Berth gives addresses only to NAT gateways, so the address's tags
// are then copied. A gateway that does not show its addresses may have it.
func usedByOthers(a types.Address, gateways []types.NatGateway) bool {
	if a.AssociationId == nil {
		return false
	}
	return !slices.ContainsFunc(gateways, func(g types.NatGateway) bool {
		shown := false
		for _, has := range g.NatGatewayAddresses {
			shown = shown || aws.ToString(has.AllocationId) != ""
			if aws.ToString(has.AllocationId) == aws.ToString(a.AllocationId) {
				return true
			}
		}
		return !shown && g.State != types.NatGatewayStateDeleted
	})
}

// Create implements engine.Type.
func (t ElasticIPs) Create(ctx context.Context, w engine.Desired[ElasticIP]) (engine.Object, error) {
	out, err := t.API.AllocateAddress(ctx, &sdk.AllocateAddressInput{
		Domain:            types.DomainTypeVpc,
		TagSpecifications: tagsAtCreate(types.ResourceTypeElasticIp, w.Tags),
	})
	if err != nil {
		return engine.Object{}, err
	}
	return addressObject(aws.ToString(out.AllocationId), aws.ToString(out.PublicIp), w.Tags), nil
}

// Update implements engine.Type.
func (t ElasticIPs) Update(ctx context.Context, w engine.Desired[ElasticIP], object engine.Object, _ []string) (engine.Object, error) {
	if err := retag(ctx, t.API, object.ID, object.Tags, w.Tags); err != nil {
		return engine.Object{}, err
	}
	return addressObject(object.ID, object.Output("ip"), w.Tags), nil
}

// Delete implements engine.Type.
func (t ElasticIPs) Delete(ctx context.Context, object engine.Object) error {
	_, err := t.API.ReleaseAddress(ctx, &sdk.ReleaseAddressInput{AllocationId: aws.String(object.ID)})
	return absent(err)
}

var _ engine.Type[ElasticIP] = ElasticIPs{}
