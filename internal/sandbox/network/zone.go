package network

import (
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"github.com/berthdev/berth/internal/sandbox/world"
)

func (p *subnets) zoneRoutes(r *world.Router) {
	world.On(r, p.describeAvailabilityZones)
	world.On(r, p.describeRegions)
}

func (p *subnets) describeAvailabilityZones(_ *world.Request, in *ec2.DescribeAvailabilityZonesInput) (*ec2.DescribeAvailabilityZonesOutput, error) {
	out := &ec2.DescribeAvailabilityZonesOutput{}
	for _, name := range p.account.Zones() {
		z := &zone{types.AvailabilityZone{
			ZoneName: aws.String(name), ZoneId: aws.String(p.account.ZoneID(name)), RegionName: aws.String(p.account.Region()),
			State: types.AvailabilityZoneStateAvailable, ZoneType: aws.String("availability-zone"),
			OptInStatus: types.AvailabilityZoneOptInStatusOptInNotRequired,
		}}
		ok, err := passes(z, in.Filters)
		if err != nil {
			return nil, err
		}
		if ok && (len(in.ZoneNames) == 0 || slices.Contains(in.ZoneNames, name)) {
			out.AvailabilityZones = append(out.AvailabilityZones, z.AvailabilityZone)
		}
	}
	return out, nil
}

func (p *subnets) describeRegions(_ *world.Request, _ *ec2.DescribeRegionsInput) (*ec2.DescribeRegionsOutput, error) {
	return &ec2.DescribeRegionsOutput{Regions: []types.Region{{RegionName: aws.String(p.account.Region())}}}, nil
}

type zone struct{ types.AvailabilityZone }

func (z *zone) tags() *[]types.Tag { return new([]types.Tag) }

func (z *zone) field(filter string) ([]string, bool) {
	switch filter {
	case "state":
		return []string{string(z.State)}, true
	case "zone-name":
		return one(z.ZoneName)
	case "zone-type":
		return one(z.ZoneType)
	case "region-name":
		return one(z.RegionName)
	case "opt-in-status":
		return []string{string(z.OptInStatus)}, true
	}
	return nil, false
}
