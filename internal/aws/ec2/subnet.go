package ec2

import (
	"context"
	"fmt"
	"net/netip"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"github.com/berthdev/berth/internal/aws/gate"
	"github.com/berthdev/berth/internal/engine"
)

// Subnet is a range of a VPC in one availability zone. Output: id.
type Subnet struct {
	VPC  engine.Ref `attr:"vpc,replace,own"`
	CIDR string     `attr:"cidr,replace,own"`
	// Zone is the availability zone's name, such as eu-central-1a.
	Zone string `attr:"zone,replace,own"`
}

// Type implements engine.Resource.
func (Subnet) Type() string { return "ec2.subnet" }

// Subnets is the Type of Subnet. The range is its unique name in the VPC.
type Subnets struct{ API *sdk.Client }

// Spec implements engine.Type.
func (Subnets) Spec() engine.Spec {
	return engine.Spec{
		InUse:    "the network interfaces in it go first",
		Holds:    "a network",
		Name:     "ec2.subnet",
		Identity: engine.UniqueName,
		// Their network interfaces are in the subnet.
		DeletesAfter: []string{"ecs.service", "ecs.job", "elb.load-balancer", "efs.mount-target", "s3files.mount-target"},
	}
}

// List implements engine.Type.
func (t Subnets) List(ctx context.Context, q engine.Query) ([]engine.Object, error) {
	subnets, err := describeSubnets(ctx, t.API, q)
	if err != nil {
		return nil, err
	}
	var objects []engine.Object
	for _, s := range subnets {
		objects = append(objects, subnetObject(s, tagMap(s.Tags)))
	}
	return objects, nil
}

func subnetObject(s types.Subnet, tags map[string]string) engine.Object {
	r := Subnet{
		VPC:  engine.Lit(aws.ToString(s.VpcId)),
		CIDR: aws.ToString(s.CidrBlock),
		Zone: aws.ToString(s.AvailabilityZone),
	}
	return ready(r, aws.ToString(s.SubnetId), tags)
}

// Create implements engine.Type.
func (t Subnets) Create(ctx context.Context, w engine.Desired[Subnet]) (engine.Object, error) {
	out, err := t.API.CreateSubnet(ctx, &sdk.CreateSubnetInput{
		VpcId:             aws.String(w.Want.VPC.Value()),
		CidrBlock:         aws.String(w.Want.CIDR),
		AvailabilityZone:  aws.String(w.Want.Zone),
		TagSpecifications: tagsAtCreate(types.ResourceTypeSubnet, w.Tags),
	})
	if gate.IsExists(err) {
		return t.takeOver(ctx, w, err)
	}
	if err != nil {
		return engine.Object{}, err
	}
	return ready(w.Want, aws.ToString(out.Subnet.SubnetId), w.Tags), nil
}

// takeOver uses the subnet that has the range already.
func (t Subnets) takeOver(ctx context.Context, w engine.Desired[Subnet], exists error) (engine.Object, error) {
	p := sdk.NewDescribeSubnetsPaginator(t.API, &sdk.DescribeSubnetsInput{Filters: filter("vpc-id", w.Want.VPC.Value())})
	subnets, err := collect(ctx, p, func(o *sdk.DescribeSubnetsOutput) []types.Subnet { return o.Subnets })
	if err != nil {
		return engine.Object{}, fmt.Errorf("finding the subnet with the range %s: %w", w.Want.CIDR, err)
	}
	for _, s := range subnets {
		id, tags := aws.ToString(s.SubnetId), tagMap(s.Tags)
		switch {
		case aws.ToString(s.VpcId) != w.Want.VPC.Value():
		case aws.ToString(s.CidrBlock) == w.Want.CIDR:
			if err := mayUse(w, w.Want.CIDR, id, tags); err != nil {
				return engine.Object{}, err
			}
			if err := retag(ctx, t.API, id, tags, w.Tags); err != nil {
				return engine.Object{}, err
			}
			return subnetObject(s, w.Tags), nil
		case overlap(aws.ToString(s.CidrBlock), w.Want.CIDR):
			return engine.Object{}, &engine.TakenError{
				Address: w.Address, Name: w.Want.CIDR, ID: id, Owner: tags[engine.TagOwner],
			}
		}
	}
	return engine.Object{}, gate.Unseen(exists)
}

func overlap(a, b string) bool {
	x, errX := netip.ParsePrefix(a)
	y, errY := netip.ParsePrefix(b)
	return errX == nil && errY == nil && x.Overlaps(y)
}

// Update implements engine.Type.
func (t Subnets) Update(ctx context.Context, w engine.Desired[Subnet], object engine.Object, _ []string) (engine.Object, error) {
	if err := retag(ctx, t.API, object.ID, object.Tags, w.Tags); err != nil {
		return engine.Object{}, err
	}
	return ready(w.Want, object.ID, w.Tags), nil
}

// Delete implements engine.Type.
func (t Subnets) Delete(ctx context.Context, object engine.Object) error {
	_, err := t.API.DeleteSubnet(ctx, &sdk.DeleteSubnetInput{SubnetId: aws.String(object.ID)})
	return absent(err)
}

var _ engine.Type[Subnet] = Subnets{}
