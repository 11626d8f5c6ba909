package aws

import (
	"context"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
)

// Zones returns the sorted names of the region's availability zones that
// support everything that berth makes, without local zones and wavelength
// zones. The same name means different zones in different accounts, so Zones
// selects them by their ids.
func (c *Clients) Zones(ctx context.Context) ([]string, error) {
	out, err := c.EC2.DescribeAvailabilityZones(ctx, &ec2.DescribeAvailabilityZonesInput{
		Filters: []types.Filter{
			{Name: aws.String("zone-type"), Values: []string{"availability-zone"}},
			{Name: aws.String("state"), Values: []string{"available"}},
		},
	})
	if err != nil {
		return nil, err
	}
	var names []string
	for _, z := range out.AvailabilityZones {
		if complete(aws.ToString(z.ZoneId)) {
			names = append(names, aws.ToString(z.ZoneName))
		}
	}
	slices.Sort(names)
	return names, nil
}

// complete says whether a zone, by its id, has Fargate and what a network and
// databases need. In three regions only some zones have Fargate:
// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/AWS_Fargate-Regions.html
// (apne1-az3 has no NAT gateways either:
// https://github.com/sysdiglabs/terraform-aws-secure-for-cloud/pull/52). The machines
// of use1-az3 are older than Graviton, which tasks for arm64 and the default sizes of
// databases and caches need: https://wolfman.dev/posts/exclude-use1-az3/ .
func complete(zoneID string) bool {
	region, _, _ := strings.Cut(zoneID, "-")
	switch region {
	case "usw1":
		return zoneID == "usw1-az1" || zoneID == "usw1-az3"
	case "apne1":
		return zoneID == "apne1-az1" || zoneID == "apne1-az2" || zoneID == "apne1-az4"
	case "cnn1":
		return zoneID == "cnn1-az1" || zoneID == "cnn1-az2"
	}
	return zoneID != "use1-az3"
}
