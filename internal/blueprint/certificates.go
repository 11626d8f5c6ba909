package blueprint

import (
	"slices"
	"strconv"
	"strings"

	"github.com/berthdev/berth/internal/app"
	"github.com/berthdev/berth/internal/aws/acm"
	"github.com/berthdev/berth/internal/aws/elb"
	"github.com/berthdev/berth/internal/aws/route53"
	"github.com/berthdev/berth/internal/cloudflare"
	"github.com/berthdev/berth/internal/engine"
)

// The names of berth's own certificates in the graph: those that are issued by
// themselves, because berth makes the records that prove their names, have a
// number from the second on. Names that somebody else has to prove first have a
// certificate each: another name must not make an issued one pending again.
const (
	provedCertificate = "main"
	manualCertificate = "manual-"
)

// hosting is what the hosts of a stack stand on.
type hosting struct {
	// zones are the zones that berth makes, by name.
	zones map[string]*engine.Node
	// certificates are those of the HTTPS listener, the default one first.
	certificates []engine.Ref
	// secure are the hosts that have TLS now. The others wait for somebody to
	// prove that they own the name, and are served without TLS until then.
	secure map[string]bool
	// priorities are those of the rules, by "HOST/PATH".
	priorities map[string]int
	// https is the listener on 443, http the one on 80.
	https, http engine.Ref
}

// addNames adds the zones and certificates of the hosts.
func (b *builder) addNames() {
	b.hosting = hosting{zones: map[string]*engine.Node{}, secure: map[string]bool{}, priorities: map[string]int{}}
	names := b.app.HostNames()
	_, given443 := b.existingListener(443)
	var proved, manual []string
	for _, name := range names {
		zone, managed := b.facts.Names.Zones[name]
		if managed && zone.Made && b.hosting.zones[zone.Name] == nil {
			b.hosting.zones[zone.Name] = b.graph.Add(b.env, zone.Name, newZone(zone))
		}
		switch arn := b.facts.Names.Certificates[name]; {
		case b.app.Direct():
		case given443:
			b.hosting.secure[name] = true // with the certificates that the listener has
		case arn != "":
			b.hosting.secure[name] = true
			if ref := engine.Lit(arn); !slices.Contains(b.hosting.certificates, ref) {
				b.hosting.certificates = append(b.hosting.certificates, ref)
			}
		case managed && !zone.Made:
			proved = append(proved, name)
		default:
			// A new zone answers nobody until the registrar names its servers.
			manual = append(manual, name)
		}
	}
	b.addCertificates(provedCertificate, proved, true)
	for _, h := range manual {
		b.addCertificates(manualCertificate+addressWord(h), []string{h}, false)
	}
}

// newZone is a zone that berth makes, at its provider.
func newZone(zone Zone) engine.Resource {
	if zone.Provider == app.DNSCloudflare {
		return cloudflare.NewZone{Name: zone.Name}
	}
	return route53.HostedZone{Name: zone.Name}
}

// zoneID is the id of a zone, which one that berth makes has when it is there.
func (b *builder) zoneID(zone Zone) engine.Ref {
	if made := b.hosting.zones[zone.Name]; made != nil {
		return made.ID()
	}
	return engine.Lit(zone.ID)
}

// addCertificates adds certificates for names, ten in each.
func (b *builder) addCertificates(name string, hosts []string, await bool) {
	domains := slices.DeleteFunc(slices.Clone(hosts), func(h string) bool {
		_, above, _ := strings.Cut(h, ".")
		return slices.Contains(hosts, "*."+above) && !strings.HasPrefix(h, "*.")
	})
	slices.Sort(domains)
	n := 0
	for part := range slices.Chunk(domains, acm.MaxDomains) {
		key := name
		if n++; n > 1 {
			key += "-" + strconv.Itoa(n)
		}
		node := b.graph.Add(b.env, key, acm.Certificate{Domains: part, Await: await})
		b.addProofs(node, part)
		if !await && !slices.Equal(b.facts.Names.Issued[key], part) {
			continue
		}
		b.hosting.certificates = append(b.hosting.certificates, node.ARN().WhenReady())
		for _, h := range hosts {
			if acm.Covers(part, h) {
				b.hosting.secure[h] = true
			}
		}
	}
}

// addProofs adds the records that prove the names of a certificate, in the
// zones that berth can change.
func (b *builder) addProofs(certificate *engine.Node, domains []string) {
	done := map[string]bool{}
	for _, d := range domains {
		zone, ok := b.facts.Names.Zones[d]
		if !ok || done[acm.Bare(d)] {
			continue
		}
		done[acm.Bare(d)] = true
		b.addRecord(b.env, "validation-"+acm.Bare(d), zone, record{
			name: certificate.Output(acm.NameOutput(d)), kind: "CNAME", ttl: 300,
			value: certificate.Output(acm.ValueOutput(d)),
		})
	}
}

// record is a record in anybody's zone.
type record struct {
	name  engine.Ref
	kind  string
	ttl   int
	value engine.Ref
	// zone is that of a load balancer's name, for an alias.
	zone engine.Ref
	// addresses says that the values are those of running tasks.
	addresses bool
}

// addRecord adds a record at the zone's provider.
func (b *builder) addRecord(owner engine.Owner, name string, zone Zone, r record) {
	if zone.Provider == app.DNSCloudflare {
		b.addCloudflareRecord(owner, name, zone, r)
		return
	}
	want := route53.Record{Zone: b.zoneID(zone), Name: r.name, Kind: r.kind, TTL: r.ttl, Shared: !r.addresses, Addresses: r.addresses}
	switch {
	case r.addresses:
	case r.zone != (engine.Ref{}):
		want.Alias, want.AliasZone, want.TTL = r.value, r.zone, 0
	default:
		want.Values = []engine.Ref{r.value}
	}
	b.graph.Add(owner, name, want)
}

// addCloudflareRecord adds a record at Cloudflare. It has no alias and needs
// none: it answers for a CNAME at the top of a zone with addresses.
func (b *builder) addCloudflareRecord(owner engine.Owner, name string, zone Zone, r record) {
	want := cloudflare.Record{
		Zone: b.zoneID(zone), Name: r.name, Kind: r.kind, TTL: r.ttl, Shared: !r.addresses, Addresses: r.addresses,
	}
	switch {
	case r.addresses:
		want.TTL = 0
	case r.zone != (engine.Ref{}):
		want.Kind, want.TTL, want.Values = "CNAME", 60, []engine.Ref{r.value}
	default:
		want.Values = []engine.Ref{r.value}
	}
	b.graph.Add(owner, name, want)
}

// addHTTPS adds the listeners that all hosts share: 443 with the certificates,
// and 80, which sends browsers on to it. A host without a certificate yet is
// served on 80 meanwhile.
func (b *builder) addHTTPS() {
	if len(b.app.HostNames()) == 0 {
		return
	}
	plain := elb.Listener{LoadBalancer: b.balancer.arn, Port: 80, Protocol: "HTTP"}
	https, existing := b.existingListener(443)
	if certificates := b.hosting.certificates; !existing && len(certificates) > 0 {
		https = b.graph.Add(b.env, "443", elb.Listener{
			LoadBalancer: b.balancer.arn, Port: 443, Protocol: "HTTPS", SSLPolicy: elb.TLSPolicy,
			Certificate: certificates[0], More: certificates[1:],
		}).ARN()
		plain.Redirect = "443"
	}
	b.hosting.https = https
	if b.hosting.http, existing = b.existingListener(80); !existing {
		b.hosting.http = b.graph.Add(b.env, "80", plain).ARN()
	}
}

// addHostRecords adds the records that lead from the hosts to the load
// balancer, or to the tasks.
func (b *builder) addHostRecords() {
	for _, name := range b.app.HostNames() {
		zone, ok := b.facts.Names.Zones[name]
		if !ok {
			continue
		}
		r := record{name: engine.Lit(name), kind: "A", addresses: b.app.Direct()}
		if b.balancer != nil {
			r.value, r.zone = b.balancer.dns, b.balancer.zone
		}
		b.addRecord(b.stack, addressWord(name), zone, r)
	}
}

// HostRecord is the address of the record of a host at a provider.
func HostRecord(a *app.App, provider, host string) engine.Address {
	typ := route53.Record{}.Type()
	if provider == app.DNSCloudflare {
		typ = cloudflare.Record{}.Type()
	}
	return engine.Address{Owner: Stack(a), Type: typ, Name: addressWord(host)}
}
