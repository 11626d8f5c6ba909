package sandbox

import (
	"github.com/berthdev/berth/internal/sandbox/names"
)

import "net/http"

// Cloudflare is the world's account at Cloudflare, which can serve names too. Its
// methods do what the account's owner does, and return the transport that answers
// berth's requests.
type Cloudflare struct{ w *World }

// Cloudflare is the world's account at Cloudflare.
func (w *World) Cloudflare() Cloudflare { return Cloudflare{w} }

// Transport answers requests to Cloudflare's API, whatever the host, from the
// zones of this world. Nothing reaches a network.
func (c Cloudflare) Transport() http.RoundTripper { return names.NewTransport(c.w) }

// Records are the records of a zone, "NAME TYPE CONTENT", in the order in which
// they were made.
func (c Cloudflare) Records(zone string) []string {
	defer c.w.Enter()()
	return c.w.cloudflare.Records(zone)
}

// AddZone makes a zone and returns its id. A registrar knows its name servers.
func (c Cloudflare) AddZone(name string) string {
	defer c.w.Enter()()
	return c.w.cloudflare.AddZone(name)
}

// DropZone takes a zone away, as Cloudflare does with one that stays inactive.
func (c Cloudflare) DropZone(name string) {
	defer c.w.Enter()()
	c.w.cloudflare.DropZone(name)
}

// AddRecord makes an A record in a zone.
func (c Cloudflare) AddRecord(zone, name, address string) {
	defer c.w.Enter()()
	c.w.cloudflare.AddRecord(zone, name, address)
}

// DropRecord takes the A records of a name out of a zone.
func (c Cloudflare) DropRecord(zone, name string) {
	defer c.w.Enter()()
	c.w.cloudflare.DropRecord(zone, name)
}

// SetToken sets which accounts the token at Cloudflare may see, by their names, and
// whether it may make and delete zones.
func (c Cloudflare) SetToken(accounts []string, zones bool) {
	defer c.w.Enter()()
	c.w.cloudflare.SetToken(accounts, zones)
}
