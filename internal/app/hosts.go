package app

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/berthdev/berth/internal/app/hostname"
)

// hostsOf are the hosts in x-berth.host, else domainname, sorted.
func hostsOf(s subject) []Host {
	texts, key := texts(s.x.Host), "x-berth.host"
	if len(texts) == 0 && s.compose.DomainName != "" {
		texts, key = []string{s.compose.DomainName}, "domainname"
	}
	if len(texts) == 0 {
		if s.x.Path != "" {
			s.refuse("x-berth.path", "x-berth.path needs a host", "a path is part of a host's address", "add x-berth.host")
		}
		return nil
	}
	if s.job {
		s.refuse(key, "a job cannot have a host", "nothing answers once the job has ended", "remove it")
		return nil
	}
	var out []Host
	_, isList := s.x.Host.([]any)
	for i, text := range texts {
		at := key
		if isList {
			at = item(key, i)
		}
		if h, ok := hostOf(s, at, text); ok {
			out = append(out, h)
		}
	}
	slices.SortFunc(out, func(a, b Host) int { return cmp.Compare(a.String(), b.String()) })
	return slices.CompactFunc(out, func(a, b Host) bool { return a.String() == b.String() })
}

// texts are the texts in a value that is either a text or a list of texts.
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

// hostOf reads app.example.com or app.example.com/api.
func hostOf(s subject, key, text string) (Host, bool) {
	h := Host{Origin: s.origin(key)}
	name, path, hasPath := strings.Cut(text, "/")
	h.Name = hostname.ASCII(strings.TrimSuffix(name, "."))
	h.Path = strings.TrimRight(s.x.Path, "/")
	if hasPath {
		h.Path = strings.TrimRight("/"+path, "/")
	}
	switch {
	case strings.Contains(text, "://"):
		s.refuse(key, fmt.Sprintf("%q is a URL and not a host name", text), "", "write the name alone, such as app.example.com")
	case !hostname.Valid(h.Name):
		s.refuse(key, fmt.Sprintf("%q is not a host name", name), "", "write a name with at least one dot, such as app.example.com; it may begin with *. and end with a path")
	case h.Path != "" && !hostname.ValidPath(h.Path):
		s.refuse(key, fmt.Sprintf("%q is not a path prefix", h.Path), "", "write up to 120 characters without wildcards, such as /api; it includes all paths below")
	default:
		return h, true
	}
	return Host{}, false
}

// hostPort picks the port that the hosts lead to: one that is published as 443 or
// 80, else the first public one, else one that siblings may reach.
func (w *ports) hostPort() {
	if len(w.hosts) == 0 {
		return
	}
	var public []int
	for i, p := range w.published {
		if p.Public {
			public = append(public, i)
		}
	}
	at := func(published int) int {
		return slices.IndexFunc(w.published, func(p Port) bool { return p.Public && p.Published == published })
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
	w.published[pick].Hosted = true
	p := w.published[pick]
	// The same container port gets no second listener.
	w.published = slices.DeleteFunc(w.published, func(o Port) bool { return o.Public && !o.Hosted && o.Container == p.Container })
	if len(public) > 1 {
		w.notice("x-berth.host", "%s leads to port %d", w.hosts[0], p.Container)
	}
	if p.Published != 80 && p.Published != 443 && !w.settings.Direct() {
		w.notice("x-berth.host", "clients reach it at https://%s; nothing listens on port %d", w.hosts[0], p.Published)
	}
}

// exposedHostPort picks among the ports that are not published.
func (w *ports) exposedHostPort() {
	var web []int
	for _, e := range w.exposed {
		if e.From == e.To && e.Protocol == AppTCP && e.App != AppTCP {
			web = append(web, e.From)
		}
	}
	if len(web) != 1 || w.isInternal(w.networks) {
		why := "berth cannot tell which port its hosts lead to"
		if w.isInternal(w.networks) {
			why = "all its networks are internal"
		}
		w.refuse("x-berth.host", "it cannot be reached as "+w.hosts[0].String(), why, "publish the port, for example ports: [\"80:3000\"]")
		return
	}
	p := Port{Container: web[0], Published: 443, Protocol: AppTCP, App: AppHTTP, Public: true, Hosted: true, Origin: w.hosts[0].Origin}
	for i := range w.exposed {
		if e := &w.exposed[i]; e.From == p.Container {
			if e.App == AppHTTP2 || e.App == AppGRPC {
				p.App = e.App
			}
			e.App = p.App
		}
	}
	w.published = append(slices.DeleteFunc(w.published, func(o Port) bool { return o.Container == p.Container && o.Protocol == AppTCP }), p)
}
