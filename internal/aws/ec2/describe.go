package ec2

import (
	"context"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"github.com/berthdev/berth/internal/aws/gate"
	"github.com/berthdev/berth/internal/engine"
	"github.com/berthdev/berth/internal/engine/memory"
)

// pager is the interface of the SDK's paginators.
type pager[O any] interface {
	HasMorePages() bool
	NextPage(ctx context.Context, opts ...func(*sdk.Options)) (*O, error)
}

// collect reads all pages.
func collect[O, T any](ctx context.Context, p pager[O], items func(*O) []T) ([]T, error) {
	var all []T
	for p.HasMorePages() {
		page, err := p.NextPage(ctx)
		if err != nil {
			return nil, err
		}
		all = append(all, items(page)...)
	}
	return all, nil
}

// owned returns the filter for all owners of q in one call.
func owned(q engine.Query) []types.Filter {
	values := make([]string, len(q.Owners))
	for i, o := range q.Owners {
		values[i] = o.String()
	}
	return filter("tag:"+engine.TagOwner, values...)
}

func filter(name string, values ...string) []types.Filter {
	return []types.Filter{{Name: aws.String(name), Values: values}}
}

// shared makes a describe call by owners once per reading.
func shared[T any](q engine.Query, operation string, f func() ([]T, error)) ([]T, error) {
	names := make([]string, len(q.Owners))
	for i, o := range q.Owners {
		names[i] = o.String()
	}
	return memory.Once(q.Memory, "ec2 "+operation+" "+strings.Join(names, " "), f)
}

func describeVPCs(ctx context.Context, api *sdk.Client, q engine.Query) ([]types.Vpc, error) {
	return shared(q, "DescribeVpcs", func() ([]types.Vpc, error) {
		p := sdk.NewDescribeVpcsPaginator(api, &sdk.DescribeVpcsInput{Filters: owned(q)})
		return collect(ctx, p, func(o *sdk.DescribeVpcsOutput) []types.Vpc { return o.Vpcs })
	})
}

func describeSubnets(ctx context.Context, api *sdk.Client, q engine.Query) ([]types.Subnet, error) {
	return shared(q, "DescribeSubnets", func() ([]types.Subnet, error) {
		p := sdk.NewDescribeSubnetsPaginator(api, &sdk.DescribeSubnetsInput{Filters: owned(q)})
		return collect(ctx, p, func(o *sdk.DescribeSubnetsOutput) []types.Subnet { return o.Subnets })
	})
}

func describeRouteTables(ctx context.Context, api *sdk.Client, q engine.Query) ([]types.RouteTable, error) {
	return shared(q, "DescribeRouteTables", func() ([]types.RouteTable, error) {
		p := sdk.NewDescribeRouteTablesPaginator(api, &sdk.DescribeRouteTablesInput{Filters: owned(q)})
		return collect(ctx, p, func(o *sdk.DescribeRouteTablesOutput) []types.RouteTable { return o.RouteTables })
	})
}

// describeNATGateways returns the owners' NAT gateways, including deleted ones:
// AWS lists them for an hour.
func describeNATGateways(ctx context.Context, api *sdk.Client, q engine.Query) ([]types.NatGateway, error) {
	return shared(q, "DescribeNatGateways", func() ([]types.NatGateway, error) {
		p := sdk.NewDescribeNatGatewaysPaginator(api, &sdk.DescribeNatGatewaysInput{Filter: owned(q)})
		return collect(ctx, p, func(o *sdk.DescribeNatGatewaysOutput) []types.NatGateway { return o.NatGateways })
	})
}

// pointsTo says whether a desired state's reference refers to the object with this id
// and these tags: by the id if it is known, otherwise by the address.
func pointsTo(r engine.Ref, typ, id string, tags map[string]string) bool {
	if to, _, _, ok := r.Of(); ok {
		return to == addressOf(typ, tags)
	}
	return r.Value() == id
}

// absent drops the error that the object does not exist.
func absent(err error) error {
	if gate.IsNotFound(err) {
		return nil
	}
	return err
}
