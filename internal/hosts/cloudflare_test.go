package hosts_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/berthdev/berth/internal/deploy"
	"github.com/berthdev/berth/internal/hosts"
	"github.com/berthdev/berth/internal/sandbox"
	"github.com/berthdev/berth/test/bed"
)

// atCloudflare runs f in an account that has nothing, at Cloudflare neither.
func atCloudflare(t *testing.T, f func(t *testing.T, b *bed.Bed)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		f(t, bed.New(t, sandbox.Options{Seed: 1, Latency: 40 * time.Millisecond, MaxLag: 14 * time.Second, Buckets: true}))
	})
}

// cut goes wrong at one call of an operation.
func cut(b *bed.Bed, operation string, kind sandbox.FaultKind) {
	done := false
	b.World.Inject(func(c sandbox.Call) sandbox.Fault {
		if c.Operation != operation || done {
			return sandbox.Fault{}
		}
		done = true
		return sandbox.Fault{Kind: kind}
	})
}

// zoneMarks are the marks in the zone example.com.
func zoneMarks(b *bed.Bed) []string {
	return slices.DeleteFunc(b.World.CloudflareRecords("example.com"), func(r string) bool { return !strings.HasPrefix(r, "_berth-zone-") })
}

// Whatever happens to the calls that make a zone and its mark, the next up has
// one zone that is berth's, and down can delete it.
func TestAZoneAtCloudflareThatIsHalfMade(t *testing.T) {
	t.Parallel()
	a := bed.App(t, fmt.Sprintf(hosted, "shop", "dns: {provider: cloudflare, auto_create: true}", "example.com"))
	for name, c := range map[string]struct {
		operation string
		kind      sandbox.FaultKind
	}{
		"killed before the zone": {"CreateCloudflareZone", sandbox.KillBefore},
		"killed after the zone":  {"CreateCloudflareZone", sandbox.KillAfter},
		"killed before the mark": {"BatchCloudflareRecords", sandbox.KillBefore},
		"killed after the mark":  {"BatchCloudflareRecords", sandbox.KillAfter},
		"the zone is denied":     {"CreateCloudflareZone", sandbox.Deny},
		"the mark is denied":     {"BatchCloudflareRecords", sandbox.Deny},
		"the zone's answer lost": {"CreateCloudflareZone", sandbox.FailAfter},
		"the mark's answer lost": {"BatchCloudflareRecords", sandbox.FailAfter},
		"the zone is throttled":  {"CreateCloudflareZone", sandbox.Throttle},
	} {
		for _, then := range []string{"up", "down", "down, zone stays"} {
			t.Run(name+", then "+then, func(t *testing.T) {
				t.Parallel()
				atCloudflare(t, func(t *testing.T, b *bed.Bed) {
					cut(b, c.operation, c.kind)
					_, err := b.Up(t.Context(), a)
					if passes := c.kind == sandbox.FailAfter || c.kind == sandbox.Throttle; (err == nil) != passes {
						t.Fatalf("the disturbed run ended with %v", err)
					}
					b.World.Inject(nil)
					b.World.Revive()
					if then == "up" {
						if _, err := b.Up(t.Context(), a); err != nil {
							t.Fatal(err)
						}
						if marks := zoneMarks(b); len(marks) != 1 {
							t.Errorf("marks of the zone: %v", marks)
						}
					} else if then != "down" {
						if _, err := b.Run(t.Context(), a, deploy.Request{Down: true}); err != nil {
							t.Fatal(err)
						}
					}
					time.Sleep(bed.Quiet)
					if _, err := b.Down(t.Context(), a); err != nil {
						t.Fatal(err)
					}
					time.Sleep(bed.Quiet)
					if dump := b.World.Dump(); strings.Contains(dump, "cloudflare.zone") {
						t.Errorf("left:\n%s", dump)
					}
				})
			})
		}
	}
}

// What Cloudflare costs a run that has nothing to do.
func TestCallsToCloudflareWithoutChanges(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		top  string
		most int
	}{
		"Route 53":       {"dns: {auto_create: true}", 0},
		"a foreign zone": {"dns: {provider: cloudflare}", 2},
		"a made zone":    {"dns: {provider: cloudflare, auto_create: true}", 4},
	} {
		a := bed.App(t, fmt.Sprintf(hosted, "shop", c.top, "example.com"))
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			atCloudflare(t, func(t *testing.T, b *bed.Bed) {
				if name == "a foreign zone" {
					b.World.AddCloudflareZone("example.com")
				}
				for range 3 { // the second one has the certificate
					if _, err := b.Up(t.Context(), a); err != nil {
						t.Fatal(err)
					}
					time.Sleep(bed.Quiet)
				}
				f, err := b.Up(t.Context(), a)
				if err != nil || f.Changing > 0 {
					t.Fatalf("%d changes, error %v", f.Changing, err)
				}
				calls := 0
				for _, call := range f.Record {
					if call.Service == "Cloudflare" {
						calls++
					}
				}
				if calls > c.most {
					t.Errorf("%d calls to Cloudflare, at most %d", calls, c.most)
				}
			})
		})
	}
}

// servers are the name servers that the public DNS has for any domain.
type servers []string

func (servers) LookupHost(context.Context, string) ([]string, error) { return nil, nil }
func (s servers) LookupNS(context.Context, string) ([]string, error) { return s, nil }

// The name servers of a new zone are for the registrar until the DNS has them.
func TestDelegationOfAZoneAtCloudflare(t *testing.T) {
	t.Parallel()
	a := bed.App(t, fmt.Sprintf(hosted, "shop", "dns: {provider: cloudflare, auto_create: true}", "example.com"))
	atCloudflare(t, func(t *testing.T, b *bed.Bed) {
		if _, err := b.Up(t.Context(), a); err != nil {
			t.Fatal(err)
		}
		time.Sleep(bed.Quiet)
		for state, s := range map[string]servers{
			hosts.RecordMissing: nil, hosts.RecordWrong: {"ns1.example.org"}, hosts.RecordOK: {"bob.ns.cloudflare.com", "ada.ns.cloudflare.com"},
		} {
			p, err := b.Start(t.Context(), a)
			if err != nil {
				t.Fatal(err)
			}
			p.Target.Resolver = s
			plan, err := p.Plan(t.Context(), deploy.Request{ReadOnly: true})
			if err != nil {
				t.Fatal(err)
			}
			got := p.Hosts().Delegations(t.Context(), plan.Graph, plan.Objects())
			if len(got) != 1 || got[0].State != state || got[0].Name != "example.com" || len(got[0].Values) != 2 {
				t.Errorf("%v gives %+v, want it %s", s, got, state)
			}
		}
	})
}
