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

// Place is where a subnet is, and the address that its tags name.
type Place struct {
	Zone string
	Mark engine.Address
}

// Places reads the places of subnets by id, in one call for each page. Subnets
// that do not exist are left out.
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

// showGroups fills in the attribute "groups" of mount targets from their network
// interfaces, by the targets' ids: the services themselves tell it in a call for each,
// if they tell it. The attribute stays hidden while an interface is not listed yet.
func showGroups[R resource](ctx context.Context, api *ec2.Client, objects []engine.Object, interfaces map[string]string) error {
	if len(objects) == 0 {
		return nil
	}
	groups, err := Groups(ctx, api, slices.Sorted(maps.Values(interfaces)))
	if err != nil {
		return err
	}
	for _, o := range objects {
		if list, ok := groups[interfaces[o.ID]]; ok {
			o.Attrs["groups"] = engine.Shown(R(MountTarget{Groups: list}))["groups"]
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
