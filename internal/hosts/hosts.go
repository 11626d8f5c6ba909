package hosts

import (
	"context"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/acm"

	"github.com/berthdev/berth/internal/app"
	"github.com/berthdev/berth/internal/blueprint"
	"github.com/berthdev/berth/internal/clock"
	"github.com/berthdev/berth/internal/engine"
	"github.com/berthdev/berth/internal/engine/memory"
)

// Hosts works on the host names of one project in one account.
type Hosts struct {
	App *app.App
	// Route53 and Cloudflare are the providers of zones.
	Route53, Cloudflare Provider
	// Certificates finds the certificates of the account.
	Certificates *acm.Client
	// Resolver asks the public DNS; nil makes no queries.
	Resolver Resolver
	// Addresses returns the public addresses of the tasks that work, by service.
	// It is asked only where the internet reaches tasks without a load balancer.
	Addresses func(context.Context) (map[string][]string, error)
	Clock     clock.Clock
	// Jitter returns numbers from 0 to 1 for the spread of Watch; nil is random.
	Jitter func() float64
}

// Provider is a DNS service that answers for zones.
type Provider interface {
	ZoneKeeper
	RecordKeeper
	NoteKeeper
}

// ZoneKeeper finds the zones at a provider.
type ZoneKeeper interface {
	// Zones returns the zones among which those of the hosts are.
	Zones(ctx context.Context, s Search) ([]blueprint.Zone, error)
	// CheckNew returns why a zone of this name cannot be made, before anything
	// changes. A cause that the user can remove is a *ZoneError without a place.
	CheckNew(ctx context.Context, zone string) error
	// Delegation returns the name of the zone that a resource makes at this provider
	// and the name servers of its object, as far as there is one; ok is false for
	// any other resource.
	Delegation(r engine.Resource, o engine.Object) (zone string, servers []string, ok bool)
}

// RecordKeeper reads and changes the records at a provider.
type RecordKeeper interface {
	// Taken returns a line for each record of somebody else in the place of a
	// desired record. It skips resources that are not records of this provider, and
	// records whose zone or name is not known yet. balancer is the host name of the
	// environment's load balancer; empty as long as there is none.
	Taken(ctx context.Context, wanted map[engine.Address]engine.Resource, balancer string) ([]string, error)
	// AddressRecords returns the owner's records at these places.
	AddressRecords(ctx context.Context, o engine.Owner, places []Place) ([]AddressRecord, error)
	// SetAddresses sets the values of an address record; without addresses it
	// removes the record and keeps its mark. ttl is in seconds.
	SetAddresses(ctx context.Context, r AddressRecord, ttl int, addresses []string) error
}

// NoteKeeper turns zones into the notes that runs leave for the next ones in
// their locks' records, and takes in those of earlier runs.
type NoteKeeper interface {
	// Remember fills the memory of a reading with the notes of earlier runs. It
	// skips notes of other providers.
	Remember(m *memory.Memory, n Notes)
	// NotesBefore are the notes of a zone that a run is about to use or to make,
	// which it may do from one moment until another.
	NotesBefore(z blueprint.Zone, from, until time.Time) []string
	// NotesAfter are the notes of an object, if it is a zone or record at this
	// provider.
	NotesAfter(typ, id string) []string
}

// Search says which zones are looked for.
type Search struct {
	// Hosts are the names whose zones are wanted.
	Hosts []string
	// Zone is the name or id of the zone that the file gives, in lower case and
	// without a dot at its end; empty if it gives none.
	Zone string
	// Creates says that a missing zone will be made.
	Creates bool
	// Environment owns the zones that berth makes.
	Environment engine.Owner
	// Notes are those of earlier runs.
	Notes Notes
}

// Place is where a host's record is: its address in the graph and its zone.
type Place struct {
	Address    engine.Address
	Zone, Host string
}

// AddressRecord is a record of a host with the addresses that it holds.
type AddressRecord struct {
	engine.Object
	Addresses []string
}

// addressRecords lists the owner's records at these places, each with what
// addresses finds in its object. wanted makes the record that a place asks for.
func addressRecords(ctx context.Context, o engine.Owner, places []Place, wanted func(Place) engine.Resource,
	list func(context.Context, engine.Query) ([]engine.Object, error), addresses func(engine.Object) []string,
) ([]AddressRecord, error) {
	q := engine.Query{Owners: []engine.Owner{o}}
	for _, at := range places {
		q.Wanted = append(q.Wanted, engine.Wanted{Address: at.Address, Resource: wanted(at)})
	}
	objects, err := list(ctx, q)
	out := make([]AddressRecord, len(objects))
	for i, object := range objects {
		out[i] = AddressRecord{object, addresses(object)}
	}
	return out, err
}

// providers are both, in the order in which they are asked.
func (h *Hosts) providers() []Provider { return []Provider{h.Route53, h.Cloudflare} }

// at is the provider of a name, which is app.DNSRoute53 or app.DNSCloudflare.
func (h *Hosts) at(provider string) Provider {
	if provider == app.DNSCloudflare {
		return h.Cloudflare
	}
	return h.Route53
}

// provider is the one that the file asks for.
func (h *Hosts) provider() Provider { return h.at(h.App.Settings.DNSProvider.Value) }

func (h *Hosts) stack() engine.Owner { return blueprint.Stack(h.App) }

func (h *Hosts) environment() engine.Owner { return blueprint.Environment(h.App) }
