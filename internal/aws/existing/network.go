package existing

import (
	"context"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"github.com/berthdev/berth/internal/concurrent"
)

func filter(name string, values ...string) []types.Filter {
	return []types.Filter{{Name: &name, Values: values}}
}

// network checks the VPC, its DNS, its subnets and their routes. The calls
// filter by id instead of asking for ids, because one id that does not exist
// would fail the call for all.
func (r *reader) network(ctx context.Context) error {
	found, err := r.EC2.DescribeVpcs(ctx, &ec2.DescribeVpcsInput{Filters: filter("vpc-id", r.names.VPC)})
	if err != nil {
		return err
	}
	found.Vpcs = slices.DeleteFunc(found.Vpcs, func(v types.Vpc) bool { return aws.ToString(v.VpcId) != r.names.VPC })
	if len(found.Vpcs) == 0 {
		r.problem(KeyVPC, r.names.VPC, "write the id of a VPC of this account in "+r.names.Region,
			"there is no such VPC in %s", r.names.Region)
		return nil
	}
	r.facts(func(f *Facts) {
		for _, a := range found.Vpcs[0].CidrBlockAssociationSet {
			f.Ranges = append(f.Ranges, aws.ToString(a.CidrBlock))
		}
	})
	return concurrent.Each([]func() error{
		func() error { return r.dns(ctx, types.VpcAttributeNameEnableDnsSupport) },
		func() error { return r.dns(ctx, types.VpcAttributeNameEnableDnsHostnames) },
		func() error { return r.subnets(ctx) },
	}, func(_ int, step func() error) error { return step() })
}

// dns checks one of the VPC's DNS attributes: names within a VPC need both.
// https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/hosted-zone-private-considerations.html
func (r *reader) dns(ctx context.Context, attribute types.VpcAttributeName) error {
	out, err := r.EC2.DescribeVpcAttribute(ctx, &ec2.DescribeVpcAttributeInput{VpcId: &r.names.VPC, Attribute: attribute})
	if err != nil {
		return err
	}
	value := out.EnableDnsSupport
	if attribute == types.VpcAttributeNameEnableDnsHostnames {
		value = out.EnableDnsHostnames
	}
	if value == nil || !aws.ToBool(value.Value) {
		r.problem(KeyVPC, r.names.VPC, "switch it on in the VPC; berth does not change it",
			"its %s is off, but services find each other by names in the VPC's DNS", attribute)
	}
	return nil
}

// subnets checks that the subnets are in the VPC, one per zone, and that their
// routes make them public or private.
func (r *reader) subnets(ctx context.Context) error {
	found, err := subnetsOf(ctx, r.EC2, slices.Concat(r.names.Public, r.names.Private))
	if err != nil {
		return err
	}
	r.oneEachZone(KeyPublic, "public", r.names.Public, found)
	r.oneEachZone(KeyPrivate, "private", r.names.Private, found)
	return r.routes(ctx)
}

// subnetsOf are those of these ids that exist.
func subnetsOf(ctx context.Context, api *ec2.Client, ids []string) (found []types.Subnet, err error) {
	pages := ec2.NewDescribeSubnetsPaginator(api, &ec2.DescribeSubnetsInput{Filters: filter("subnet-id", ids...)})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, err
		}
		found = append(found, page.Subnets...)
	}
	return found, nil
}

// ownSubnets checks that the subnets of single services exist and are in the VPC.
func ownSubnets(ctx context.Context, r *reader) error {
	found, err := subnetsOf(ctx, r.EC2, r.names.Own)
	if err != nil {
		return err
	}
	vpcs := map[string]string{}
	for _, s := range found {
		vpcs[aws.ToString(s.SubnetId)] = aws.ToString(s.VpcId)
	}
	for _, id := range r.names.Own {
		switch vpc := vpcs[id]; vpc {
		case r.names.VPC:
		case "":
			r.problem(KeySubnets, id, "write the id of a subnet of "+r.names.VPC, "there is no such subnet in %s", r.names.Region)
		default:
			r.problem(KeySubnets, id, "write the id of a subnet of "+r.names.VPC, "it is in %s, and network.vpc is %s", vpc, r.names.VPC)
		}
	}
	return nil
}

func (r *reader) oneEachZone(key, kind string, ids []string, found []types.Subnet) {
	holder := map[string]string{}
	for _, id := range ids {
		i := slices.IndexFunc(found, func(s types.Subnet) bool { return aws.ToString(s.SubnetId) == id })
		if i < 0 {
			r.problem(key, id, "write the id of a subnet of "+r.names.VPC, "there is no such subnet in %s", r.names.Region)
			continue
		}
		if vpc := aws.ToString(found[i].VpcId); vpc != r.names.VPC {
			r.problem(key, id, "write the id of a subnet of "+r.names.VPC, "it is in %s, and network.vpc is %s", vpc, r.names.VPC)
			continue
		}
		zone := aws.ToString(found[i].AvailabilityZone)
		if other := holder[zone]; other != "" {
			r.problem(key, id, "remove one of the two", "it is in the same zone %s as %s: a load balancer and a file system take one %s subnet in each zone", zone, other, kind)
			continue
		}
		holder[zone] = id
		r.mu.Lock()
		r.zones[id] = zone
		r.mu.Unlock()
	}
}
