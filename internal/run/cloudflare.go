package run

import (
	"context"
	"strings"

	"github.com/berthdev/berth/internal/app"
	"github.com/berthdev/berth/internal/blueprint"
	"github.com/berthdev/berth/internal/cloudflare"
	"github.com/berthdev/berth/internal/engine"
)

// cloudflarePrefix begins the ids of Cloudflare's zones in a lock's record.
const cloudflarePrefix = "cloudflare:"

// cloudflareZones are the zones that the token may read.
func (s *Session) cloudflareZones(ctx context.Context) ([]blueprint.Zone, error) {
	list, err := s.Clients.Cloudflare.Zones(ctx)
	if err != nil {
		return nil, err
	}
	var out []blueprint.Zone
	for _, z := range list {
		out = append(out, blueprint.Zone{Provider: app.DNSCloudflare, ID: z.ID, Name: z.Name})
	}
	return out, nil
}

// cloudflareRecords is the type of records at Cloudflare.
func (s *Session) cloudflareRecords() cloudflare.Records {
	return cloudflare.Records{
		Client: s.Clients.Cloudflare, Account: s.Account, Region: s.Region, Known: s.Clients.CloudflareZones,
	}
}

// checkCloudflare says what stands where a record at Cloudflare is wanted.
func (s *Session) checkCloudflare(ctx context.Context, a engine.Address, want engine.Resource) ([]string, error) {
	r, ok := want.(cloudflare.Record)
	if !ok || !r.Name.Known() {
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
