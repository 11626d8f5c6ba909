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
func (t NATGateways) List(ctx context.Context, q engine.Query) ([]engine.Live, error) {
	gateways, err := describeNATGateways(ctx, t.API, q)
	return natLives(gateways), err
}

// Look implements engine.Looker.
func (t NATGateways) Look(ctx context.Context, lives []engine.Live) ([]engine.Live, error) {
	return t.describe(ctx, filter("nat-gateway-id", idsOf(lives)...))
}

func idsOf(lives []engine.Live) []string {
	ids := make([]string, len(lives))
	for i, l := range lives {
		ids[i] = l.ID
	}
	return ids
}

func (t NATGateways) describe(ctx context.Context, f []types.Filter) ([]engine.Live, error) {
	p := sdk.NewDescribeNatGatewaysPaginator(t.API, &sdk.DescribeNatGatewaysInput{Filter: f})
	gateways, err := collect(ctx, p, func(o *sdk.DescribeNatGatewaysOutput) []types.NatGateway { return o.NatGateways })
	if err != nil {
		return nil, err
	}
	return natLives(gateways), nil
}

func natLives(gateways []types.NatGateway) []engine.Live {
	var lives []engine.Live
	for _, g := range gateways {
		// AWS lists deleted gateways for about an hour.
		if g.State != types.NatGatewayStateDeleted {
			lives = append(lives, natLive(g, tagMap(g.Tags)))
		}
	}
	return lives
}

func natLive(g types.NatGateway, tags map[string]string) engine.Live {
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
func (t NATGateways) Create(ctx context.Context, w engine.Wish[NATGateway]) (engine.Live, error) {
	out, err := t.API.CreateNatGateway(ctx, &sdk.CreateNatGatewayInput{
		SubnetId:          aws.String(w.Want.Subnet.Value()),
		AllocationId:      aws.String(w.Want.Allocation.Value()),
		ClientToken:       aws.String(w.Token),
		TagSpecifications: tagsAtCreate(types.ResourceTypeNatgateway, w.Tags),
	})
	if err != nil {
		return engine.Live{}, err
	}
	l := natLive(*out.NatGateway, w.Tags)
	l.Attrs = engine.Shown(w.Want)
	return l, nil
}

// Update implements engine.Type.
func (t NATGateways) Update(ctx context.Context, w engine.Wish[NATGateway], live engine.Live, _ []string) (engine.Live, error) {
	if err := retag(ctx, t.API, live.ID, live.Tags, w.Tags); err != nil {
		return engine.Live{}, err
	}
	live.Tags, live.Asked = w.Tags, w.Tags[engine.TagAsked]
	return live, nil
}

// Delete implements engine.Type.
func (t NATGateways) Delete(ctx context.Context, live engine.Live) error {
	_, err := t.API.DeleteNatGateway(ctx, &sdk.DeleteNatGatewayInput{NatGatewayId: aws.String(live.ID)})
	return absent(err)
}

var (
	_ engine.Type[NATGateway] = NATGateways{}
	_ engine.Looker           = NATGateways{}
)
