package run

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"golang.org/x/net/publicsuffix"

	"github.com/berthdev/berth/internal/app"
	"github.com/berthdev/berth/internal/aws/route53"
	"github.com/berthdev/berth/internal/blueprint"
	"github.com/berthdev/berth/internal/engine"
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

// zones finds the zones of the app's hosts. A host without one is left out: its
// records are then the user's to make.
func (s *Session) zones(ctx context.Context) (map[string]blueprint.Zone, error) {
	hosts := s.App.HostNames()
	k := s.App.Settings
	if len(hosts) == 0 || k.DNSProvider.Value == app.DNSNone {
		return nil, nil
	}
	all, err := s.candidates(ctx, hosts)
	if err != nil {
		return nil, fmt.Errorf("looking for the zones of the hosts: %w", err)
	}
	found := map[string]blueprint.Zone{}
	var toMake blueprint.Zone
	for _, h := range hosts {
		zone, ok, err := s.zoneOf(h, all)
		if err != nil {
			return nil, err
		}
		if !ok {
			continue
		}
		if found[h] = zone; zone.ID == "" {
			toMake = zone
		}
	}
	return found, s.checkAccount(ctx, toMake)
}

// candidates are the zones among which those of the hosts are.
func (s *Session) candidates(ctx context.Context, hosts []string) ([]blueprint.Zone, error) {
	if s.App.Settings.DNSProvider.Value == app.DNSCloudflare {
		return s.cloudflareZones(ctx)
	}
	domains := topDomains(hosts)
	if want := s.App.Settings.DNSZone.Value; strings.Contains(want, ".") {
		domains = []string{strings.ToLower(strings.TrimSuffix(want, "."))}
	} else if want != "" {
		domains = nil // an id: its name is looked up among all
	}
	list, err := route53.Zones(ctx, s.Clients.Route53, domains...)
	if err != nil {
		return nil, err
	}
	var out []blueprint.Zone
	for _, z := range list {
		mark, _ := engine.ParseMark(z.Comment)
		out = append(out, blueprint.Zone{
			Provider: app.DNSRoute53, ID: z.ID, Name: z.Name, Made: mark.Address.Owner == s.Environment(),
		})
	}
	return out, nil
}

// zoneOf is the zone of a host: the one that the file names, else the one with
// the longest name that fits, else one that is yet to be made.
func (s *Session) zoneOf(host string, all []blueprint.Zone) (zone blueprint.Zone, ok bool, err error) {
	k := s.App.Settings
	want := strings.ToLower(strings.TrimSuffix(k.DNSZone.Value, "."))
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
			What: fmt.Sprintf("two zones are named %s: %s and %s", fits[0].Name, fits[0].ID, fits[1].ID), Where: s.originOf(host),
			Steps: "write the id of the one that answers for the domain as x-berth.dns.zone",
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
				What:  fmt.Sprintf("%s is a public suffix: nobody can register it, so that a zone for it answers nobody", name),
				Where: s.originOf(host), Steps: "write a name below it, one that is yours",
			}
		}
		return blueprint.Zone{Provider: k.DNSProvider.Value, Name: name, Made: true}, true, nil
	}
	if want == "" {
		return zone, false, nil
	}
	if slices.ContainsFunc(all, func(z blueprint.Zone) bool { return z.Name == want || strings.EqualFold(z.ID, want) }) || k.DNSAutoCreate.Value {
		return zone, false, &ZoneError{
			What: fmt.Sprintf("%s is not in the zone %s", host, k.DNSZone.Value), Where: s.originOf(host),
			Steps: "write a name in that zone, or take x-berth.dns.zone out so that the right one is found",
		}
	}
	return zone, false, &ZoneError{
		What: fmt.Sprintf("there is no zone %s in this account", k.DNSZone.Value), Where: k.DNSZone.Origin,
		Steps: "correct the name; auto_create: true makes the zone; role reaches one in another account",
	}
}

// originOf is where a host stands in the file.
func (s *Session) originOf(host string) string {
	for _, svc := range s.App.Services {
		for _, h := range svc.Hosts {
			if h.Name == host {
				return h.Origin
			}
		}
	}
	return s.App.Settings.DNSZone.Origin
}

// within says whether a name is in a zone.
func within(host, zone string) bool {
	host = strings.TrimPrefix(host, "*.")
	return host == zone || strings.HasSuffix(host, "."+zone)
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
