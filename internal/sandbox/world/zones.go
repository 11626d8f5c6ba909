package world

import (
	"fmt"
	"slices"
	"strings"
)

// zoneNumbers are the numbers in the ids of a region's zones, in the order of
// the letters in their names. That order is the account's own; here the zones
// that lack a feature come first.
func zoneNumbers(region string) []int {
	switch region {
	case "us-east-1":
		return []int{3, 1, 2, 4, 5, 6}
	case "us-west-1", "cn-north-1":
		return []int{lacking(region), 1, 5 - lacking(region)}
	case "ap-northeast-1":
		return []int{3, 1, 2, 4}
	}
	return []int{1, 2, 3}
}

// lacking is the number of the zone without Fargate; 0 for none.
// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/AWS_Fargate-Regions.html
func lacking(region string) int {
	switch region {
	case "us-west-1":
		return 2
	case "ap-northeast-1", "cn-north-1":
		return 3
	}
	return 0
}

// Zones are the names of the region's availability zones, such as eu-central-1a.
func (a *Account) Zones() []string {
	var names []string
	for i := range zoneNumbers(a.Region()) {
		names = append(names, a.Region()+string(rune('a'+i)))
	}
	return names
}

// ZoneID returns a zone's id, which is the same in all accounts: euc1-az2.
func (a *Account) ZoneID(zone string) string {
	i := slices.Index(a.Zones(), zone)
	return fmt.Sprintf("%s-az%d", zonePrefix(a.Region()), zoneNumbers(a.Region())[i])
}

// zonePrefix is how the ids of a region's zones begin: apne1 for ap-northeast-1.
func zonePrefix(region string) string {
	parts := strings.Split(region, "-")
	out := parts[0]
	for _, word := range []string{"gov", "north", "south", "east", "west", "central"} {
		for _, part := range parts[1:] {
			if strings.HasPrefix(part, word) || part != "" && strings.HasSuffix(part, word) {
				out += word[:1]
			}
		}
	}
	return out + parts[len(parts)-1]
}

// HasFargate reports whether tasks can be placed in a zone.
func (a *Account) HasFargate(zone string) bool {
	n := lacking(a.Region())
	return n == 0 || a.ZoneID(zone) != fmt.Sprintf("%s-az%d", zonePrefix(a.Region()), n)
}

// HasNAT reports whether a zone has NAT gateways.
// https://github.com/sysdiglabs/terraform-aws-secure-for-cloud/pull/52
func (a *Account) HasNAT(zone string) bool { return a.ZoneID(zone) != "apne1-az3" }

// HasBalancers reports whether balancers can be in a zone. Assumption: the
// us-west-1a of https://github.com/widdix/mastodon-on-aws/issues/13 is the zone
// without Fargate.
func (a *Account) HasBalancers(zone string) bool { return a.ZoneID(zone) != "usw1-az2" }

// HasGraviton reports whether a zone has machines for arm64, and for sizes such
// as db.t4g.micro: https://wolfman.dev/posts/exclude-use1-az3/
func (a *Account) HasGraviton(zone string) bool { return a.ZoneID(zone) != "use1-az3" }
