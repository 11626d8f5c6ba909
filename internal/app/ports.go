package app

import (
	"cmp"
	"fmt"
	"net"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/berthdev/berth/internal/app/catalog"
	"github.com/berthdev/berth/internal/project"
	"github.com/compose-spec/compose-go/v2/types"
)

// ports are the ports of a workload that the internet and siblings may reach.
type ports struct {
	subject
	image  image
	health *Health
	hosts  []Host
	// published and exposed are the result. allTCP says that berth does not know which
	// ports the workload listens on.
	published []Port
	exposed   []Exposed
	allTCP    bool
}

// portsOf finds the ports that the internet may reach, those that siblings may
// reach, and the one that the hosts lead to.
func portsOf(s subject, i image, health *Health, hosts []Host) *ports {
	w := &ports{subject: s, image: i, health: health, hosts: hosts}
	seen := map[string]bool{}
	for i, c := range w.compose.Ports {
		if p, ok := w.port(item("ports", i), c); ok {
			if key := fmt.Sprint(p.Container, p.Published, p.Protocol); !seen[key] {
				seen[key] = true
				w.published = append(w.published, p)
			}
		}
	}
	w.expose()
	w.sayHealthPort()
	w.hostPort()
	return w
}

// port translates one entry of ports.
func (w *ports) port(key string, c types.ServicePortConfig) (Port, bool) {
	p := Port{Container: int(c.Target), Protocol: c.Protocol, Origin: w.origin(key)}
	if p.Protocol == "" {
		p.Protocol = AppTCP
	}
	if p.Container < 1 || p.Container > 65535 || p.Protocol != AppTCP && p.Protocol != AppUDP {
		w.refuse(key, fmt.Sprintf("%d/%s is not a port", c.Target, c.Protocol), "", "write a number from 1 to 65535, and tcp or udp")
		return p, false
	}
	published, ok := w.publishedPort(key, c)
	if !ok {
		return p, false
	}
	p.Published = published
	guessed := false
	p.App, guessed = w.speaks(c)
	if p.App == "" && len(w.hosts) > 0 {
		p.App = AppHTTP // a host name is for HTTP
	}
	w.publish(key, c, &p, guessed)
	return p, true
}

// publishedPort is the port that clients use, 0 without one. For a range, from
// which Compose would choose, it is the first.
func (w *ports) publishedPort(key string, c types.ServicePortConfig) (int, bool) {
	if c.Published == "" {
		return 0, true
	}
	from, to, isRange := strings.Cut(c.Published, "-")
	n, err := strconv.Atoi(from)
	if err != nil || n < 0 || n > 65535 {
		w.refuse(key, fmt.Sprintf("%q is not a port to publish", project.Readable(c.Published)), "", "write a number from 1 to 65535")
		return 0, false
	}
	if isRange && to != from {
		w.notice(key, "only the first of the ports %s is published", c.Published)
	}
	return n, true
}

// speaks is the protocol of a port, empty if it is not known; guessed says that
// only the port's number suggests it.
func (w *ports) speaks(c types.ServicePortConfig) (protocol string, guessed bool) {
	if c.Protocol == AppUDP {
		return AppUDP, false
	}
	aws, _ := c.Extensions["x-aws-protocol"].(string)
	for _, said := range []string{w.x.Protocol, c.AppProtocol, aws} {
		switch strings.ToLower(said) {
		case "https", "wss":
			return AppTCP, false // TLS that ends in the container
		case AppHTTP, "ws":
			return AppHTTP, false
		case AppHTTP2, "h2c":
			return AppHTTP2, false
		case AppGRPC:
			return AppGRPC, false
		case "":
		default:
			return AppTCP, false
		}
	}
	port := int(c.Target)
	// What is known of the image comes first: the healthcheck of a database often
	// asks its HTTP interface, which is not for the internet.
	if known, ok := w.image.known(); ok {
		if slices.Contains(known.HTTP, port) {
			return AppHTTP, false
		}
		if slices.Contains(known.Other, port) || known.Stateful || len(known.HTTP) == 0 {
			return AppTCP, false
		}
	}
	if asked, _, ok := w.health.URL(); ok && asked == port {
		return AppHTTP, false
	}
	if catalog.IsWeb(port) && !w.writtenAsTCP(port) {
		return AppHTTP, true
	}
	return "", false
}

// publish decides whether a load balancer has a listener for a port, and says why
// not if the file asks to publish the port.
func (w *ports) publish(key string, c types.ServicePortConfig, p *Port, guessed bool) {
	web := p.App == AppHTTP || p.App == AppHTTP2 || p.App == AppGRPC
	_, asks := c.Extensions["x-aws-protocol"]
	switch {
	case w.job:
		return
	case c.Mode == "host":
		if p.Published != 0 {
			noticeOf(w.subject, project.Further, w.path+dotted(key), portText(p.Container), "is for siblings only: mode host does not publish it", "are for siblings only: mode host does not publish them")
		}
	case isLocal(c.HostIP) && len(w.hosts) == 0 && w.x.Public != true && w.x.Public != "internal":
		noticeOf(w.subject, project.Further, w.path+dotted(key), portText(p.Container), "is for siblings only: it is bound to "+c.HostIP+"; x-berth.host or x-berth.public: true publishes it", "are for siblings only: they are bound to "+c.HostIP+"; x-berth.host or x-berth.public: true publishes one")
	case w.isInternal(w.networks):
		noticeOf(w.subject, project.Further, w.path+dotted(key), portText(p.Container), "is for siblings only: all networks of the service are internal", "are for siblings only: all networks of the service are internal")
	case w.x.Public == false:
		return
	case w.x.Public == "internal", !web && w.x.Public == true:
		w.listenNetwork(key, p)
	case !web && w.endsTLS(c) && p.Published != 0:
		w.refuse(key, fmt.Sprintf("port %d speaks TLS itself, which its load balancer does not", p.Container), "a load balancer for HTTP sends plain HTTP to the tasks",
			"publish the port on which it speaks HTTP, and let x-berth.host give it TLS; or x-berth.public: true, which passes TLS through")
	case !web:
		w.keepPrivate(key, *p)
	default:
		w.listen(key, c, p, guessed && !asks)
	}
}

// listen makes a port public.
func (w *ports) listen(key string, c types.ServicePortConfig, p *Port, guessed bool) {
	p.Public = true
	if p.Published == 0 && len(w.hosts) > 0 {
		p.Published = 443
	}
	if p.Published == 0 {
		p.Published = p.Container
		w.notice(key, "port %d is published under the same number, not a random one", p.Container)
	}
	if guessed && len(w.hosts) == 0 {
		noticeOf(w.subject, project.Exposed, w.path+dotted(key), portText(p.Container), "is published as HTTP because of its number; x-berth.protocol: tcp keeps it private", "are published as HTTP because of their numbers; x-berth.protocol: tcp keeps one private")
	}
	if c.HostIP != "" && !isUnspecified(c.HostIP) {
		concern(w.subject, project.Exposed, key, "port %d is published on the load balancer's addresses and not on %s", p.Container, c.HostIP)
	}
	if p.App != AppHTTP && len(w.hosts) == 0 && !w.settings.Direct() {
		w.refuse(key, fmt.Sprintf("port %d cannot be published for %s without a host name", p.Container, p.App), "a load balancer supports this protocol only with TLS", "add x-berth: {host: app.example.com} to the service, or keep the port private with x-berth: {public: false}")
	}
}

// keepPrivate keeps a port that is not HTTP for siblings.
func (w *ports) keepPrivate(key string, p Port) {
	switch {
	case p.App == "":
		noticeOf(w.subject, project.Exposed, w.path+dotted(key), portText(p.Container), "is for siblings only: berth cannot tell whether it speaks HTTP; app_protocol: http publishes it", "are for siblings only: berth cannot tell whether they speak HTTP; app_protocol: http publishes one")
	case p.Published != 0:
		noticeOf(w.subject, project.Exposed, w.path+dotted(key), portText(p.Container), "is for siblings only: it does not speak HTTP; x-berth.public: true asks for a network load balancer", "are for siblings only: they do not speak HTTP; x-berth.public: true asks for a network load balancer")
	}
}

// endsTLS says whether the file says that a port speaks HTTP in TLS.
func (w *ports) endsTLS(c types.ServicePortConfig) bool {
	said := strings.ToLower(cmp.Or(w.x.Protocol, c.AppProtocol))
	return said == "https" || said == "wss"
}

// writtenAsTCP says whether the file has a port with /tcp, which compose-go fills in
// for the others: the names of a list's entries are their texts.
func (w *ports) writtenAsTCP(port int) bool {
	end := regexp.MustCompile(`\.ports\.(.*:)?` + strconv.Itoa(port) + `/tcp$`)
	return slices.ContainsFunc(w.project.Positions.Paths(), func(path string) bool {
		return strings.HasPrefix(path, w.path+".ports.") && end.MatchString(path)
	})
}

// sayHealthPort says that the healthcheck asks a port that nothing names.
func (w *ports) sayHealthPort() {
	asked, _, ok := w.health.URL()
	if !ok || w.allTCP || w.job || w.host != "" || (Workload{Exposed: w.exposed}).Reaches(asked) {
		return
	}
	concern(w.subject, project.Failure, "healthcheck.test", "the healthcheck asks port %d, which is not one of the service's: if nothing listens there, ECS replaces every task", asked)
}

func portText(port int) string { return "port " + strconv.Itoa(port) }

func isLocal(ip string) bool {
	addr := net.ParseIP(strings.Trim(ip, "[]"))
	return ip == "localhost" || addr != nil && addr.IsLoopback()
}

func isUnspecified(ip string) bool {
	addr := net.ParseIP(strings.Trim(ip, "[]"))
	return addr != nil && addr.IsUnspecified()
}

// expose collects the ports that siblings may reach: from ports and expose, else
// from the image's EXPOSE, else from the catalog. If there are none, it is every
// TCP port.
func (w *ports) expose() {
	add := func(from, to int, protocol, speaks string) {
		w.exposed = append(w.exposed, Exposed{From: from, To: to, Protocol: protocol, App: speaks})
	}
	for _, p := range w.published {
		add(p.Container, p.Container, p.Protocol, p.App)
	}
	for i, text := range w.compose.Expose {
		if e, ok := parseExposed(text); ok {
			w.exposed = append(w.exposed, e)
			continue
		}
		w.refuse(item("expose", i), fmt.Sprintf("%q is not a port", text), "", "write a number or a range such as 3000-3005, with /udp for UDP")
	}
	if len(w.exposed) == 0 {
		if w.image.build != nil {
			for _, text := range w.image.file.Ports {
				if e, ok := parseExposed(text); ok {
					w.exposed = append(w.exposed, e)
				}
			}
		}
		if known, ok := w.image.known(); ok && len(w.exposed) == 0 {
			for _, p := range known.HTTP {
				add(p, p, AppTCP, AppHTTP)
			}
			for _, p := range known.Other {
				add(p, p, AppTCP, AppTCP)
			}
		}
	}
	slices.SortStableFunc(w.exposed, byPort)
	w.exposed = slices.CompactFunc(w.exposed, func(a, b Exposed) bool { return byPort(a, b) == 0 })
	if len(w.exposed) == 0 && !w.job && w.host == "" {
		w.allTCP = true
		w.notice("", "berth does not know the ports, so siblings may reach all TCP ports; expose restricts them")
	}
}

// parseExposed reads 80, 53/udp or 8000-8010/tcp.
func parseExposed(text string) (Exposed, bool) {
	ports, protocol, _ := strings.Cut(text, "/")
	if protocol == "" {
		protocol = AppTCP
	}
	first, last, isRange := strings.Cut(ports, "-")
	if !isRange {
		last = first
	}
	from, err1 := strconv.Atoi(first)
	to, err2 := strconv.Atoi(last)
	ok := err1 == nil && err2 == nil && from > 0 && from <= to && to <= 65535
	return Exposed{From: from, To: to, Protocol: strings.ToLower(protocol)}, ok && (protocol == AppTCP || protocol == AppUDP)
}

func byPort(a, b Exposed) int {
	return cmp.Or(cmp.Compare(a.Protocol, b.Protocol), cmp.Compare(a.From, b.From), cmp.Compare(a.To, b.To))
}
