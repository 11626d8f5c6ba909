package nfs

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"github.com/berthdev/berth/internal/aws/gate"
	"github.com/berthdev/berth/internal/engine"
)

// Port is the port of mount targets.
const Port = 2049

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
			mark, _ := engine.MarkOf(gate.TagMap(s.Tags, func(t types.Tag) (key, value *string) { return t.Key, t.Value }))
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

// ShowGroups fills in the attribute "groups" of mount targets, as shown renders
// it, from their network interfaces, by the targets' ids: the service itself tells
// it in a call for each, if at all. An interface that is not listed yet hides it.
func ShowGroups(
	ctx context.Context, api *ec2.Client, objects []engine.Object, interfaces map[string]string, shown func([]engine.Ref) string,
) error {
	if len(objects) == 0 {
		return nil
	}
	groups, err := Groups(ctx, api, slices.Sorted(maps.Values(interfaces)))
	if err != nil {
		return err
	}
	for _, l := range objects {
		if list, ok := groups[interfaces[l.ID]]; ok {
			l.Attrs["groups"] = shown(list)
		}
	}
	return nil
}

// Groups are the security groups of network interfaces, by the interfaces' ids.
// An interface that is not listed yet has none.
func Groups(ctx context.Context, api *ec2.Client, interfaces []string) (map[string][]engine.Ref, error) {
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
