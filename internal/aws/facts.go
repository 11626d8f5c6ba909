package aws

import (
	"context"
	"fmt"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
	"github.com/aws/aws-sdk-go-v2/service/resourcegroupstaggingapi"
	tagging "github.com/aws/aws-sdk-go-v2/service/resourcegroupstaggingapi/types"

	"github.com/berthdev/berth/internal/engine"
)

// Ranges returns the IPv4 ranges of all VPCs in the region, and the number of
// VPCs.
func (c *Clients) Ranges(ctx context.Context) (ranges []string, count int, err error) {
	vpcs, err := c.vpcs(ctx)
	if err != nil {
		return nil, 0, err
	}
	for _, v := range vpcs {
		ranges = append(ranges, aws.ToString(v.CidrBlock))
		for _, a := range v.CidrBlockAssociationSet {
			ranges = append(ranges, aws.ToString(a.CidrBlock))
		}
	}
	slices.Sort(ranges)
	return slices.Compact(ranges), len(vpcs), nil
}

func (c *Clients) vpcs(ctx context.Context) ([]types.Vpc, error) {
	var all []types.Vpc
	pages := ec2.NewDescribeVpcsPaginator(c.EC2, &ec2.DescribeVpcsInput{})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, err
		}
		all = append(all, page.Vpcs...)
	}
	return all, nil
}

// OwnersIn returns the owners of the security groups in a VPC: every stack has
// at least one group.
func (c *Clients) OwnersIn(ctx context.Context, vpc string) ([]string, error) {
	var marks []string
	pages := ec2.NewDescribeSecurityGroupsPaginator(c.EC2, &ec2.DescribeSecurityGroupsInput{
		Filters: []types.Filter{{Name: aws.String("vpc-id"), Values: []string{vpc}}},
	})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, err
		}
		for _, g := range page.SecurityGroups {
			if aws.ToString(g.VpcId) != vpc {
				continue
			}
			for _, t := range g.Tags {
				if aws.ToString(t.Key) == engine.TagOwner {
					marks = append(marks, aws.ToString(t.Value))
				}
			}
		}
	}
	slices.Sort(marks)
	return slices.Compact(marks), nil
}

// OwnsAnything says whether any object carries the mark of one of the owners,
// according to AWS's index of tags, which lags by seconds to minutes. It serves
// for owners that no run has ever locked, with one call instead of at least one
// for every type. Objects that the index does not hold, such as roles, are
// recognised by their names when they are created.
func (c *Clients) OwnsAnything(ctx context.Context, owners []engine.Owner) (bool, error) {
	var marks []string
	for _, o := range owners {
		marks = append(marks, o.String())
	}
	tagged, err := c.Tagging.GetResources(ctx, &resourcegroupstaggingapi.GetResourcesInput{
		TagFilters: []tagging.TagFilter{{Key: aws.String(engine.TagOwner), Values: marks}},
	})
	if err != nil {
		return false, fmt.Errorf("looking for tagged objects: %w", err)
	}
	return len(tagged.ResourceTagMappingList) > 0, nil
}
