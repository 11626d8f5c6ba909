package crash

import (
	"fmt"
	"testing"

	"github.com/berthdev/berth/internal/deploy"
	"github.com/berthdev/berth/internal/sandbox"
	"github.com/berthdev/berth/test/bed"
)

// site is a project with hosts: its zone, certificate, listeners, rules and
// records are those of the file's x-berth.
const site = `name: shop
x-berth: {%s}
services:
  web:
    image: nginx:1.29
    ports: ["80:80"]
    x-berth: {host: [%s]}
`

// namePoints is how many crash points of the names a normal run has.
const namePoints = 100

// TestNamesCrashPoints kills runs that make, change, move and delete names: with a zone that
// berth makes at either provider, a change to TLS, a move to Cloudflare, a move to names
// without a load balancer, and a teardown.
func TestNamesCrashPoints(t *testing.T) {
	t.Parallel()
	file := func(top, hosts string) string { return fmt.Sprintf(site, top, hosts) }
	own := bed.App(t, file("dns: {auto_create: true}", "app.example.com"))
	more := bed.App(t, file("dns: {auto_create: true}", `app.example.com, "*.example.com", app.example.com/x`))
	away := bed.App(t, file("dns: {provider: cloudflare}", "app.example.com"))
	direct := bed.App(t, file("dns: {provider: cloudflare}, ingress: direct", "app.example.com"))
	made := bed.App(t, file("dns: {provider: cloudflare, auto_create: true}", "app.example.com"))
	ground := func(_ *testing.T, w *sandbox.World) { w.Cloudflare().AddZone("example.com") }
	down := deploy.Request{Down: true, DeleteData: true}
	var all []prepared
	total := 0
	for _, s := range []story{
		{name: "a zone of its own", before: nil, secret: "one", app: own, req: deploy.Request{}, ground: ground, again: true},
		{name: "TLS when the certificate is issued", before: own, secret: "one", app: own, req: deploy.Request{}, ground: ground, again: false},
		{name: "more hosts", before: own, secret: "one", app: more, req: deploy.Request{}, ground: ground, again: true},
		{name: "to Cloudflare", before: own, secret: "one", app: away, req: deploy.Request{}, ground: ground, again: false},
		{name: "without a load balancer", before: away, secret: "one", app: direct, req: deploy.Request{}, ground: ground, again: false},
		{name: "down", before: own, secret: "one", app: own, req: down, ground: ground, again: false},
		{name: "down at Cloudflare", before: away, secret: "one", app: away, req: down, ground: ground, again: false},
		{name: "a zone of its own at Cloudflare", before: nil, secret: "one", app: made, req: deploy.Request{}, ground: nil, again: true},
		{name: "down with the zone at Cloudflare", before: made, secret: "one", app: made, req: down, ground: nil, again: false},
		{name: "down, the zone at Cloudflare stays", before: made, secret: "one", app: made, req: deploy.Request{Down: true}, ground: nil, again: false},
	} {
		p := prepare(t, s, 1)
		all = append(all, p)
		total += 2 * len(p.calls)
	}
	ran, beyond := crashAll(t, all, max(1, total/namePoints))
	t.Logf("%d crash points ran, of %d (%d calls were not reached again)", ran, total, beyond)
}
