package hosts

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/berthdev/berth/internal/app"
	"github.com/berthdev/berth/internal/aws/route53"
	"github.com/berthdev/berth/internal/blueprint"
	"github.com/berthdev/berth/internal/cloudflare"
	"github.com/berthdev/berth/internal/engine"
	"github.com/berthdev/berth/internal/engine/memory"
)

// Route53 keeps zones and records at Amazon Route 53.
type Route53 struct{ Records route53.Records }

// Zones implements Provider. Without an id in the file it lists only the zones
// that are named like one of the hosts or lie above it.
func (p Route53) Zones(ctx context.Context, s Search) ([]blueprint.Zone, error) {
	domains := topDomains(s.Hosts)
	if strings.Contains(s.Zone, ".") {
		domains = []string{s.Zone}
	} else if s.Zone != "" {
		domains = nil // an id: its name is looked up among all
	}
	list, err := route53.Zones(ctx, p.Records.API, domains...)
	if err != nil {
		return nil, err
	}
	var out []blueprint.Zone
	for _, z := range list {
		mark, _ := engine.ParseMark(z.Comment)
		out = append(out, blueprint.Zone{
			Provider: app.DNSRoute53, ID: z.ID, Name: z.Name, Made: mark.Address.Owner == s.Environment,
		})
	}
	return out, nil
}

// CheckNew implements Provider: an account can make zones of any name.
func (Route53) CheckNew(context.Context, string) error { return nil }

// Delegation implements Provider.
func (Route53) Delegation(r engine.Resource, o engine.Object) (zone string, servers []string, ok bool) {
	z, ok := r.(route53.HostedZone)
	return z.Name, route53.ServersOf(o), ok
}

// Taken implements Provider: it reads each zone once.
func (p Route53) Taken(ctx context.Context, wanted map[engine.Address]engine.Resource, balancer string) ([]string, error) {
	byZone := map[string]map[engine.Address]route53.Record{}
	for a, resource := range wanted {
		r, ok := resource.(route53.Record)
		if !ok || !r.Zone.Known() || !r.Name.Known() {
			continue
		}
		if balancer != "" && !r.Alias.Known() {
			r.Alias = engine.Lit(strings.ToLower(balancer))
		}
		if byZone[r.Zone.Value()] == nil {
			byZone[r.Zone.Value()] = map[engine.Address]route53.Record{}
		}
		byZone[r.Zone.Value()][a] = r
	}
	var lines []string
	for zone, records := range byZone {
		found, err := p.Records.Foreign(ctx, zone, records)
		if err != nil {
			return nil, err
		}
		for a, f := range found {
			lines = append(lines, inTheWay(f.Name, f.Kind, f.Values, f.Owner, a))
		}
	}
	return lines, nil
}

// AddressRecords implements Provider.
func (p Route53) AddressRecords(ctx context.Context, o engine.Owner, places []Place) ([]AddressRecord, error) {
	wanted := func(at Place) engine.Resource {
		return route53.Record{Zone: engine.Lit(at.Zone), Name: engine.Lit(at.Host), Kind: "A"}
	}
	return addressRecords(ctx, o, places, wanted, p.Records.List, route53.AddressesOf)
}

// SetAddresses implements Provider.
func (p Route53) SetAddresses(ctx context.Context, r AddressRecord, ttl int, addresses []string) error {
	return p.Records.SetAddresses(ctx, r.Object, ttl, addresses)
}

// Remember implements Provider.
func (Route53) Remember(m *memory.Memory, n Notes) {
	zones := slices.DeleteFunc(slices.Clone(n.Zones), cloudflare.IsNote)
	route53.KnowZones(m, zones, n.Incomplete)
}

// NotesBefore implements Provider. The id of a zone that is yet to be made is
// not known.
func (Route53) NotesBefore(z blueprint.Zone, _, _ time.Time) []string {
	if z.ID == "" {
		return []string{anyZone}
	}
	return []string{z.ID}
}

// NotesAfter implements Provider.
func (Route53) NotesAfter(typ, id string) []string {
	switch typ {
	case route53.Record{}.Type(), route53.HostedZone{}.Type():
		zone, _, _ := strings.Cut(id, "/")
		return []string{zone}
	}
	return nil
}

// topDomains are the last two labels of the hosts, below which their zones are.
func topDomains(hosts []string) []string {
	var out []string
	for _, h := range hosts {
		labels := strings.Split(strings.TrimPrefix(h, "*."), ".")
		out = append(out, strings.Join(labels[max(0, len(labels)-2):], "."))
	}
	slices.Sort(out)
	return slices.Compact(out)
}

var _ Provider = Route53{}
