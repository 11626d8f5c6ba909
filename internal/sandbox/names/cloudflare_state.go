package names

import (
	"time"

	"github.com/berthdev/berth/internal/sandbox/world"
)

// cloudflareState is what a token can reach at Cloudflare: zones by id.
type cloudflareState struct {
	Zones map[string]*cloudflareZone
	// Accounts are the accounts that the token may see; nil means one default
	// account.
	Accounts []cloudflareAccount
	// NoNewZones says that the token lacks the permission Zone Edit.
	NoNewZones bool
}

// cloudflareAccount is an account at Cloudflare.
type cloudflareAccount struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// cloudflareZone is a zone with its records by id.
type cloudflareZone struct {
	ID, Name string
	Servers  []string
	Records  map[string]*cloudflareRecord
	// Account is the account's id, Status active or pending: pending means that
	// the zone's name servers are not set at a registrar. Made is when a call
	// made the zone; zero for a zone that existed before.
	Account, Status string
	Made            time.Time
}

// cloudflareRecord is one value of one name.
type cloudflareRecord struct {
	ID      string    `json:"id"`
	Name    string    `json:"name"`
	Type    string    `json:"type"`
	Content string    `json:"content"`
	TTL     float64   `json:"ttl"`
	Proxied bool      `json:"proxied"`
	Comment string    `json:"comment"`
	Created time.Time `json:"created_on"`
	// Seq orders records by their creation.
	Seq uint64 `json:"seq"`
}

// Cloudflare is Cloudflare's DNS, which can serve names besides Route 53. The
// AWS SDK has no client for it: see NewTransport.
type Cloudflare struct {
	account *world.Account
	s       cloudflareState
	acm     *ACM
}

// NewCloudflare makes an account at Cloudflare without zones.
func NewCloudflare(account *world.Account) *Cloudflare {
	return &Cloudflare{account: account, s: cloudflareState{Zones: map[string]*cloudflareZone{}}}
}

// ID implements world.Service.
func (p *Cloudflare) ID() string { return cloudflareID }

// Denied implements world.Foreign.
func (p *Cloudflare) Denied() error {
	return cloudflareError(403, 10000, "Authentication error")
}

// cloudflareID is Cloudflare's id in the record of calls.
const cloudflareID = "Cloudflare"

// State implements world.Service.
func (p *Cloudflare) State() any { return &p.s }

// Routes implements world.Service.
func (p *Cloudflare) Routes(r *world.Router) {
	world.On(r, p.listCloudflareZones)
	world.On(r, p.listCloudflareRecords)
	world.On(r, p.batchCloudflareRecords)
	world.On(r, p.createCloudflareZone)
	world.On(r, p.deleteCloudflareZone)
	world.On(r, p.listCloudflareAccounts)
}

// Dump implements world.Service.
func (p *Cloudflare) Dump(d *world.Dumper) {
	for _, z := range p.s.Zones {
		records := map[string]any{}
		for _, r := range z.Records {
			records[r.Name+" "+r.Type+" "+r.Content] = map[string]any{"ttl": r.TTL, "proxied": r.Proxied, "comment": r.Comment}
		}
		tell := d.Keep
		if !z.Made.IsZero() {
			tell = d.Add
		}
		tell("cloudflare.zone", z.ID, z.Name, map[string]any{"records": records, "status": z.Status})
	}
}

// Records are the records of a zone, "NAME TYPE CONTENT", in the order
// in which they were made.
func (p *Cloudflare) Records(zone string) []string {
	var out []string
	for _, z := range p.s.Zones {
		if z.Name != zone {
			continue
		}
		for _, r := range z.sorted() {
			out = append(out, r.Name+" "+r.Type+" "+r.Content)
		}
	}
	return out
}

var _ world.Service = (*Cloudflare)(nil)
