package blueprint

import (
	"slices"
	"strconv"
	"strings"

	"github.com/berthdev/berth/internal/aws/acm"
	"github.com/berthdev/berth/internal/engine"
)

// The names of berth's certificates in the graph. Certificates for names that berth
// can prove with DNS records have a number from the second on. A name that someone
// else must prove has a certificate to itself, so that a further name does not make
// an issued certificate pending again.
const (
	provedCertificate = "main"
	manualCertificate = "manual-"
)

// names are the zones and certificates of an environment's hosts.
type names struct {
	zones newZones
	// certificates are those of the HTTPS listener, the default one first.
	certificates []engine.Ref
	// secure are the hosts that have TLS now. The others are served without TLS until
	// someone proves that they own the name.
	secure map[string]bool
}

// names is the stage of the hosts' zones and certificates.
func (e environment) names() names {
	out := names{zones: newZones{}, secure: map[string]bool{}}
	_, existing443 := e.facts.listener(securePort)
	var proved, manual []string
	for _, name := range e.spec.Hosts {
		zone, managed := e.facts.Names.Zones[name]
		if managed && zone.Made && out.zones[zone.Name] == nil {
			out.zones[zone.Name] = e.add(zone.Name, newZone(zone))
		}
		switch arn := e.facts.Names.Certificates[name]; {
		case e.direct():
		case existing443:
			out.secure[name] = true // with the certificates that the listener has
		case arn != "":
			out.secure[name] = true
			if ref := engine.Lit(arn); !slices.Contains(out.certificates, ref) {
				out.certificates = append(out.certificates, ref)
			}
		case managed && !zone.Made:
			proved = append(proved, name)
		default:
			// A new zone has no effect until the registrar names its servers.
			manual = append(manual, name)
		}
	}
	e.addCertificates(&out, provedCertificate, proved, true)
	for _, h := range manual {
		e.addCertificates(&out, manualCertificate+addressWord(h), []string{h}, false)
	}
	return out
}

// addCertificates adds certificates for names, with ten names in each.
func (e environment) addCertificates(to *names, name string, hosts []string, await bool) {
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
		node := e.add(key, acm.Certificate{Domains: part, Await: await})
		e.addProofs(to.zones, node, part)
		if !await && !slices.Equal(e.facts.Names.Issued[key], part) {
			continue
		}
		to.certificates = append(to.certificates, node.ARN().WhenReady())
		for _, h := range hosts {
			if acm.Covers(part, h) {
				to.secure[h] = true
			}
		}
	}
}

// addProofs adds the records that prove the names of a certificate, in the
// zones that berth can change.
func (e environment) addProofs(zones newZones, certificate *engine.Node, domains []string) {
	done := map[string]bool{}
	for _, d := range domains {
		zone, ok := e.facts.Names.Zones[d]
		if !ok || done[acm.Bare(d)] {
			continue
		}
		done[acm.Bare(d)] = true
		r := record{
			name: certificate.Output(acm.NameOutput(d)), kind: "CNAME", ttl: 300,
			value: certificate.Output(acm.ValueOutput(d)),
		}
		e.add("validation-"+acm.Bare(d), r.at(zone, zones))
	}
}
