package cloudflare

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/berthdev/berth/internal/dnsowner"
	"github.com/berthdev/berth/internal/engine"
	"github.com/berthdev/berth/internal/engine/memory"
)

// NewZone is a zone that berth makes. Its address has its name. Outputs: id,
// servers (its name servers, separated by commas).
type NewZone struct {
	// Name is without a dot at its end: a domain that somebody registered, for
	// Cloudflare takes names below one on its enterprise plan alone.
	Name string `attr:"name,replace,own"`
}

// Type implements engine.Resource.
func (NewZone) Type() string { return "cloudflare.zone" }

// NewZones is the type of NewZone. A zone has no tags; the mark is a TXT record
// in it, written right after the call that makes the zone.
type NewZones struct {
	Client *Client
	// Account and Region tell owners of one name apart.
	Account, Region string
}

// Spec implements engine.Type. A teardown leaves the zone: a new one may have other
// name servers than those set at the registrar.
func (NewZones) Spec() engine.Spec {
	return engine.Spec{
		Holds: "data",
		Name:  NewZone{}.Type(), Identity: engine.UniqueName,
		Keep: "its name servers are set at the registrar", DeletesAfter: []string{Record{}.Type()},
	}
}

// unmarked is the detail of a zone whose creation was cut short.
const unmarked = "its mark is not written"

// List implements engine.Type: one call, and those that read the zones in which
// the owners' records are listed as well. It makes none where the owners want no
// zone and have made none.
func (t NewZones) List(ctx context.Context, q engine.Query) ([]engine.Object, error) {
	var names []string
	for _, w := range q.Wanted {
		if z, ok := w.Resource.(NewZone); ok {
			names = append(names, z.Name)
		}
	}
	found, err := t.own(ctx, q, names)
	if err != nil {
		return nil, err
	}
	var objects []engine.Object
	for _, f := range found.zones {
		object := engine.Object{
			Address: f.mark.Address, ID: f.zone.ID, LastApplied: f.mark.LastApplied, State: engine.StateReady,
			Attrs: engine.Shown(NewZone{Name: f.zone.Name}), Outputs: zoneOutputs(f.zone), Created: f.zone.Created,
		}
		if f.half {
			object.State, object.Detail = engine.StateFailed, unmarked
		}
		objects = append(objects, object)
	}
	return objects, nil
}

func zoneOutputs(z Zone) map[string]string {
	return map[string]string{"id": z.ID, outServers: strings.Join(z.NameServers, ",")}
}

const outServers = "servers"

// ServersOf returns the name servers of a NewZone's object.
func ServersOf(o engine.Object) []string { return splitList(o.Output(outServers)) }

// owned are the owners' zones.
type owned struct {
	zones []ownZone
	// gone are the ids of zones that berth made and that are no more: Cloudflare
	// takes one away that nobody activates within 28 days
	// (https://developers.cloudflare.com/dns/zone-setups/reference/domain-status/).
	gone []string
}

// ownZone is one of them; half says that its mark was never written.
type ownZone struct {
	zone Zone
	mark engine.Mark
	half bool
}

// own are the owners' zones among those of these names and those that earlier
// runs may have made.
func (t NewZones) own(ctx context.Context, q engine.Query, names []string) (owned, error) {
	have := knownIn(q.Memory).list()
	names = append(have.meant, names...)
	everywhere := have.all && q.Whole
	var out owned
	if len(names)+len(have.made) == 0 && !everywhere {
		return out, nil
	}
	list, err := allZones(ctx, t.Client, q)
	var missing *TokenError
	if errors.As(err, &missing) && len(names)+len(have.made) == 0 {
		return out, nil // without a token no zone can have been made
	}
	if err != nil {
		return out, err
	}
	out.gone = slices.DeleteFunc(slices.Clone(have.made), func(id string) bool {
		return slices.ContainsFunc(list, func(z Zone) bool { return z.ID == id })
	})
	for _, z := range list {
		if !everywhere && !slices.Contains(names, z.Name) && !slices.Contains(have.made, z.ID) {
			continue
		}
		all, err := setsIn(ctx, t.Client, q, z.ID)
		if engine.ClassOf(err) == engine.NotFound {
			continue
		}
		if err != nil {
			return out, err
		}
		for _, o := range q.Owners {
			if m, half, ok := t.ownedBy(o, z, all, knownIn(q.Memory)); ok {
				out.zones = append(out.zones, ownZone{zone: z, mark: m, half: half})
			}
		}
	}
	return out, nil
}

// allZones are all zones of the token, read once for zones and records.
func allZones(ctx context.Context, c *Client, q engine.Query) ([]Zone, error) {
	return memory.Once(q.Memory, "cloudflare.zones", func() ([]Zone, error) { return c.Zones(ctx) })
}

// setsIn are all records of a zone, read once for zones and records.
func setsIn(ctx context.Context, c *Client, q engine.Query, zone string) (zoneSets, error) {
	return memory.Once(q.Memory, "cloudflare.records."+zone, func() (zoneSets, error) { return c.sets(ctx, zone) })
}

// markName is the name of the TXT record that marks a zone as an owner's.
func (t NewZones) markName(o engine.Owner, zone string) string {
	return dnsowner.Name(dnsowner.Label(o, t.Account, t.Region, "ZONE"), zone)
}

// ownedBy says whether a zone is an environment's: it carries the mark, or it is
// empty, new, and bound to be one that a run made just before it died.
func (t NewZones) ownedBy(o engine.Owner, z Zone, all zoneSets, k *known) (m engine.Mark, half, ok bool) {
	at := engine.Address{Owner: o, Type: NewZone{}.Type(), Name: z.Name}
	set, _ := all.find(t.markName(o, z.Name), "TXT")
	if m, _, is := dnsowner.Read(set.values); is && m.Address == at {
		return m, false, true
	}
	half = o.IsEnvironment() && halfMade(z, all, k)
	return engine.Mark{Address: at}, half, half
}

// halfMade says that a zone is berth's although it has no mark yet. A zone that is
// in use is not.
func halfMade(z Zone, all zoneSets, k *known) bool {
	return z.Pending && len(content(all, z.Name)) == 0 && k.meant(z)
}

// content is what is in a zone besides what Cloudflare puts there itself.
func content(all zoneSets, zone string) zoneSets {
	return slices.DeleteFunc(slices.Clone(all), func(s set) bool {
		own := s.kind == "NS" && !slices.ContainsFunc(s.values, func(v string) bool { return !strings.HasSuffix(v, ".ns.cloudflare.com") })
		return s.name == zone && (own || s.kind == "SOA")
	})
}

// Made says whether a zone is the environment's own, by its mark and by what is
// known of earlier runs.
func (t NewZones) Made(ctx context.Context, m *memory.Memory, env engine.Owner, z Zone) (bool, error) {
	all, err := t.Client.sets(ctx, z.ID)
	if err != nil {
		return false, err
	}
	_, _, ok := t.ownedBy(env, z, all, knownIn(m))
	return ok, nil
}

// Update implements engine.Type: only the mark can change.
func (t NewZones) Update(ctx context.Context, w engine.Desired[NewZone], object engine.Object, _ []string) (engine.Object, error) {
	all, err := t.Client.sets(ctx, object.ID)
	if err != nil {
		return object, err
	}
	mark := markSet(t.markName(w.Address.Owner, w.Want.Name), w.Mark())
	var b batch
	old, _ := all.find(mark.name, "TXT")
	b.remove(old)
	b.posts = []set{mark}
	if err := t.Client.apply(ctx, object.ID, b, comment(w.Address.Owner)); err != nil {
		return object, fmt.Errorf("marking zone %s: %w", w.Want.Name, err)
	}
	return engine.AsDesired(w, object.ID, object.Outputs), nil
}

var _ engine.Type[NewZone] = NewZones{}
