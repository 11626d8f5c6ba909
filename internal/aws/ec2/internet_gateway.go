package ec2

import (
	"context"
	"fmt"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"github.com/berthdev/berth/internal/aws/gate"
	"github.com/berthdev/berth/internal/engine"
)

// InternetGateway connects a VPC to the internet; creating it also attaches
// it. Output: id.
type InternetGateway struct {
	VPC engine.Ref `attr:"vpc,own"`
}

// Type implements engine.Resource.
func (InternetGateway) Type() string { return "ec2.internet-gateway" }

// InternetGateways is the Type of InternetGateway.
type InternetGateways struct{ API *sdk.Client }

// Spec implements engine.Type.
func (InternetGateways) Spec() engine.Spec {
	return engine.Spec{
		InUse:    "the public addresses in the network go first",
		Holds:    "a network",
		Name:     "ec2.internet-gateway",
		Identity: engine.ByTag,
		// A gateway cannot be detached while public addresses are mapped.
		DeletesAfter: []string{"ecs.service", "ecs.job", "elb.load-balancer", "ec2.nat-gateway"},
	}
}

// List implements engine.Type.
func (t InternetGateways) List(ctx context.Context, q engine.Query) ([]engine.Object, error) {
	p := sdk.NewDescribeInternetGatewaysPaginator(t.API, &sdk.DescribeInternetGatewaysInput{Filters: owned(q)})
	gateways, err := collect(ctx, p, internetGatewaysIn)
	if err != nil {
		return nil, err
	}
	var objects []engine.Object
	for _, g := range gateways {
		r := InternetGateway{}
		if vpcs := attachedTo(g); len(vpcs) > 0 {
			r.VPC = engine.Lit(vpcs[0])
		}
		objects = append(objects, ready(r, aws.ToString(g.InternetGatewayId), tagMap(g.Tags)))
	}
	return objects, nil
}

func internetGatewaysIn(o *sdk.DescribeInternetGatewaysOutput) []types.InternetGateway {
	return o.InternetGateways
}

// attachedTo returns the VPCs of a gateway; AWS allows at most one today.
func attachedTo(g types.InternetGateway) []string {
	var vpcs []string
	for _, a := range g.Attachments {
		if a.State != types.AttachmentStatusDetached && a.State != types.AttachmentStatusDetaching {
			vpcs = append(vpcs, aws.ToString(a.VpcId))
		}
	}
	return vpcs
}

// Create implements engine.Type.
func (t InternetGateways) Create(ctx context.Context, w engine.Desired[InternetGateway]) (engine.Object, error) {
	out, err := t.API.CreateInternetGateway(ctx, &sdk.CreateInternetGatewayInput{
		TagSpecifications: tagsAtCreate(types.ResourceTypeInternetGateway, w.Tags),
	})
	if err != nil {
		return engine.Object{}, err
	}
	id := aws.ToString(out.InternetGateway.InternetGatewayId)
	err = t.attach(gate.JustMade(ctx), id, w.Want.VPC.Value())
	// If it is attached already, an earlier call of ours did it and its answer
	// was lost.
	if err != nil && !gate.IsExists(err) {
		return engine.Object{}, gate.Half(err)
	}
	return ready(w.Want, id, w.Tags), nil
}

func (t InternetGateways) attach(ctx context.Context, id, vpc string) error {
	_, err := t.API.AttachInternetGateway(ctx, &sdk.AttachInternetGatewayInput{
		InternetGatewayId: aws.String(id), VpcId: aws.String(vpc),
	})
	if err != nil {
		return fmt.Errorf("attaching %s to %s: %w", id, vpc, err)
	}
	return nil
}

// move detaches the gateway from its old VPC and attaches it to the new one.
func (t InternetGateways) move(ctx context.Context, id, old, vpc string) error {
	if old != "" && old != vpc {
		if err := t.detach(ctx, id, old); err != nil {
			return err
		}
	}
	err := t.attach(ctx, id, vpc)
	if !gate.IsExists(err) {
		return err
	}
	vpcs, readErr := t.attachments(ctx, id)
	switch {
	case readErr != nil:
		return readErr
	case slices.Contains(vpcs, vpc):
		return nil
	case len(vpcs) == 0:
		return gate.Unseen(err)
	}
	return err
}

func (t InternetGateways) attachments(ctx context.Context, id string) ([]string, error) {
	p := sdk.NewDescribeInternetGatewaysPaginator(t.API, &sdk.DescribeInternetGatewaysInput{
		Filters: filter("internet-gateway-id", id),
	})
	gateways, err := collect(ctx, p, internetGatewaysIn)
	if err != nil {
		return nil, fmt.Errorf("finding the VPC of %s: %w", id, err)
	}
	var vpcs []string
	for _, g := range gateways {
		if aws.ToString(g.InternetGatewayId) == id {
			vpcs = append(vpcs, attachedTo(g)...)
		}
	}
	return vpcs, nil
}

func (t InternetGateways) detach(ctx context.Context, id, vpc string) error {
	_, err := t.API.DetachInternetGateway(ctx, &sdk.DetachInternetGatewayInput{
		InternetGatewayId: aws.String(id), VpcId: aws.String(vpc),
	})
	if absent(err) != nil {
		return fmt.Errorf("detaching %s from %s: %w", id, vpc, err)
	}
	return nil
}

// Update implements engine.Type.
func (t InternetGateways) Update(ctx context.Context, w engine.Desired[InternetGateway], object engine.Object, changed []string) (engine.Object, error) {
	if slices.Contains(changed, "vpc") {
		if err := t.move(ctx, object.ID, object.Attrs["vpc"], w.Want.VPC.Value()); err != nil {
			return engine.Object{}, err
		}
	}
	if err := retag(ctx, t.API, object.ID, object.Tags, w.Tags); err != nil {
		return engine.Object{}, err
	}
	return ready(w.Want, object.ID, w.Tags), nil
}

// Delete implements engine.Type.
func (t InternetGateways) Delete(ctx context.Context, object engine.Object) error {
	if vpc := object.Attrs["vpc"]; vpc != "" {
		if err := t.detach(ctx, object.ID, vpc); err != nil {
			return err
		}
	}
	_, err := t.API.DeleteInternetGateway(ctx, &sdk.DeleteInternetGatewayInput{InternetGatewayId: aws.String(object.ID)})
	if engine.ClassOf(err) != engine.Conflict {
		return absent(err)
	}
	// It has been attached since it was listed.
	vpcs, readErr := t.attachments(ctx, object.ID)
	if readErr != nil {
		return readErr
	}
	for _, vpc := range vpcs {
		if err := t.detach(ctx, object.ID, vpc); err != nil {
			return err
		}
	}
	return err
}

var _ engine.Type[InternetGateway] = InternetGateways{}
