package ec2

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"github.com/berthdev/berth/internal/aws/gate"
	"github.com/berthdev/berth/internal/engine"
)

// DHCPOptions gives a VPC's hosts their search domain, so that siblings find
// each other by short names; creating them also associates them. Output: id.
type DHCPOptions struct {
	VPC engine.Ref `attr:"vpc"`
	// Domain is the search domain, the stack's private DNS namespace.
	Domain string `attr:"domain,replace,own"`
}

// Type implements engine.Resource.
func (DHCPOptions) Type() string { return "ec2.dhcp-options" }

// DHCPOptionsSets is the Type of DHCPOptions. The VPC must belong to one of the
// listed owners: its description shows the association.
type DHCPOptionsSets struct{ API *sdk.Client }

// Spec implements engine.Type.
func (DHCPOptionsSets) Spec() engine.Spec {
	return engine.Spec{Name: "ec2.dhcp-options", Identity: engine.ByTag, InUse: "the network goes first"}
}

// List implements engine.Type.
func (t DHCPOptionsSets) List(ctx context.Context, q engine.Query) ([]engine.Object, error) {
	vpcs, err := describeVPCs(ctx, t.API, q)
	if err != nil {
		return nil, err
	}
	users := map[string]string{}
	for _, v := range vpcs {
		users[aws.ToString(v.DhcpOptionsId)] = aws.ToString(v.VpcId)
	}
	p := sdk.NewDescribeDhcpOptionsPaginator(t.API, &sdk.DescribeDhcpOptionsInput{Filters: owned(q)})
	sets, err := collect(ctx, p, func(o *sdk.DescribeDhcpOptionsOutput) []types.DhcpOptions { return o.DhcpOptions })
	if err != nil {
		return nil, err
	}
	var objects []engine.Object
	for _, s := range sets {
		id := aws.ToString(s.DhcpOptionsId)
		r := DHCPOptions{VPC: engine.Lit(users[id]), Domain: domainOf(s)}
		objects = append(objects, ready(r, id, tagMap(s.Tags)))
	}
	return objects, nil
}

func domainOf(s types.DhcpOptions) string {
	for _, c := range s.DhcpConfigurations {
		if aws.ToString(c.Key) == "domain-name" && len(c.Values) > 0 {
			return aws.ToString(c.Values[0].Value)
		}
	}
	return ""
}

// Create implements engine.Type.
func (t DHCPOptionsSets) Create(ctx context.Context, w engine.Desired[DHCPOptions]) (engine.Object, error) {
	out, err := t.API.CreateDhcpOptions(ctx, &sdk.CreateDhcpOptionsInput{
		DhcpConfigurations: []types.NewDhcpConfiguration{
			{Key: aws.String("domain-name"), Values: []string{w.Want.Domain}},
			// A set without servers would leave the hosts without DNS.
			{Key: aws.String("domain-name-servers"), Values: []string{"AmazonProvidedDNS"}},
		},
		TagSpecifications: tagsAtCreate(types.ResourceTypeDhcpOptions, w.Tags),
	})
	if err != nil {
		return engine.Object{}, err
	}
	id := aws.ToString(out.DhcpOptions.DhcpOptionsId)
	ctx = gate.JustMade(ctx)
	// Without its tags the set could not be found again, so make sure that AWS
	// set them. If AWS's answer shows them, this makes no call.
	if err := retag(ctx, t.API, id, tagMap(out.DhcpOptions.Tags), w.Tags); err != nil {
		return engine.Object{}, gate.Half(err)
	}
	if err := t.associate(ctx, id, w.Want.VPC.Value()); err != nil {
		return engine.Object{}, gate.Half(err)
	}
	return ready(w.Want, id, w.Tags), nil
}

func (t DHCPOptionsSets) associate(ctx context.Context, id, vpc string) error {
	_, err := t.API.AssociateDhcpOptions(ctx, &sdk.AssociateDhcpOptionsInput{
		DhcpOptionsId: aws.String(id), VpcId: aws.String(vpc),
	})
	if err != nil {
		return fmt.Errorf("associating DHCP options %s with %s: %w", id, vpc, err)
	}
	return nil
}

// Update implements engine.Type.
func (t DHCPOptionsSets) Update(ctx context.Context, w engine.Desired[DHCPOptions], object engine.Object, changed []string) (engine.Object, error) {
	for _, name := range changed {
		if name != "vpc" {
			continue
		}
		if err := t.associate(ctx, object.ID, w.Want.VPC.Value()); err != nil {
			return engine.Object{}, err
		}
	}
	if err := retag(ctx, t.API, object.ID, object.Tags, w.Tags); err != nil {
		return engine.Object{}, err
	}
	return ready(w.Want, object.ID, w.Tags), nil
}

// Delete implements engine.Type. VPCs that still use the set get AWS's default
// set first: a set in use cannot be deleted.
func (t DHCPOptionsSets) Delete(ctx context.Context, object engine.Object) error {
	p := sdk.NewDescribeVpcsPaginator(t.API, &sdk.DescribeVpcsInput{Filters: filter("dhcp-options-id", object.ID)})
	users, err := collect(ctx, p, func(o *sdk.DescribeVpcsOutput) []types.Vpc { return o.Vpcs })
	if err != nil {
		return fmt.Errorf("finding the VPCs that use DHCP options %s: %w", object.ID, err)
	}
	for _, v := range users {
		if aws.ToString(v.DhcpOptionsId) != object.ID {
			continue
		}
		if err := absent(t.associate(ctx, "default", aws.ToString(v.VpcId))); err != nil {
			return err
		}
	}
	_, err = t.API.DeleteDhcpOptions(ctx, &sdk.DeleteDhcpOptionsInput{DhcpOptionsId: aws.String(object.ID)})
	return absent(err)
}

var _ engine.Type[DHCPOptions] = DHCPOptionsSets{}
