package run

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/berthdev/berth/internal/app"
	"github.com/berthdev/berth/internal/blueprint"
	"github.com/berthdev/berth/internal/cloudflare"
	"github.com/berthdev/berth/internal/engine"
	"github.com/berthdev/berth/internal/state"
)

// cloudflareZones are the zones that the token may read.
func (s *Session) cloudflareZones(ctx context.Context) ([]blueprint.Zone, error) {
	list, err := s.Clients.Cloudflare.Zones(ctx)
	if err != nil {
		return nil, err
	}
	var out []blueprint.Zone
	for _, z := range list {
		zone := blueprint.Zone{Provider: app.DNSCloudflare, ID: z.ID, Name: z.Name}
		if s.inUse(z.Name) && (s.App.Settings.DNSAutoCreate.Value || s.Clients.CloudflareNames.Suspects(z)) {
			if zone.Made, err = s.newCloudflareZones().Made(ctx, s.Environment(), z); err != nil {
				return nil, err
			}
		}
		out = append(out, zone)
	}
	return out, nil
}

// inUse says whether one of the hosts is in a zone.
func (s *Session) inUse(zone string) bool {
	return slices.ContainsFunc(s.App.HostNames(), func(h string) bool { return within(h, zone) })
}

// cloudflareRecords is the type of records at Cloudflare.
func (s *Session) cloudflareRecords() cloudflare.Records {
	return cloudflare.Records{
		Client: s.Clients.Cloudflare, Account: s.Account, Region: s.Region, Known: s.Clients.CloudflareNames,
	}
}

// newCloudflareZones is the type of zones that berth makes at Cloudflare.
func (s *Session) newCloudflareZones() cloudflare.NewZones {
	return cloudflare.NewZones(s.cloudflareRecords())
}

// checkAccount says before anything changes that Cloudflare would not know in
// which account to make a zone.
func (s *Session) checkAccount(ctx context.Context, zone blueprint.Zone) error {
	if zone.Provider != app.DNSCloudflare || zone.ID != "" {
		return nil
	}
	_, err := s.Clients.Cloudflare.Account(ctx)
	var unclear *cloudflare.AccountError
	if errors.As(err, &unclear) {
		return &ZoneError{
			What:  fmt.Sprintf("there is no zone %s at Cloudflare, and it is not clear where to make it: %v", zone.Name, unclear),
			Where: s.App.Settings.DNSAutoCreate.Origin, Steps: unclear.Remedy(),
		}
	}
	return err
}

// toMake is the note that a run is about to make a zone at Cloudflare.
func (s *Session) toMake(p *Prepared, zone blueprint.Zone) string {
	longest, _ := p.Deadline()
	now := s.Clock.Now()
	return cloudflare.NoteIntent(zone.Name, now, now.Add(longest+state.Lease+state.CallTimeout))
}

// checkCloudflare says what stands where a record at Cloudflare is wanted.
func (s *Session) checkCloudflare(ctx context.Context, a engine.Address, want engine.Resource) ([]string, error) {
	r, ok := want.(cloudflare.Record)
	if !ok || !r.Name.Known() || !r.Zone.Known() {
		return nil, nil
	}
	if len(r.Values) == 1 && !r.Values[0].Known() {
		r.Shared = false
	}
	values, owner, taken, err := s.cloudflareRecords().Foreign(ctx, a, r)
	if err != nil || !taken {
		return nil, err
	}
	return []string{inTheWay(strings.ToLower(r.Name.Value()), r.Kind, values, owner, a)}, nil
}
