package hosts

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"golang.org/x/net/publicsuffix"

	"github.com/berthdev/berth/internal/app"
	"github.com/berthdev/berth/internal/blueprint"
)

// ZoneError says that the zone which the file asks for cannot be used.
type ZoneError struct {
	What string
	// Where is the place in the file that asks for it.
	Where string
	Steps string
}

func (e *ZoneError) Error() string { return e.Where + ": " + e.What }

// Remedy is what the user can do.
func (e *ZoneError) Remedy() string { return e.Steps }

// Zones finds the zones of the hosts, by host name. A host without a zone is left
// out: the user then makes its records. The notes name zones that earlier runs may
// have made.
func (h *Hosts) Zones(ctx context.Context, n Notes) (map[string]blueprint.Zone, error) {
	k := h.App.Settings
	search := Search{
		Hosts: h.App.HostNames(), Zone: strings.ToLower(strings.TrimSuffix(k.DNSZone.Value, ".")),
		Creates: k.DNSAutoCreate.Value, Environment: h.environment(), Notes: n,
	}
	if len(search.Hosts) == 0 || k.DNSProvider.Value == app.DNSNone {
		return nil, nil
	}
	all, err := h.provider().Zones(ctx, search)
	if err != nil {
		return nil, fmt.Errorf("looking for the zones of the hosts: %w", err)
	}
	found := map[string]blueprint.Zone{}
	missing := ""
	for _, host := range search.Hosts {
		zone, ok, err := h.zoneOf(host, search.Zone, all)
		if err != nil {
			return nil, err
		}
		if !ok {
			continue
		}
		if found[host] = zone; zone.ID == "" {
			missing = zone.Name
		}
	}
	if missing == "" {
		return found, nil
	}
	return found, h.checkNew(ctx, missing)
}

// checkNew says before anything changes why a zone cannot be made.
func (h *Hosts) checkNew(ctx context.Context, zone string) error {
	err := h.provider().CheckNew(ctx, zone)
	var refused *ZoneError
	if errors.As(err, &refused) {
		refused.Where = h.App.Settings.DNSAutoCreate.Origin
	}
	return err
}

// zoneOf is the zone of a host: the zone that the file names, else the existing
// zone with the longest matching name, else a zone that berth will make.
func (h *Hosts) zoneOf(host, want string, all []blueprint.Zone) (zone blueprint.Zone, ok bool, err error) {
	k := h.App.Settings
	var fits []blueprint.Zone
	for _, z := range all {
		if want != "" && z.Name != want && !strings.EqualFold(z.ID, want) || !within(host, z.Name) {
			continue
		}
		if len(fits) > 0 && len(fits[0].Name) < len(z.Name) {
			fits = nil
		}
		if len(fits) == 0 || len(fits[0].Name) == len(z.Name) {
			fits = append(fits, z)
		}
	}
	switch {
	case len(fits) == 1:
		return fits[0], true, nil
	case len(fits) > 1:
		return zone, false, &ZoneError{
			What: fmt.Sprintf("two zones are named %s: %s and %s", fits[0].Name, fits[0].ID, fits[1].ID), Where: h.originOf(host),
			Steps: "set x-berth.dns.zone to the id of the zone that the domain is delegated to",
		}
	case k.DNSAutoCreate.Value:
		name := want
		if name == "" {
			name = registrable(host)
		}
		if !within(host, name) || !strings.Contains(name, ".") {
			break
		}
		if isSuffix(name) {
			return zone, false, &ZoneError{
				What:  fmt.Sprintf("%s is a public suffix, which cannot be registered: no resolver would ask a zone for it", name),
				Where: h.originOf(host), Steps: "write the name of a domain of yours below it",
			}
		}
		return blueprint.Zone{Provider: k.DNSProvider.Value, Name: name, Made: true}, true, nil
	}
	if want == "" {
		return zone, false, nil
	}
	if slices.ContainsFunc(all, func(z blueprint.Zone) bool { return z.Name == want || strings.EqualFold(z.ID, want) }) || k.DNSAutoCreate.Value {
		return zone, false, &ZoneError{
			What: fmt.Sprintf("%s is not in the zone %s", host, k.DNSZone.Value), Where: h.originOf(host),
			Steps: "write a name in that zone, or remove x-berth.dns.zone so that berth finds the right zone",
		}
	}
	return zone, false, &ZoneError{
		What: fmt.Sprintf("there is no zone %s in this account", k.DNSZone.Value), Where: k.DNSZone.Origin,
		Steps: "correct the name, set auto_create: true to make the zone, or set role for a zone in another account",
	}
}

// originOf is where the file names a host.
func (h *Hosts) originOf(host string) string {
	for _, svc := range h.App.Services {
		for _, at := range svc.Hosts {
			if at.Name == host {
				return at.Origin
			}
		}
	}
	return h.App.Settings.DNSZone.Origin
}

// within says whether a name is in a zone.
func within(host, zone string) bool {
	host = strings.TrimPrefix(host, "*.")
	return host == zone || strings.HasSuffix(host, "."+zone)
}

// isSuffix says whether registries sell the names below a name, and not the name
// itself. The companies' part of the public suffix list does not count: such a
// name has an owner, who may be the one that runs this.
func isSuffix(name string) bool {
	suffix, registry := publicsuffix.PublicSuffix(name)
	return registry && suffix == name
}

// registrable is the domain that somebody has registered, by the public suffix
// list; the name itself if it is such a suffix.
func registrable(host string) string {
	name := strings.TrimPrefix(host, "*.")
	domain, err := publicsuffix.EffectiveTLDPlusOne(name)
	if err != nil {
		return name
	}
	return domain
}
