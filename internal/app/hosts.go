package app

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/berthdev/berth/internal/project"
	"golang.org/x/net/idna"
)

// maxHostName keeps room below a name for the record that marks it as berth's:
// DNS allows 253 characters.
const maxHostName = 220

var (
	hostName = regexp.MustCompile(`^(\*\.)?([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$`)
	hostPath = regexp.MustCompile(`^(/[A-Za-z0-9_.$~"'@:+&()!,;=-]+)+$`)
)

// hosts takes over x-berth.host, or domainname without it.
func (w *workload) hosts() {
	texts, key := texts(w.x.Host), "x-berth.host"
	if len(texts) == 0 && w.compose.DomainName != "" {
		texts, key = []string{w.compose.DomainName}, "domainname"
	}
	if len(texts) == 0 {
		if w.x.Path != "" {
			w.refuse("x-berth.path", "x-berth.path has no host", "a path belongs to a name", "add x-berth.host")
		}
		return
	}
	if w.job {
		w.refuse(key, "a job has no host", "nothing answers once it has ended", "take it out")
		return
	}
	_, isList := w.x.Host.([]any)
	for i, text := range texts {
		at := key
		if isList {
			at = item(key, i)
		}
		if h, ok := w.host(at, text); ok {
			w.Hosts = append(w.Hosts, h)
		}
	}
	slices.SortFunc(w.Hosts, func(a, b Host) int { return cmp.Compare(a.String(), b.String()) })
	w.Hosts = slices.CompactFunc(w.Hosts, func(a, b Host) bool { return a.String() == b.String() })
}

// texts are the texts of a value that is one or a list of them.
func texts(v any) []string {
	switch v := v.(type) {
	case string:
		var out []string
		for part := range strings.SplitSeq(v, ",") {
			if part = strings.TrimSpace(part); part != "" {
				out = append(out, part)
			}
		}
		return out
	case []any:
		var out []string
		for _, x := range v {
			if s, ok := x.(string); ok {
				out = append(out, strings.TrimSpace(s))
			}
		}
		return out
	}
	return nil
}

// host reads app.example.com or app.example.com/api.
func (w *workload) host(key, text string) (Host, bool) {
	h := Host{Origin: w.at(w.path + "." + key).String()}
	name, path, hasPath := strings.Cut(text, "/")
	h.Name = asciiName(strings.TrimSuffix(name, "."))
	h.Path = strings.TrimRight(w.x.Path, "/")
	if hasPath {
		h.Path = strings.TrimRight("/"+path, "/")
	}
	switch {
	case strings.Contains(text, "://"):
		w.refuse(key, fmt.Sprintf("%q is an address and not a host name", text), "", "write the name alone, as in app.example.com")
	case !hostName.MatchString(h.Name) || len(h.Name) > maxHostName || isAddress(h.Name):
		w.refuse(key, fmt.Sprintf("%q is not a host name", name), "", "write a name with at least one dot, as in app.example.com; *. may stand before it, and a path behind it")
	case h.Path != "" && (!hostPath.MatchString(h.Path) || len(h.Path) > 120):
		w.refuse(key, fmt.Sprintf("%q is not a path prefix", h.Path), "", "write up to 120 characters as in /api, without wildcards; everything below is meant")
	default:
		return h, true
	}
	return Host{}, false
}

// asciiName is a host name in lower case and, if it has other letters than DNS
// knows, as DNS has it: xn--bcher-kva.example for bücher.example.
func asciiName(name string) string {
	wild, rest := "", name
	if after, ok := strings.CutPrefix(name, "*."); ok {
		wild, rest = "*.", after
	}
	if text, err := idna.Lookup.ToASCII(rest); err == nil && text != rest {
		return wild + strings.ToLower(text)
	}
	return strings.ToLower(name)
}

func isAddress(name string) bool { return strings.Trim(name, "0123456789.") == "" }

// hostPort picks the port that the hosts lead to: one that is published as 443
// or 80, else the first that speaks HTTP, else one that siblings may reach.
func (w *workload) hostPort() {
	if len(w.Hosts) == 0 {
		return
	}
	var public []int
	for i, p := range w.Ports {
		if p.Public {
			public = append(public, i)
		}
	}
	at := func(published int) int {
		return slices.IndexFunc(w.Ports, func(p Port) bool { return p.Public && p.Published == published })
	}
	pick := max(at(443), -1)
	if pick < 0 {
		pick = at(80)
	}
	if pick < 0 && len(public) > 0 {
		pick = public[0]
	}
	if pick < 0 {
		w.exposedHostPort()
		return
	}
	w.Ports[pick].Hosted = true
	p := w.Ports[pick]
	// The same container port has no second listener.
	w.Ports = slices.DeleteFunc(w.Ports, func(o Port) bool { return o.Public && !o.Hosted && o.Container == p.Container })
	if len(public) > 1 {
		w.notice("x-berth.host", "%s leads to port %d", w.Hosts[0], p.Container)
	}
	if p.Published != 80 && p.Published != 443 && !w.app.Direct() {
		w.notice("x-berth.host", "it is reached as https://%s; nothing listens on port %d", w.Hosts[0], p.Published)
	}
}

// exposedHostPort picks among the ports that are not published.
func (w *workload) exposedHostPort() {
	var web []int
	for _, e := range w.Exposed {
		if e.From == e.To && e.Protocol == AppTCP && e.App != AppTCP {
			web = append(web, e.From)
		}
	}
	if len(web) != 1 || w.isInternal(w.Networks) {
		why := "nothing tells which port its hosts lead to"
		if w.isInternal(w.Networks) {
			why = "all its networks are internal"
		}
		w.refuse("x-berth.host", "it cannot be reached as "+w.Hosts[0].String(), why, "publish the port, as in ports: [\"80:3000\"]")
		return
	}
	p := Port{Container: web[0], Published: 443, Protocol: AppTCP, App: AppHTTP, Public: true, Hosted: true, Origin: w.Hosts[0].Origin}
	for i := range w.Exposed {
		if e := &w.Exposed[i]; e.From == p.Container {
			if e.App == AppHTTP2 || e.App == AppGRPC {
				p.App = e.App
			}
			e.App = p.App
		}
	}
	w.Ports = append(slices.DeleteFunc(w.Ports, func(o Port) bool { return o.Container == p.Container && o.Protocol == AppTCP }), p)
}

// routes refuses what two services cannot have both: a host with a path, and
// the ports that hosts share.
func (t *translator) routes() {
	type place struct{ service, origin string }
	taken := map[string]place{}
	shared := ""
	for _, s := range t.app.Services {
		if len(s.Hosts) > 0 && shared == "" {
			shared = s.Name
		}
		for _, h := range s.Hosts {
			key := h.String()
			if t.app.Direct() {
				key = h.Name // nobody looks at the path
			}
			if other, ok := taken[key]; ok {
				t.problems.Add(Problem{At: position(h.Origin), What: fmt.Sprintf("services %s and %s both have the host %s", other.service, s.Name, key),
					Why: "the other one is at " + other.origin, Remedy: "give one of them another name or path"})
				continue
			}
			taken[key] = place{s.Name, h.Origin}
		}
	}
	if shared != "" && !t.app.Direct() {
		t.sharedPorts(shared)
	}
	t.directIngress()
}

// sharedPorts refuses listeners of one service on the ports of the hosts.
func (t *translator) sharedPorts(hosted string) {
	for _, s := range t.app.Services {
		for _, p := range s.Ports {
			if p.Public && !p.Hosted && (p.Published == 80 || p.Published == 443) {
				t.problems.Add(Problem{At: position(p.Origin), What: fmt.Sprintf("service %s publishes port %d, which the hosts of %s share", s.Name, p.Published, hosted),
					Why: "port 80 sends browsers on to 443, and 443 goes by the name", Remedy: "give " + s.Name + " an x-berth.host too, or publish another port"})
			}
		}
	}
}

// position reads an origin, FILE:LINE.
func position(origin string) Position {
	i := strings.LastIndexByte(origin, ':')
	p := Position{File: origin}
	if i > 0 {
		if _, err := fmt.Sscanf(origin[i+1:], "%d", &p.Line); err == nil {
			p.File = origin[:i]
		}
	}
	return p
}

// nameSettings takes over the knobs of names and TLS.
func (t *translator) nameSettings() {
	x, s := t.project.XBerth, &t.app.Settings
	set(t, &s.Ingress, "ingress", x.Ingress)
	set(t, &s.DNSProvider, "dns.provider", x.DNS.Provider)
	set(t, &s.DNSZone, "dns.zone", x.DNS.Zone)
	set(t, &s.DNSAutoCreate, "dns.auto_create", x.DNS.AutoCreate)
	set(t, &s.DNSRole, "dns.role", x.DNS.Role)
	set(t, &s.Certificate, "certificate", x.Certificate)
	if s.DNSRole.Value != "" && s.DNSProvider.Value != DNSRoute53 {
		t.refuse("x-berth.dns.role", "a role is of no use with "+s.DNSProvider.Value, "it is for Route 53 in another account", "take role out")
	}
	if s.Ingress.Value == IngressDirect && s.Certificate.Value != "" {
		t.notice("x-berth.certificate", "the certificate is not used: without a load balancer there is no TLS")
	}
}

// directIngress refuses what only a load balancer can do, and says what the
// internet gets without one.
func (t *translator) directIngress() {
	if !t.app.Direct() {
		return
	}
	for _, s := range t.app.Services {
		public := s.PublicPorts()
		if len(public) == 0 {
			continue
		}
		path := project.Child("services", s.Name)
		if t.app.Settings.TaskSubnets.Value == SubnetsPrivate {
			t.refuse(path, "service "+s.Name+" cannot be reached without a load balancer", "its tasks are in private subnets, where nothing has a public address", "write x-berth: {network: {tasks: public}}, or ingress: balancer")
		}
		for _, h := range s.Hosts {
			if h.Path != "" {
				t.problems.Add(Problem{At: position(h.Origin), What: fmt.Sprintf("service %s: the path of %s is not possible", s.Name, h), Why: "without a load balancer the name leads to the service's tasks, whatever the path", Remedy: "take the path out, or write ingress: balancer"})
			}
		}
		for _, p := range public {
			if p.Published != p.Container {
				t.notice(path, "service %s: it is reached on port %d and not on %d: without a load balancer nothing translates ports", s.Name, p.Container, p.Published)
			}
		}
		if len(s.Hosts) > 0 {
			t.notice(path, "service %s: http://%s has no TLS: that takes a load balancer (x-berth.ingress: balancer); `berth dns sync --watch` keeps the name on the addresses of its tasks", s.Name, s.Hosts[0])
		}
	}
}
