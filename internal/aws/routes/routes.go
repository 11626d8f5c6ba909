package routes

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
)

// Tables are the route tables of a VPC.
func Tables(ctx context.Context, api *ec2.Client, vpc string) ([]types.RouteTable, error) {
	var tables []types.RouteTable
	pages := ec2.NewDescribeRouteTablesPaginator(api, &ec2.DescribeRouteTablesInput{
		Filters: []types.Filter{{Name: aws.String("vpc-id"), Values: []string{vpc}}},
	})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, fmt.Errorf("reading the route tables of %s: %w", vpc, err)
		}
		for _, t := range page.RouteTables {
			if aws.ToString(t.VpcId) == vpc { // a filter is not trusted
				tables = append(tables, t)
			}
		}
	}
	return tables, nil
}

// Default is the target of a subnet's default route, such as igw-... or nat-...; empty
// without one. gone says that the target does not exist any more: packets go nowhere.
func Default(tables []types.RouteTable, subnet string) (to string, gone bool) {
	for _, r := range tableOf(tables, subnet).Routes {
		if aws.ToString(r.DestinationCidrBlock) != "0.0.0.0/0" {
			continue
		}
		for _, target := range []*string{
			r.GatewayId, r.NatGatewayId, r.TransitGatewayId, r.NetworkInterfaceId,
			r.VpcPeeringConnectionId, r.LocalGatewayId, r.CoreNetworkArn,
		} {
			if aws.ToString(target) != "" {
				return *target, r.State == types.RouteStateBlackhole
			}
		}
	}
	return "", false
}

// tableOf is the route table of a subnet: its own or the VPC's main one.
// https://docs.aws.amazon.com/vpc/latest/userguide/subnet-route-tables.html
func tableOf(tables []types.RouteTable, subnet string) types.RouteTable {
	var main types.RouteTable
	for _, t := range tables {
		for _, a := range t.Associations {
			if aws.ToString(a.SubnetId) == subnet {
				return t
			}
			if aws.ToBool(a.Main) {
				main = t
			}
		}
	}
	return main
}
