package names

import (
	"cmp"
	"context"
	"encoding/json"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/berthdev/berth/internal/sandbox/world"
)

// The operations on zones and accounts that the sandbox knows. Their inputs
// hold the requests' parameters.
type (
	// ListCloudflareZonesInput is GET /zones.
	ListCloudflareZonesInput struct {
		Name          string
		Page, PerPage int
	}
	// ListCloudflareZonesOutput is a page of zones.
	ListCloudflareZonesOutput struct {
		Zones []cloudflareZone
		Total int
	}
	// CreateCloudflareZoneInput is POST /zones.
	CreateCloudflareZoneInput struct {
		Name    string `json:"name"`
		Type    string `json:"type"`
		Account struct {
			ID string `json:"id"`
		} `json:"account"`
	}
	// CreateCloudflareZoneOutput is the new zone.
	CreateCloudflareZoneOutput struct{ Zone cloudflareZone }
	// DeleteCloudflareZoneInput is DELETE /zones/ID.
	DeleteCloudflareZoneInput struct{ Zone string }
	// DeleteCloudflareZoneOutput is the id of the zone that is gone.
	DeleteCloudflareZoneOutput struct{ ID string }
	// ListCloudflareAccountsInput is GET /accounts.
	ListCloudflareAccountsInput struct{ Page, PerPage int }
	// ListCloudflareAccountsOutput is a page of accounts.
	ListCloudflareAccountsOutput struct {
		Accounts []cloudflareAccount
		Total    int
	}
)

// cloudflarePending is the status of a zone whose name servers are not set at a
// registrar.
const cloudflarePending = "pending"

// shown returns a zone as Cloudflare's answers have it.
func (z *cloudflareZone) shown() map[string]any {
	out := map[string]any{
		"id": z.ID, "name": z.Name, "name_servers": z.Servers, "status": z.Status, "type": "full",
		"account": map[string]any{"id": z.Account},
	}
	if !z.Made.IsZero() {
		out["created_on"] = z.Made.UTC().Format(time.RFC3339Nano)
	}
	return out
}

// change makes or deletes a zone.
func (t cloudflareTransport) change(ctx context.Context, method string, path []string, body []byte) (cloudflareResult, error) {
	if method == http.MethodDelete {
		out, err := t.server.Serve(ctx, cloudflareID, "DeleteCloudflareZone", &DeleteCloudflareZoneInput{Zone: path[1]})
		if err != nil {
			return cloudflareResult{}, err
		}
		gone, _ := out.(*DeleteCloudflareZoneOutput)
		return cloudflareResult{result: map[string]any{"id": gone.ID}}, nil
	}
	in := &CreateCloudflareZoneInput{}
	if err := json.Unmarshal(body, in); err != nil {
		return cloudflareResult{}, world.Respond(cloudflareError(http.StatusBadRequest, 1004, "Request body is invalid."))
	}
	out, err := t.server.Serve(ctx, cloudflareID, "CreateCloudflareZone", in)
	if err != nil {
		return cloudflareResult{}, err
	}
	made, _ := out.(*CreateCloudflareZoneOutput)
	return cloudflareResult{result: made.Zone.shown()}, nil
}

func (p *Cloudflare) listCloudflareZones(_ *world.Request, in *ListCloudflareZonesInput) (*ListCloudflareZonesOutput, error) {
	all := slices.SortedFunc(maps.Values(p.s.Zones), func(a, b *cloudflareZone) int { return cmp.Compare(a.Name, b.Name) })
	if in.Name != "" {
		all = slices.DeleteFunc(all, func(z *cloudflareZone) bool { return z.Name != in.Name })
	}
	out := &ListCloudflareZonesOutput{Total: len(all)}
	for _, z := range pageFrom(all, in.Page, in.PerPage) {
		out.Zones = append(out.Zones, *z)
	}
	return out, nil
}

// createCloudflareZone makes a zone that waits for its registrar. The texts and
// numbers are those that users report:
// https://github.com/DNSControl/dnscontrol/issues/2290 (permission) and
// https://github.com/midl-dev/tezos-on-gke/issues/3 (1061).
func (p *Cloudflare) createCloudflareZone(rq *world.Request, in *CreateCloudflareZoneInput) (*CreateCloudflareZoneOutput, error) {
	name := strings.ToLower(strings.TrimSuffix(in.Name, "."))
	account := slices.ContainsFunc(p.accounts(), func(a cloudflareAccount) bool { return a.ID == in.Account.ID })
	if p.s.NoNewZones || !account {
		return nil, cloudflareError(http.StatusForbidden, 0,
			`Requires permission "com.cloudflare.api.account.zone.create" to create zones for the selected account`)
	}
	if !strings.Contains(name, ".") || in.Type != "full" {
		return nil, cloudflareError(http.StatusBadRequest, 1004, "the sandbox makes full zones of domains")
	}
	for _, z := range p.s.Zones {
		if z.Name == name {
			return nil, cloudflareError(http.StatusBadRequest, 1061, "%s already exists", name)
		}
	}
	z := p.newZone(name)
	z.Account, z.Status, z.Made = in.Account.ID, cloudflarePending, rq.Now
	return &CreateCloudflareZoneOutput{Zone: *z}, nil
}

func (p *Cloudflare) newZone(name string) *cloudflareZone {
	z := &cloudflareZone{
		ID: p.account.NewHex("cloudflare-zone", 32), Name: name, Records: map[string]*cloudflareRecord{},
		Servers: []string{"ada.ns.cloudflare.com", "bob.ns.cloudflare.com"},
		Account: p.accounts()[0].ID, Status: "active",
	}
	p.s.Zones[z.ID] = z
	return z
}

// deleteCloudflareZone deletes a zone with all its records.
func (p *Cloudflare) deleteCloudflareZone(_ *world.Request, in *DeleteCloudflareZoneInput) (*DeleteCloudflareZoneOutput, error) {
	if _, err := p.zone(in.Zone); err != nil {
		return nil, err
	}
	if p.s.NoNewZones {
		return nil, cloudflareError(http.StatusForbidden, 10000, "Authentication error")
	}
	delete(p.s.Zones, in.Zone)
	return &DeleteCloudflareZoneOutput{ID: in.Zone}, nil
}

// accounts returns the accounts that the token may see.
func (p *Cloudflare) accounts() []cloudflareAccount {
	if p.s.Accounts != nil {
		return p.s.Accounts
	}
	return []cloudflareAccount{{ID: "0000000000000000000000000000ac01", Name: "Example"}}
}

func (p *Cloudflare) listCloudflareAccounts(_ *world.Request, in *ListCloudflareAccountsInput) (*ListCloudflareAccountsOutput, error) {
	all := p.accounts()
	return &ListCloudflareAccountsOutput{Accounts: pageFrom(all, in.Page, in.PerPage), Total: len(all)}, nil
}

// AddZone makes a zone in the account at Cloudflare and returns its id. Its name
// servers count as set at the registrar.
func (p *Cloudflare) AddZone(name string) string {
	return p.newZone(name).ID
}

// SetToken sets which accounts the token at Cloudflare may see, by
// their names, and whether it may make and delete zones.
func (p *Cloudflare) SetToken(accounts []string, zones bool) {
	p.s.Accounts, p.s.NoNewZones = []cloudflareAccount{}, !zones
	for i, name := range accounts {
		p.s.Accounts = append(p.s.Accounts, cloudflareAccount{ID: strings.Repeat("0", 31) + string(rune('a'+i)), Name: name})
	}
}

// AddRecord makes an A record in a zone.
func (p *Cloudflare) AddRecord(zone, name, address string) {
	for _, z := range p.s.Zones {
		if z.Name == zone {
			r := &cloudflareRecord{
				ID: p.account.NewHex("cloudflare-record", 32), Name: name, Type: "A", Content: address, TTL: 300,
				Created: p.account.Now(), Seq: p.account.Next("cloudflare-seq"),
			}
			z.Records[r.ID] = r
		}
	}
}

// DropRecord removes the A records of a name from a zone.
func (p *Cloudflare) DropRecord(zone, name string) {
	for _, z := range p.s.Zones {
		maps.DeleteFunc(z.Records, func(_ string, r *cloudflareRecord) bool {
			return z.Name == zone && r.Name == name && r.Type == "A"
		})
	}
}

// DropZone removes a zone, as Cloudflare does if a zone stays inactive.
func (p *Cloudflare) DropZone(name string) {
	maps.DeleteFunc(p.s.Zones, func(_ string, z *cloudflareZone) bool { return z.Name == name })
}
