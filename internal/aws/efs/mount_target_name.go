package efs

import (
	"context"
	"fmt"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"github.com/berthdev/berth/internal/engine"
)

// place is where a subnet is, and what its tags say it is.
type place struct {
	zone string
	mark engine.Address
}

// name finds the addresses of mount targets: that of the wanted one in the
// same subnet, or in another subnet of the same zone, where it is in the way.
// What nothing wants keeps the name of its zone.
func (t MountTargets) name(ctx context.Context, q engine.Query, lives []engine.Live) error {
	if len(lives) == 0 || len(q.Wanted) == 0 {
		return nil
	}
	var ids []string
	for _, l := range lives {
		ids = append(ids, l.Attrs["subnet"])
	}
	for _, w := range q.Wanted {
		if want, ok := w.Resource.(MountTarget); ok && want.Subnet.Known() {
			ids = append(ids, want.Subnet.Value())
		}
	}
	slices.Sort(ids)
	places, err := t.places(ctx, slices.Compact(ids))
	if err != nil {
		return err
	}
	for i, l := range lives {
		for _, w := range q.Wanted {
			want, ok := w.Resource.(MountTarget)
			if ok && w.Address.Owner == l.Address.Owner && standsFor(want.Subnet, l, places) {
				lives[i].Address = w.Address
			}
		}
	}
	return nil
}

// standsFor says whether a mount target is the one that is wanted in a subnet.
func standsFor(want engine.Ref, live engine.Live, places map[string]place) bool {
	if of, _, _, bound := want.Of(); bound {
		mark := places[live.Attrs["subnet"]].mark
		return !mark.IsZero() && of == mark
	}
	return want.Value() == live.Attrs["subnet"] || places[want.Value()].zone == live.Address.Name
}

func (t MountTargets) places(ctx context.Context, subnets []string) (map[string]place, error) {
	found := map[string]place{}
	pages := ec2.NewDescribeSubnetsPaginator(t.EC2, &ec2.DescribeSubnetsInput{
		Filters: []types.Filter{{Name: aws.String("subnet-id"), Values: subnets}},
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
			found[aws.ToString(s.SubnetId)] = place{aws.ToString(s.AvailabilityZone), mark.Address}
		}
	}
	return found, nil
}

// showGroups fills in the mount targets' security groups, which are those of
// their network interfaces: EFS itself tells them in a call for each. An
// interface that is not listed yet hides them.
func (t MountTargets) showGroups(ctx context.Context, lives []engine.Live, interfaces map[string]string) error {
	if len(lives) == 0 {
		return nil
	}
	var ids []string
	for _, id := range interfaces {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	pages := ec2.NewDescribeNetworkInterfacesPaginator(t.EC2, &ec2.DescribeNetworkInterfacesInput{
		Filters: []types.Filter{{Name: aws.String("network-interface-id"), Values: ids}},
	})
	groups := map[string]string{}
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return fmt.Errorf("reading the groups of mount targets: %w", err)
		}
		for _, n := range page.NetworkInterfaces {
			var list []engine.Ref
			for _, g := range n.Groups {
				list = append(list, engine.Lit(aws.ToString(g.GroupId)))
			}
			groups[aws.ToString(n.NetworkInterfaceId)] = engine.Shown(MountTarget{Groups: list})["groups"]
		}
	}
	for _, l := range lives {
		if list, ok := groups[interfaces[l.ID]]; ok {
			l.Attrs["groups"] = list
		}
	}
	return nil
}
