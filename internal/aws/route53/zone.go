package route53

import (
	"context"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/route53"
	"github.com/aws/aws-sdk-go-v2/service/route53/types"
)

// Zone is a public hosted zone of the account, made by anybody.
type Zone struct {
	// ID is the bare id, such as Z0123456789; Name has no dot at its end.
	ID, Name string
	// Comment is the zone's comment; in berth's zones it has the mark.
	Comment string
}

// Zones returns the public zones whose names end in one of the domains; without domains,
// all public zones. It takes one call for each domain with up to a hundred zones below
// it: Route 53 lists zones in the order of the reversed labels, so that a domain and the
// zones below it are adjacent.
// https://docs.aws.amazon.com/Route53/latest/APIReference/API_ListHostedZonesByName.html
func Zones(ctx context.Context, api *route53.Client, domains ...string) ([]Zone, error) {
	if len(domains) == 0 {
		return allZones(ctx, api)
	}
	var found []Zone
	seen := map[string]bool{}
	for _, d := range domains {
		list, err := zonesBelow(ctx, api, d)
		if err != nil {
			return nil, err
		}
		for _, z := range list {
			if !seen[z.ID] {
				seen[z.ID] = true
				found = append(found, z)
			}
		}
	}
	return found, nil
}

func zonesBelow(ctx context.Context, api *route53.Client, domain string) ([]Zone, error) {
	in := &route53.ListHostedZonesByNameInput{DNSName: &domain}
	var found []Zone
	for {
		out, err := api.ListHostedZonesByName(ctx, in)
		if err != nil {
			return nil, fmt.Errorf("looking for the zone of %s: %w", domain, err)
		}
		for _, z := range out.HostedZones {
			name := bareName(aws.ToString(z.Name))
			if name != domain && !strings.HasSuffix(name, "."+domain) {
				return found, nil
			}
			found = appendPublic(found, z)
		}
		if !out.IsTruncated {
			return found, nil
		}
		in.DNSName, in.HostedZoneId = out.NextDNSName, out.NextHostedZoneId
	}
}

func allZones(ctx context.Context, api *route53.Client) ([]Zone, error) {
	var found []Zone
	pages := route53.NewListHostedZonesPaginator(api, &route53.ListHostedZonesInput{})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, fmt.Errorf("listing zones: %w", err)
		}
		for _, z := range page.HostedZones {
			found = appendPublic(found, z)
		}
	}
	return found, nil
}

// appendPublic leaves out private zones, including those of Cloud Map.
func appendPublic(list []Zone, z types.HostedZone) []Zone {
	if z.LinkedService != nil || z.Config != nil && z.Config.PrivateZone {
		return list
	}
	comment := ""
	if z.Config != nil {
		comment = aws.ToString(z.Config.Comment)
	}
	return append(list, Zone{ID: bareID(aws.ToString(z.Id)), Name: bareName(aws.ToString(z.Name)), Comment: comment})
}

// bareID returns the id without "/hostedzone/" before it.
func bareID(id string) string { return id[strings.LastIndexByte(id, '/')+1:] }

// bareName returns a name as people write it: Route 53 shows it with a dot at
// the end and with \052 for a star.
func bareName(name string) string {
	return strings.ReplaceAll(strings.TrimSuffix(strings.ToLower(name), "."), `\052`, "*")
}

// NameServers returns the name servers of a zone, for the user to set at the
// registrar.
func NameServers(ctx context.Context, api *route53.Client, id string) ([]string, error) {
	out, err := api.GetHostedZone(ctx, &route53.GetHostedZoneInput{Id: &id})
	if err != nil {
		return nil, fmt.Errorf("reading zone %s: %w", id, err)
	}
	if out.DelegationSet == nil {
		return nil, nil
	}
	return out.DelegationSet.NameServers, nil
}
