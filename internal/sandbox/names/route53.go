package names

import (
	"fmt"
	"net/http"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/route53"
	"github.com/aws/aws-sdk-go-v2/service/route53/types"

	"github.com/berthdev/berth/internal/sandbox/world"
)

// Route53 is Route 53: public zones and their records. The private zones
// that Cloud Map makes are listed too, as on AWS.
type Route53 struct {
	account *world.Account
	s       route53State
	// cloudMap has the private zones.
	cloudMap *CloudMap
	acm      *ACM
	// Needs is set before the first call.
	Needs Route53Needs
}

// Route53Needs are what Route 53 needs of other services.
type Route53Needs struct{ Balancers Balancers }

// Balancers are the load balancers that an alias can point to.
type Balancers interface {
	// HasName reports whether a load balancer has a host name.
	HasName(dns string) bool
}

// NewRoute53 makes the Route 53 of an account, with the private zones of Cloud
// Map.
func NewRoute53(account *world.Account, private *CloudMap) *Route53 {
	return &Route53{account: account, cloudMap: private}
}

// ID implements world.Service.
func (p *Route53) ID() string { return route53.ServiceID }

// State implements world.Service.
func (p *Route53) State() any { return &p.s }

// Routes implements world.Service.
func (p *Route53) Routes(r *world.Router) {
	world.On(r, p.createHostedZone)
	world.On(r, p.getHostedZone)
	world.On(r, p.deleteHostedZone)
	world.On(r, p.updateHostedZoneComment)
	world.On(r, p.listHostedZones)
	world.On(r, p.listHostedZonesByName)
	world.On(r, p.changeTagsForResource)
	world.On(r, p.listTagsForResource)
	world.On(r, p.changeResourceRecordSets)
	world.On(r, p.listResourceRecordSets)
	world.On(r, p.getChange)
}

// Locate names what a call is about. Source:
// https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonroute53.html
func (p *Route53) Locate(operation string, in any) string {
	const prefix = "arn:aws:route53:::"
	if id := world.FieldText(in, "HostedZoneId"); id != "" && !strings.HasPrefix(operation, "ListHostedZones") {
		return prefix + "hostedzone/" + zoneID(id)
	}
	if id := world.FieldText(in, "ResourceId"); id != "" {
		return prefix + "hostedzone/" + zoneID(id)
	}
	if id := world.FieldText(in, "Id"); id != "" && operation == "GetChange" {
		return prefix + "change/" + zoneID(id)
	} else if id != "" {
		return prefix + "hostedzone/" + zoneID(id)
	}
	return ""
}

// Dump implements world.Service.
func (p *Route53) Dump(d *world.Dumper) {
	for _, z := range p.s.Zones.All() {
		sets := map[string]any{}
		for key, s := range z.Sets {
			if s.Type != types.RRTypeNs && s.Type != types.RRTypeSoa {
				sets[key] = s
			}
		}
		d.Add("route53.zone", z.ID, z.Name, map[string]any{"description": z.Comment, "tags": z.Tags, "records": sets})
	}
}

// zoneID returns an id without "/hostedzone/" or "/change/" before it.
func zoneID(id string) string { return id[strings.LastIndexByte(id, '/')+1:] }

// dnsName returns a name in lower case without a dot at its end.
func dnsName(name string) string {
	return strings.ReplaceAll(strings.TrimSuffix(strings.ToLower(name), "."), `\052`, "*")
}

// shownDNSName returns a name as Route 53 shows it.
func shownDNSName(name string) *string {
	return aws.String(strings.ReplaceAll(name, "*", `\052`) + ".")
}

// reversed returns the key that Route 53 sorts by: the labels of a name in
// reverse order.
func reversed(name string) string {
	labels := strings.Split(strings.ReplaceAll(name, "*", `\052`), ".")
	for i, j := 0, len(labels)-1; i < j; i, j = i+1, j-1 {
		labels[i], labels[j] = labels[j], labels[i]
	}
	return strings.Join(labels, ".") + "."
}

func noZone(id string) error {
	return world.WithStatus(http.StatusNotFound, &types.NoSuchHostedZone{Message: aws.String("No hosted zone found with ID: " + id)})
}

// PublicZones returns the names of the world's public zones with their ids.
func (p *Route53) PublicZones() map[string]string {
	out := map[string]string{}
	for _, z := range p.s.Zones.All() {
		out[z.Name] = z.ID
	}
	return out
}

// Lookup answers for a name as the public zones do, with the values of its
// records of a type; for an alias to a load balancer it answers with the
// balancer's host name. ok is false if no zone has the name.
func (p *Route53) Lookup(name, kind string) (values []string, ok bool) {
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

// answer returns the record set that answers for a name: its own, or the
// wildcard's.
func (p *Route53) answer(name string, kind types.RRType) (types.ResourceRecordSet, bool) {
	var best *hostedZone
	for _, z := range p.s.Zones.All() {
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
	_ world.Service = (*Route53)(nil)
	_ world.Locator = (*Route53)(nil)
)
