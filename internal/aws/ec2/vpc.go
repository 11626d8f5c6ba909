package ec2

import (
	"context"
	"fmt"
	"maps"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"github.com/berthdev/berth/internal/aws/gate"
	"github.com/berthdev/berth/internal/engine"
)

// VPC is a virtual network. Output: id.
type VPC struct {
	// CIDR is the IPv4 range, a /16.
	CIDR string `attr:"cidr,replace,own"`
	// DNSHostnames and DNSSupport must be on for private DNS namespaces.
	DNSHostnames bool `attr:"dns_hostnames"`
	DNSSupport   bool `attr:"dns_support"`
}

// Type implements engine.Resource.
func (VPC) Type() string { return "ec2.vpc" }

// VPCs is the Type of VPC.
//
// Reading the DNS attributes costs two calls, so a List that is not deep hides
// them. The tag TagLastApplied is written last, and a VPC without it shows
// them: so a creation that was interrupted before they were set is noticed.
type VPCs struct{ API *sdk.Client }

// Spec implements engine.Type.
func (VPCs) Spec() engine.Spec {
	return engine.Spec{
		InUse:       "what is in it goes first",
		Holds:       "a network",
		ProvedByUse: true,
		Name:        "ec2.vpc",
		Identity:    engine.ByTag,
		// The attributes of the objects in a VPC name it. A private DNS
		// namespace does not, though its hosted zone belongs to the VPC.
		DeletesAfter: []string{"sd.namespace"},
	}
}

// List implements engine.Type.
func (t VPCs) List(ctx context.Context, q engine.Query) ([]engine.Object, error) {
	vpcs, err := describeVPCs(ctx, t.API, q)
	if err != nil {
		return nil, err
	}
	var objects []engine.Object
	for _, v := range vpcs {
		l, err := t.object(ctx, v, q.Deep)
		if err != nil {
			return nil, err
		}
		objects = append(objects, l)
	}
	return objects, nil
}

func (t VPCs) object(ctx context.Context, v types.Vpc, deep bool) (engine.Object, error) {
	id, tags := aws.ToString(v.VpcId), tagMap(v.Tags)
	r := VPC{CIDR: aws.ToString(v.CidrBlock)}
	if tags[engine.TagLastApplied] != "" && !deep {
		return ready(r, id, tags, "dns_hostnames", "dns_support"), nil
	}
	var err error
	r.DNSSupport, err = t.attribute(ctx, id, types.VpcAttributeNameEnableDnsSupport)
	if err == nil {
		r.DNSHostnames, err = t.attribute(ctx, id, types.VpcAttributeNameEnableDnsHostnames)
	}
	if gate.IsNotFound(err) {
		// It was deleted since it was listed, or is not visible everywhere yet.
		return ready(r, id, tags, "dns_hostnames", "dns_support"), nil
	}
	if err != nil {
		return engine.Object{}, err
	}
	return ready(r, id, tags), nil
}

func (t VPCs) attribute(ctx context.Context, id string, name types.VpcAttributeName) (bool, error) {
	out, err := t.API.DescribeVpcAttribute(ctx, &sdk.DescribeVpcAttributeInput{VpcId: aws.String(id), Attribute: name})
	if err != nil {
		return false, fmt.Errorf("reading %s of %s: %w", name, id, err)
	}
	v := out.EnableDnsSupport
	if name == types.VpcAttributeNameEnableDnsHostnames {
		v = out.EnableDnsHostnames
	}
	return v != nil && aws.ToBool(v.Value), nil
}

// Create implements engine.Type.
func (t VPCs) Create(ctx context.Context, w engine.Desired[VPC]) (engine.Object, error) {
	unfinished := maps.Clone(w.Tags)
	delete(unfinished, engine.TagLastApplied)
	out, err := t.API.CreateVpc(ctx, &sdk.CreateVpcInput{
		CidrBlock:         aws.String(w.Want.CIDR),
		TagSpecifications: tagsAtCreate(types.ResourceTypeVpc, unfinished),
	})
	if err != nil {
		return engine.Object{}, err
	}
	id := aws.ToString(out.Vpc.VpcId)
	// AWS's defaults: DNS support on, DNS host names off.
	ctx = gate.JustMade(ctx)
	if !w.Want.DNSSupport {
		err = t.setSupport(ctx, id, false)
	}
	if err == nil && w.Want.DNSHostnames {
		err = t.setHostnames(ctx, id, true)
	}
	if err == nil {
		err = retag(ctx, t.API, id, unfinished, w.Tags)
	}
	if err != nil {
		return engine.Object{}, gate.Half(err)
	}
	return ready(w.Want, id, w.Tags), nil
}

func (t VPCs) setSupport(ctx context.Context, id string, on bool) error {
	_, err := t.API.ModifyVpcAttribute(ctx, &sdk.ModifyVpcAttributeInput{
		VpcId: aws.String(id), EnableDnsSupport: &types.AttributeBooleanValue{Value: aws.Bool(on)},
	})
	if err != nil {
		return fmt.Errorf("setting DNS support of %s: %w", id, err)
	}
	return nil
}

func (t VPCs) setHostnames(ctx context.Context, id string, on bool) error {
	_, err := t.API.ModifyVpcAttribute(ctx, &sdk.ModifyVpcAttributeInput{
		VpcId: aws.String(id), EnableDnsHostnames: &types.AttributeBooleanValue{Value: aws.Bool(on)},
	})
	if err != nil {
		return fmt.Errorf("setting DNS host names of %s: %w", id, err)
	}
	return nil
}

// Update implements engine.Type.
func (t VPCs) Update(ctx context.Context, w engine.Desired[VPC], object engine.Object, changed []string) (engine.Object, error) {
	for _, name := range changed {
		var err error
		switch name {
		case "dns_support":
			err = t.setSupport(ctx, object.ID, w.Want.DNSSupport)
		case "dns_hostnames":
			err = t.setHostnames(ctx, object.ID, w.Want.DNSHostnames)
		}
		if err != nil {
			return engine.Object{}, err
		}
	}
	if err := retag(ctx, t.API, object.ID, object.Tags, w.Tags); err != nil {
		return engine.Object{}, err
	}
	return ready(w.Want, object.ID, w.Tags), nil
}

// Delete implements engine.Type.
func (t VPCs) Delete(ctx context.Context, object engine.Object) error {
	_, err := t.API.DeleteVpc(ctx, &sdk.DeleteVpcInput{VpcId: aws.String(object.ID)})
	return absent(err)
}

var _ engine.Type[VPC] = VPCs{}
