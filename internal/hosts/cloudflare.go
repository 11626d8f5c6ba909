package hosts

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/berthdev/berth/internal/app"
	"github.com/berthdev/berth/internal/blueprint"
	"github.com/berthdev/berth/internal/cloudflare"
	"github.com/berthdev/berth/internal/engine"
	"github.com/berthdev/berth/internal/engine/memory"
)

// Cloudflare keeps zones and records at Cloudflare.
type Cloudflare struct{ Records cloudflare.Records }

// Zones implements Provider: the zones that the token may read. The mark of one
// is read only where the environment may have made it.
func (p Cloudflare) Zones(ctx context.Context, s Search) ([]blueprint.Zone, error) {
	list, err := p.Records.Client.Zones(ctx)
	if err != nil {
		return nil, err
	}
	known := &memory.Memory{}
	p.Remember(known, s.Notes)
	var out []blueprint.Zone
	for _, z := range list {
		zone := blueprint.Zone{Provider: app.DNSCloudflare, ID: z.ID, Name: z.Name}
		used := slices.ContainsFunc(s.Hosts, func(h string) bool { return within(h, z.Name) })
		if used && (s.Creates || cloudflare.Suspects(known, z)) {
			if zone.Made, err = cloudflare.NewZones(p.Records).Made(ctx, known, s.Environment, z); err != nil {
				return nil, err
			}
		}
		out = append(out, zone)
	}
	return out, nil
}

// CheckNew implements Provider: a token of several accounts does not say in which
// of them to make a zone.
func (p Cloudflare) CheckNew(ctx context.Context, zone string) error {
	_, err := p.Records.Client.Account(ctx)
	var unclear *cloudflare.AccountError
	if errors.As(err, &unclear) {
		return &ZoneError{
			What:  fmt.Sprintf("there is no zone %s at Cloudflare, and it is not clear in which account to make it: %v", zone, unclear),
			Steps: unclear.Remedy(),
		}
	}
	return err
}

// Delegation implements Provider.
func (Cloudflare) Delegation(r engine.Resource, o engine.Object) (zone string, servers []string, ok bool) {
	z, ok := r.(cloudflare.NewZone)
	return z.Name, cloudflare.ServersOf(o), ok
}

// Taken implements Provider.
func (p Cloudflare) Taken(ctx context.Context, wanted map[engine.Address]engine.Resource, _ string) ([]string, error) {
	var lines []string
	for a, resource := range wanted {
		r, ok := resource.(cloudflare.Record)
		if !ok || !r.Name.Known() || !r.Zone.Known() {
			continue
		}
		if len(r.Values) == 1 && !r.Values[0].Known() {
			r.Shared = false
		}
		values, owner, taken, err := p.Records.Foreign(ctx, a, r)
		if err != nil {
			return nil, err
		}
		if taken {
			lines = append(lines, inTheWay(strings.ToLower(r.Name.Value()), r.Kind, values, owner, a))
		}
	}
	return lines, nil
}

// AddressRecords implements Provider.
func (p Cloudflare) AddressRecords(ctx context.Context, o engine.Owner, places []Place) ([]AddressRecord, error) {
	wanted := func(at Place) engine.Resource {
		return cloudflare.Record{Zone: engine.Lit(at.Zone), Name: engine.Lit(at.Host), Kind: "A"}
	}
	return addressRecords(ctx, o, places, wanted, p.Records.List, cloudflare.AddressesOf)
}

// SetAddresses implements Provider.
func (p Cloudflare) SetAddresses(ctx context.Context, r AddressRecord, ttl int, addresses []string) error {
	return p.Records.SetAddresses(ctx, r.Object, ttl, addresses)
}

// Remember implements Provider.
func (Cloudflare) Remember(m *memory.Memory, n Notes) { cloudflare.KnowZones(m, n.Zones, n.Incomplete) }

// NotesBefore implements Provider. A zone gets its mark only by the call after the
// one that makes it, so the note says when the zone may have been made.
func (Cloudflare) NotesBefore(z blueprint.Zone, from, until time.Time) []string {
	switch {
	case z.ID == "":
		return []string{cloudflare.NoteIntent(z.Name, from, until)}
	case z.Made:
		return []string{cloudflare.NoteRecords(z.ID), cloudflare.NoteZone(z.ID)}
	}
	return []string{cloudflare.NoteRecords(z.ID)}
}

// NotesAfter implements Provider.
func (Cloudflare) NotesAfter(typ, id string) []string {
	switch typ {
	case cloudflare.Record{}.Type():
		zone, _, _ := strings.Cut(id, "/")
		return []string{cloudflare.NoteRecords(zone)}
	case cloudflare.NewZone{}.Type():
		return []string{cloudflare.NoteZone(id)}
	}
	return nil
}

var _ Provider = Cloudflare{}
