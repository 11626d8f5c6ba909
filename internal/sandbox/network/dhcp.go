package network

import (
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"github.com/berthdev/berth/internal/sandbox/world"
)

type dhcpOptions struct{ types.DhcpOptions }

func (o *dhcpOptions) tags() *[]types.Tag { return &o.Tags }

func (o *dhcpOptions) field(filter string) ([]string, bool) {
	var keys, values []string
	for _, c := range o.DhcpConfigurations {
		keys = append(keys, aws.ToString(c.Key))
		for _, v := range c.Values {
			values = append(values, aws.ToString(v.Value))
		}
	}
	switch filter {
	case "dhcp-options-id":
		return one(o.DhcpOptionsId)
	case "key":
		return keys, true
	case "value":
		return values, true
	case "owner-id":
		return one(o.OwnerId)
	}
	return nil, false
}

// options is an option's values; nil when it is not set.
func (o *dhcpOptions) option(key string) []string {
	for _, c := range o.DhcpConfigurations {
		if aws.ToString(c.Key) != key {
			continue
		}
		return unpackValues(c.Values)
	}
	return nil
}

func unpackValues(in []types.AttributeValue) []string {
	out := make([]string, len(in))
	for i, v := range in {
		out[i] = aws.ToString(v.Value)
	}
	return out
}

func (p *vpcs) dhcpRoutes(r *world.Router) {
	world.On(r, p.createDhcpOptions)
	world.On(r, p.describeDhcpOptions)
	world.On(r, p.deleteDhcpOptions)
	world.On(r, p.associateDhcpOptions)
}

func (p *vpcs) createDhcpOptions(rq *world.Request, in *ec2.CreateDhcpOptionsInput) (*ec2.CreateDhcpOptionsOutput, error) {
	tags, err := specTags(in.TagSpecifications, types.ResourceTypeDhcpOptions)
	if err != nil {
		return nil, err
	}
	o := &dhcpOptions{types.DhcpOptions{
		DhcpOptionsId: aws.String(p.account.NewID("dopt")), OwnerId: aws.String(p.account.Number()), Tags: tags,
	}}
	for _, c := range in.DhcpConfigurations {
		conf := types.DhcpConfiguration{Key: c.Key}
		for _, v := range c.Values {
			conf.Values = append(conf.Values, types.AttributeValue{Value: &v})
		}
		o.DhcpConfigurations = append(o.DhcpConfigurations, conf)
	}
	if len(o.DhcpConfigurations) == 0 {
		return nil, world.APIError(400, "MissingParameter", "The request must contain the parameter dhcpConfiguration")
	}
	p.s.DHCP.Put(p.account, rq.Now, *o.DhcpOptionsId, o)
	return &ec2.CreateDhcpOptionsOutput{DhcpOptions: &o.DhcpOptions}, nil
}

func (p *vpcs) describeDhcpOptions(rq *world.Request, in *ec2.DescribeDhcpOptionsInput) (*ec2.DescribeDhcpOptionsOutput, error) {
	page, next, err := describe(rq, &p.s.DHCP, view{
		in.DhcpOptionsIds, in.Filters, "InvalidDhcpOptionID.NotFound", "dhcpOption", in.NextToken, in.MaxResults,
	})
	return &ec2.DescribeDhcpOptionsOutput{
		DhcpOptions: unpack(page, func(o *dhcpOptions) types.DhcpOptions { return o.DhcpOptions }), NextToken: next,
	}, err
}

func (p *vpcs) deleteDhcpOptions(rq *world.Request, in *ec2.DeleteDhcpOptionsInput) (*ec2.DeleteDhcpOptionsOutput, error) {
	id := aws.ToString(in.DhcpOptionsId)
	if p.s.DHCP.Find(rq, id) == nil {
		return nil, missing("InvalidDhcpOptionID.NotFound", "dhcpOption", id)
	}
	if some(&p.s.VPCs, func(v *vpc) bool { return aws.ToString(v.DhcpOptionsId) == id }) {
		return nil, inUse("The dhcpOptions '%s' has dependencies and cannot be deleted.", id)
	}
	p.s.DHCP.Remove(rq.Now, id)
	return &ec2.DeleteDhcpOptionsOutput{}, nil
}

func (p *vpcs) associateDhcpOptions(rq *world.Request, in *ec2.AssociateDhcpOptionsInput) (*ec2.AssociateDhcpOptionsOutput, error) {
	v, err := p.s.findVPC(rq, aws.ToString(in.VpcId))
	if err != nil {
		return nil, err
	}
	id := aws.ToString(in.DhcpOptionsId)
	if id == "default" {
		// "default" means that the VPC has no options; describe calls show the
		// word.
		v.DhcpOptionsId = aws.String("default")
		return &ec2.AssociateDhcpOptionsOutput{}, nil
	}
	if p.s.DHCP.Find(rq, id) == nil {
		return nil, missing("InvalidDhcpOptionID.NotFound", "dhcpOption", id)
	}
	v.DhcpOptionsId = &id
	return &ec2.AssociateDhcpOptionsOutput{}, nil
}
