package nfs

import (
	"context"
	"fmt"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"github.com/berthdev/berth/internal/engine"
)

// Place is where a subnet is, and what its tags say it is.
type Place struct {
	Zone string
	Mark engine.Address
}

// Places are the places of subnets by id, in one call for each page. Those that
// do not exist are left out.
func Places(ctx context.Context, api *ec2.Client, subnets []string) (map[string]Place, error) {
	subnets = slices.Clone(subnets)
	slices.Sort(subnets)
	found := map[string]Place{}
	pages := ec2.NewDescribeSubnetsPaginator(api, &ec2.DescribeSubnetsInput{
		Filters: []types.Filter{{Name: aws.String("subnet-id"), Values: slices.Compact(subnets)}},
	})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, fmt.Errorf("reading the subnets of mount targets: %w", err)
		}
		for _, s := range page.Subnets {
			tags := map[string]string{}
			for _, tag := range s.Tags {
				tags[aws.ToString(tag.Key)] = aws.ToString(tag.Value)
			}
			mark, _ := engine.MarkOf(tags)
			found[aws.ToString(s.SubnetId)] = Place{aws.ToString(s.AvailabilityZone), mark.Address}
		}
	}
	return found, nil
}

// StandsFor says whether a mount target in the subnet have is the one that is
// wanted in want: in the same subnet, or in another one of its zone, where it
// is in the way.
func StandsFor(want engine.Ref, have string, places map[string]Place) bool {
	if of, _, _, bound := want.Of(); bound {
		mark := places[have].Mark
		return !mark.IsZero() && of == mark
	}
	zone := places[want.Value()].Zone
	return want.Value() == have || zone != "" && zone == places[have].Zone
}

// Groups are the security groups of network interfaces, by the interfaces' ids.
// An interface that is not listed yet has none.
func Groups(ctx context.Context, api *ec2.Client, interfaces []string) (map[string][]engine.Ref, error) {
	interfaces = slices.Clone(interfaces)
	slices.Sort(interfaces)
	found := map[string][]engine.Ref{}
	pages := ec2.NewDescribeNetworkInterfacesPaginator(api, &ec2.DescribeNetworkInterfacesInput{
		Filters: []types.Filter{{Name: aws.String("network-interface-id"), Values: interfaces}},
	})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, fmt.Errorf("reading the groups of mount targets: %w", err)
		}
		for _, n := range page.NetworkInterfaces {
			groups := []engine.Ref{}
			for _, g := range n.Groups {
				groups = append(groups, engine.Lit(aws.ToString(g.GroupId)))
			}
			found[aws.ToString(n.NetworkInterfaceId)] = groups
		}
	}
	return found, nil
}
