package sandbox

import (
	"fmt"
	"net/http"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/route53"
	"github.com/aws/aws-sdk-go-v2/service/route53/types"
)

// route53Part is Route 53: public zones and their records. The private zones
// that Cloud Map makes are listed too, as on AWS.
type route53Part struct {
	account *Account
	s       route53State
	// cloudMap has the private zones.
	cloudMap *sdPart
	acm      *acmPart
	// Needs is set before the first call.
	Needs route53Needs
}

// route53Needs are what Route 53 needs of other services.
type route53Needs struct{ Balancers route53Balancers }

// route53Balancers are what an alias can point to.
type route53Balancers interface {
	// HasName reports whether a load balancer has a host name.
	HasName(dns string) bool
}

// newRoute53 is Route 53 with the private zones of Cloud Map.
func newRoute53(account *Account, private *sdPart) *route53Part {
	return &route53Part{account: account, cloudMap: private}
}

// ID implements Service.
func (p *route53Part) ID() string { return route53.ServiceID }

func (p *route53Part) State() any { return &p.s }

func (p *route53Part) Routes(r *router) {
	on(r, p.createHostedZone)
	on(r, p.getHostedZone)
	on(r, p.deleteHostedZone)
	on(r, p.updateHostedZoneComment)
	on(r, p.listHostedZones)
	on(r, p.listHostedZonesByName)
	on(r, p.changeTagsForResource)
	on(r, p.listTagsForResource)
	on(r, p.changeResourceRecordSets)
	on(r, p.listResourceRecordSets)
	on(r, p.getChange)
}

// locate names what a call is about. Source:
// https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonroute53.html
func (p *route53Part) locate(operation string, in any) string {
	const prefix = "arn:aws:route53:::"
	if id := fieldText(in, "HostedZoneId"); id != "" && !strings.HasPrefix(operation, "ListHostedZones") {
		return prefix + "hostedzone/" + zoneID(id)
	}
	if id := fieldText(in, "ResourceId"); id != "" {
		return prefix + "hostedzone/" + zoneID(id)
	}
	if id := fieldText(in, "Id"); id != "" && operation == "GetChange" {
		return prefix + "change/" + zoneID(id)
	} else if id != "" {
		return prefix + "hostedzone/" + zoneID(id)
	}
	return ""
}

func (p *route53Part) Dump(d *dumper) {
	for _, z := range p.s.Zones.all() {
		sets := map[string]any{}
		for key, s := range z.Sets {
			if s.Type != types.RRTypeNs && s.Type != types.RRTypeSoa {
				sets[key] = s
			}
		}
		d.add("route53.zone", z.ID, z.Name, map[string]any{"description": z.Comment, "tags": z.Tags, "records": sets})
	}
}

// zoneID is an id without "/hostedzone/" or "/change/" before it.
func zoneID(id string) string { return id[strings.LastIndexByte(id, '/')+1:] }

// dnsName is a name in lower case without a dot at its end.
func dnsName(name string) string {
	return strings.ReplaceAll(strings.TrimSuffix(strings.ToLower(name), "."), `\052`, "*")
}

// shownDNSName is a name as Route 53 shows it.
func shownDNSName(name string) *string {
	return aws.String(strings.ReplaceAll(name, "*", `\052`) + ".")
}

// reversed is what Route 53 sorts by: the labels of a name from the last on.
func reversed(name string) string {
	labels := strings.Split(strings.ReplaceAll(name, "*", `\052`), ".")
	for i, j := 0, len(labels)-1; i < j; i, j = i+1, j-1 {
		labels[i], labels[j] = labels[j], labels[i]
	}
	return strings.Join(labels, ".") + "."
}

func noZone(id string) error {
	return withStatus(http.StatusNotFound, &types.NoSuchHostedZone{Message: aws.String("No hosted zone found with ID: " + id)})
}

// PublicZones are the names of the world's public zones with their ids.
func (p *route53Part) PublicZones() map[string]string {
	out := map[string]string{}
	for _, z := range p.s.Zones.all() {
		out[z.Name] = z.ID
	}
	return out
}

// Lookup answers for a name as the public zones do: the values of its
// records of a type, an alias to a load balancer as that balancer's addresses
// under its host name. ok is false if no zone has the name.
func (p *route53Part) Lookup(name, kind string) (values []string, ok bool) {
	s, ok := p.answer(dnsName(name), types.RRType(kind))
	if !ok {
		return nil, false
	}
	if s.AliasTarget != nil {
		return []string{dnsName(aws.ToString(s.AliasTarget.DNSName))}, true
	}
	for _, v := range s.ResourceRecords {
		values = append(values, aws.ToString(v.Value))
	}
	return values, true
}

// answer is the set that answers for a name: its own, or that of the star.
func (p *route53Part) answer(name string, kind types.RRType) (types.ResourceRecordSet, bool) {
	var best *hostedZone
	for _, z := range p.s.Zones.all() {
		if (name == z.Name || strings.HasSuffix(name, "."+z.Name)) && (best == nil || len(z.Name) > len(best.Name)) {
			best = z
		}
	}
	if best == nil {
		return types.ResourceRecordSet{}, false
	}
	_, above, _ := strings.Cut(name, ".")
	for _, n := range []string{name, "*." + above} {
		if s, ok := best.Sets[setKey(n, kind)]; ok {
			return s, true
		}
	}
	return types.ResourceRecordSet{}, false
}

func setKey(name string, kind types.RRType) string { return fmt.Sprintf("%s %s", name, kind) }

var (
	_ Service = (*route53Part)(nil)
	_ locator = (*route53Part)(nil)
)
