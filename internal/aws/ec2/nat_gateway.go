package ec2

import (
	"context"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"github.com/berthdev/berth/internal/engine"
)

// NATGateway lets private subnets reach the internet. Outputs: id, ip.
type NATGateway struct {
	Subnet     engine.Ref `attr:"subnet,replace,own"`
	Allocation engine.Ref `attr:"allocation,replace,own"`
}

// Type implements engine.Resource.
func (NATGateway) Type() string { return "ec2.nat-gateway" }

// NATGateways is the Type of NATGateway.
type NATGateways struct{ API *sdk.Client }

// Spec implements engine.Type.
func (NATGateways) Spec() engine.Spec {
	return engine.Spec{
		Holds:    "a network",
		Name:     "ec2.nat-gateway",
		Identity: engine.Token,
		// Measured by cdkd's benchmark; the deletion is what Terraform's users
		// commonly see.
		ReadyIn:        86 * time.Second,
		GoneIn:         60 * time.Second,
		DeadWhenFailed: true,
	}
}

// List implements engine.Type.
func (t NATGateways) List(ctx context.Context, q engine.Query) ([]engine.Object, error) {
	gateways, err := describeNATGateways(ctx, t.API, q)
	return natObjects(gateways), err
}

// Poll implements engine.Poller.
func (t NATGateways) Poll(ctx context.Context, objects []engine.Object) ([]engine.Object, error) {
	return t.describe(ctx, filter("nat-gateway-id", idsOf(objects)...))
}

func idsOf(objects []engine.Object) []string {
	ids := make([]string, len(objects))
	for i, l := range objects {
		ids[i] = l.ID
	}
	return ids
}

func (t NATGateways) describe(ctx context.Context, f []types.Filter) ([]engine.Object, error) {
	p := sdk.NewDescribeNatGatewaysPaginator(t.API, &sdk.DescribeNatGatewaysInput{Filter: f})
	gateways, err := collect(ctx, p, func(o *sdk.DescribeNatGatewaysOutput) []types.NatGateway { return o.NatGateways })
	if err != nil {
		return nil, err
	}
	return natObjects(gateways), nil
}

func natObjects(gateways []types.NatGateway) []engine.Object {
	var objects []engine.Object
	for _, g := range gateways {
		// AWS lists deleted gateways for about an hour.
		if g.State != types.NatGatewayStateDeleted {
			objects = append(objects, natObject(g, tagMap(g.Tags)))
		}
	}
	return objects
}

func natObject(g types.NatGateway, tags map[string]string) engine.Object {
	id, ip := aws.ToString(g.NatGatewayId), ""
	r := NATGateway{Subnet: engine.Lit(aws.ToString(g.SubnetId))}
	for _, a := range g.NatGatewayAddresses {
		if r.Allocation.Value() == "" || aws.ToBool(a.IsPrimary) {
			r.Allocation, ip = engine.Lit(aws.ToString(a.AllocationId)), aws.ToString(a.PublicIp)
		}
	}
	l := ready(r, id, tags)
	l.Outputs = map[string]string{"id": id, "ip": ip}
	l.Detail = string(g.State)
	l.Created = aws.ToTime(g.CreateTime)
	switch g.State {
	case types.NatGatewayStateAvailable:
	case types.NatGatewayStateFailed:
		l.State, l.Detail = engine.StateFailed, aws.ToString(g.FailureMessage)
	case types.NatGatewayStateDeleting, types.NatGatewayStateDeleted:
		l.State = engine.StateDeleting
	default:
		l.State = engine.StatePending
	}
	return l
}

// Create implements engine.Type.
func (t NATGateways) Create(ctx context.Context, w engine.Desired[NATGateway]) (engine.Object, error) {
	out, err := t.API.CreateNatGateway(ctx, &sdk.CreateNatGatewayInput{
		SubnetId:          aws.String(w.Want.Subnet.Value()),
		AllocationId:      aws.String(w.Want.Allocation.Value()),
		ClientToken:       aws.String(w.Token),
		TagSpecifications: tagsAtCreate(types.ResourceTypeNatgateway, w.Tags),
	})
	if err != nil {
		return engine.Object{}, err
	}
	l := natObject(*out.NatGateway, w.Tags)
	l.Attrs = engine.Shown(w.Want)
	return l, nil
}

// Update implements engine.Type.
func (t NATGateways) Update(ctx context.Context, w engine.Desired[NATGateway], object engine.Object, _ []string) (engine.Object, error) {
	if err := retag(ctx, t.API, object.ID, object.Tags, w.Tags); err != nil {
		return engine.Object{}, err
	}
	object.Tags, object.LastApplied = w.Tags, w.Tags[engine.TagLastApplied]
	return object, nil
}

// Delete implements engine.Type.
func (t NATGateways) Delete(ctx context.Context, object engine.Object) error {
	_, err := t.API.DeleteNatGateway(ctx, &sdk.DeleteNatGatewayInput{NatGatewayId: aws.String(object.ID)})
	return absent(err)
}

var (
	_ engine.Type[NATGateway] = NATGateways{}
	_ engine.Poller           = NATGateways{}
)
