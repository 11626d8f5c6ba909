package ec2

import (
	"context"
	"slices"
	"strconv"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"github.com/berthdev/berth/internal/engine"
)

// This file finds what keeps networks from being deleted. AWS answers
// DependencyViolation and does not name the dependents:
// https://docs.aws.amazon.com/vpc/latest/userguide/delete-vpc.html

// Holders implements engine.Held: everything that is in the VPC.
func (t VPCs) Holders(ctx context.Context, object engine.Object) ([]string, error) {
	in := filter("vpc-id", object.ID)
	return gather(ctx,
		func(ctx context.Context) ([]string, error) { return interfaces(ctx, t.API, in) },
		func(ctx context.Context) ([]string, error) { return endpoints(ctx, t.API, in) },
		func(ctx context.Context) ([]string, error) {
			return gateways(ctx, t.API, filter("attachment.vpc-id", object.ID))
		},
		func(ctx context.Context) ([]string, error) { return subnets(ctx, t.API, in) },
		func(ctx context.Context) ([]string, error) { return groups(ctx, t.API, in, "") },
		func(ctx context.Context) ([]string, error) { return tables(ctx, t.API, in) },
	)
}

// Holders implements engine.Held: the network interfaces in the subnet.
func (t Subnets) Holders(ctx context.Context, object engine.Object) ([]string, error) {
	return interfaces(ctx, t.API, filter("subnet-id", object.ID))
}

// Holders implements engine.Held: the network interfaces that have the group,
// and the groups whose rules name it.
func (t SecurityGroups) Holders(ctx context.Context, object engine.Object) ([]string, error) {
	return gather(ctx,
		func(ctx context.Context) ([]string, error) {
			return interfaces(ctx, t.API, filter("group-id", object.ID))
		},
		func(ctx context.Context) ([]string, error) {
			return groups(ctx, t.API, filter("ip-permission.group-id", object.ID), object.ID)
		},
	)
}

// Holders implements engine.Held: the network interfaces with public addresses,
// which must go before a gateway can be detached.
func (t InternetGateways) Holders(ctx context.Context, object engine.Object) ([]string, error) {
	all, err := interfacesIn(ctx, t.API, filter("vpc-id", object.Attrs["vpc"]))
	if err != nil {
		return nil, err
	}
	public := slices.DeleteFunc(all, func(n types.NetworkInterface) bool { return n.Association == nil })
	return interfaceWords(public), nil
}

// Holders implements engine.Held: the subnets that use the table.
func (t RouteTables) Holders(ctx context.Context, object engine.Object) ([]string, error) {
	p := sdk.NewDescribeRouteTablesPaginator(t.API, &sdk.DescribeRouteTablesInput{RouteTableIds: []string{object.ID}})
	all, err := collect(ctx, p, func(o *sdk.DescribeRouteTablesOutput) []types.RouteTable { return o.RouteTables })
	if err != nil {
		return nil, err
	}
	var ids []string
	for _, table := range all {
		for _, a := range table.Associations {
			if id := aws.ToString(a.SubnetId); id != "" {
				ids = append(ids, id)
			}
		}
	}
	if len(ids) == 0 {
		return nil, nil
	}
	return subnets(ctx, t.API, filter("subnet-id", ids...))
}

// gather calls several functions and joins their results.
func gather(ctx context.Context, questions ...func(context.Context) ([]string, error)) ([]string, error) {
	var all []string
	for _, ask := range questions {
		words, err := ask(ctx)
		if err != nil {
			return all, err
		}
		all = append(all, words...)
	}
	return all, nil
}

func interfacesIn(ctx context.Context, api *sdk.Client, where []types.Filter) ([]types.NetworkInterface, error) {
	p := sdk.NewDescribeNetworkInterfacesPaginator(api, &sdk.DescribeNetworkInterfacesInput{Filters: where})
	return collect(ctx, p, func(o *sdk.DescribeNetworkInterfacesOutput) []types.NetworkInterface { return o.NetworkInterfaces })
}

func interfaces(ctx context.Context, api *sdk.Client, where []types.Filter) ([]string, error) {
	all, err := interfacesIn(ctx, api, where)
	return interfaceWords(all), err
}

func interfaceWords(all []types.NetworkInterface) (words []string) {
	for _, n := range all {
		what, since := "network interface "+aws.ToString(n.NetworkInterfaceId), (*time.Time)(nil)
		if a := n.Attachment; a != nil {
			since = a.AttachTime
			if id := aws.ToString(a.InstanceId); id != "" {
				what += " of instance " + id
			}
		}
		words = append(words, named(what, since, n.TagSet, aws.ToString(n.Description), aws.ToString(n.RequesterId)))
	}
	return words
}

func endpoints(ctx context.Context, api *sdk.Client, where []types.Filter) ([]string, error) {
	p := sdk.NewDescribeVpcEndpointsPaginator(api, &sdk.DescribeVpcEndpointsInput{Filters: where})
	all, err := collect(ctx, p, func(o *sdk.DescribeVpcEndpointsOutput) []types.VpcEndpoint { return o.VpcEndpoints })
	var words []string
	for _, e := range all {
		words = append(words, named("VPC endpoint "+aws.ToString(e.VpcEndpointId), e.CreationTimestamp, e.Tags, aws.ToString(e.ServiceName), ""))
	}
	return words, err
}

func gateways(ctx context.Context, api *sdk.Client, where []types.Filter) ([]string, error) {
	p := sdk.NewDescribeInternetGatewaysPaginator(api, &sdk.DescribeInternetGatewaysInput{Filters: where})
	all, err := collect(ctx, p, internetGatewaysIn)
	var words []string
	for _, g := range all {
		words = append(words, named("internet gateway "+aws.ToString(g.InternetGatewayId), nil, g.Tags, "", ""))
	}
	return words, err
}

func subnets(ctx context.Context, api *sdk.Client, where []types.Filter) ([]string, error) {
	p := sdk.NewDescribeSubnetsPaginator(api, &sdk.DescribeSubnetsInput{Filters: where})
	all, err := collect(ctx, p, func(o *sdk.DescribeSubnetsOutput) []types.Subnet { return o.Subnets })
	var words []string
	for _, s := range all {
		words = append(words, named("subnet "+aws.ToString(s.SubnetId), nil, s.Tags, aws.ToString(s.CidrBlock), ""))
	}
	return words, err
}

// groups returns the matching security groups, without the one with this id and
// the VPC's default group.
func groups(ctx context.Context, api *sdk.Client, where []types.Filter, but string) ([]string, error) {
	p := sdk.NewDescribeSecurityGroupsPaginator(api, &sdk.DescribeSecurityGroupsInput{Filters: where})
	all, err := collect(ctx, p, func(o *sdk.DescribeSecurityGroupsOutput) []types.SecurityGroup { return o.SecurityGroups })
	var words []string
	for _, g := range all {
		name, id := aws.ToString(g.GroupName), aws.ToString(g.GroupId)
		if id != but && name != "default" {
			words = append(words, named("security group "+id, nil, g.Tags, name, ""))
		}
	}
	return words, err
}

// tables returns the matching route tables, without a VPC's main one, which AWS
// deletes with the VPC.
func tables(ctx context.Context, api *sdk.Client, where []types.Filter) ([]string, error) {
	p := sdk.NewDescribeRouteTablesPaginator(api, &sdk.DescribeRouteTablesInput{Filters: where})
	all, err := collect(ctx, p, func(o *sdk.DescribeRouteTablesOutput) []types.RouteTable { return o.RouteTables })
	var words []string
	for _, r := range all {
		main := slices.ContainsFunc(r.Associations, func(a types.RouteTableAssociation) bool { return aws.ToBool(a.Main) })
		if !main {
			words = append(words, named("route table "+aws.ToString(r.RouteTableId), nil, r.Tags, "", ""))
		}
	}
	return words, err
}

// named adds to an object's id its owner, if anything shows it, and its age.
func named(what string, since *time.Time, tags []types.Tag, about, requester string) string {
	t := tagMap(tags)
	var notes []string
	for _, n := range []struct{ before, text string }{
		{"of ", t[engine.TagOwner]}, {"", t["Name"]}, {"", about}, {"by ", requester},
	} {
		if n.text != "" {
			notes = append(notes, n.before+strconv.Quote(n.text))
		}
	}
	if since != nil {
		notes = append(notes, "since "+since.UTC().Format(time.RFC3339))
	}
	if len(notes) == 0 {
		return what + " (without tags)"
	}
	out := what + " ("
	for i, n := range notes {
		if i > 0 {
			out += ", "
		}
		out += n
	}
	return out + ")"
}

var (
	_ engine.Held = VPCs{}
	_ engine.Held = Subnets{}
	_ engine.Held = SecurityGroups{}
	_ engine.Held = InternetGateways{}
	_ engine.Held = RouteTables{}
)
