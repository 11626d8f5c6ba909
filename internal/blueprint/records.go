package blueprint

import (
	"github.com/berthdev/berth/internal/app"
	"github.com/berthdev/berth/internal/aws/route53"
	"github.com/berthdev/berth/internal/cloudflare"
	"github.com/berthdev/berth/internal/engine"
)

// newZones are the zones that berth makes, by name.
type newZones map[string]*engine.Node

// newZone is a zone that berth makes, at its provider.
func newZone(zone Zone) engine.Resource {
	if zone.Provider == app.DNSCloudflare {
		return cloudflare.NewZone{Name: zone.Name}
	}
	return route53.HostedZone{Name: zone.Name}
}

// id is the id of a zone; that of a zone that berth makes is known once it exists.
func (z newZones) id(zone Zone) engine.Ref {
	if made := z[zone.Name]; made != nil {
		return made.ID()
	}
	return engine.Lit(zone.ID)
}

// record is a DNS record at any provider.
type record struct {
	name  engine.Ref
	kind  string
	ttl   int
	value engine.Ref
	// zone is the zone of a load balancer's name, for an alias.
	zone engine.Ref
	// addresses says that the values are the addresses of running tasks.
	addresses bool
}

// at is the record as a resource of the zone's provider.
func (r record) at(zone Zone, made newZones) engine.Resource {
	if zone.Provider == app.DNSCloudflare {
		return r.atCloudflare(made.id(zone))
	}
	want := route53.Record{Zone: made.id(zone), Name: r.name, Kind: r.kind, TTL: r.ttl, Shared: !r.addresses, Addresses: r.addresses}
	switch {
	case r.addresses:
	case r.zone != (engine.Ref{}):
		want.Alias, want.AliasZone, want.TTL = r.value, r.zone, 0
	default:
		want.Values = []engine.Ref{r.value}
	}
	return want
}

// atCloudflare is the record at Cloudflare, which needs no alias: it resolves a
// CNAME at the top of a zone to addresses.
func (r record) atCloudflare(zone engine.Ref) cloudflare.Record {
	want := cloudflare.Record{Zone: zone, Name: r.name, Kind: r.kind, TTL: r.ttl, Shared: !r.addresses, Addresses: r.addresses}
	switch {
	case r.addresses:
		want.TTL = 0
	case r.zone != (engine.Ref{}):
		want.Kind, want.TTL, want.Values = "CNAME", 60, []engine.Ref{r.value}
	default:
		want.Values = []engine.Ref{r.value}
	}
	return want
}

// HostRecord is the address of the record of a host at a provider.
func HostRecord(a *app.App, provider, host string) engine.Address {
	typ := route53.Record{}.Type()
	if provider == app.DNSCloudflare {
		typ = cloudflare.Record{}.Type()
	}
	return engine.Address{Owner: Stack(a), Type: typ, Name: addressWord(host)}
}
