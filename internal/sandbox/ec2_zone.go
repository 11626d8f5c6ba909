package sandbox

import (
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
)

func (p *ec2Subnets) zoneRoutes(r *router) {
	on(r, p.describeAvailabilityZones)
	on(r, p.describeRegions)
}

func (p *ec2Subnets) describeAvailabilityZones(_ *request, in *ec2.DescribeAvailabilityZonesInput) (*ec2.DescribeAvailabilityZonesOutput, error) {
	out := &ec2.DescribeAvailabilityZonesOutput{}
	for _, name := range p.account.zones() {
		z := &zone{types.AvailabilityZone{
			ZoneName: aws.String(name), ZoneId: aws.String(p.account.zoneID(name)), RegionName: aws.String(p.account.region()),
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

func (p *ec2Subnets) describeRegions(_ *request, _ *ec2.DescribeRegionsInput) (*ec2.DescribeRegionsOutput, error) {
	return &ec2.DescribeRegionsOutput{Regions: []types.Region{{RegionName: aws.String(p.account.region())}}}, nil
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
