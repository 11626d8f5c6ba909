package deploy

import (
	"context"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"github.com/berthdev/berth/internal/aws/acm"
	"github.com/berthdev/berth/internal/blueprint"
	"github.com/berthdev/berth/internal/concurrent"
	"github.com/berthdev/berth/internal/hosts"
	"github.com/berthdev/berth/internal/status"
)

// Reach is an address of a service as it is now.
type Reach struct {
	Service string `json:"service"`
	Port    int    `json:"port"`
	URL     string `json:"url"`
	// Works is false while no client gets an answer from the service there.
	Works bool `json:"works"`
	// Why is what is missing: for the address to work or, if it works, for TLS.
	Why string `json:"why,omitempty"`
}

// lacking is what addresses lack, each with the reason.
type lacking struct {
	// tasks are the services of which no task runs.
	tasks map[string]string
	// records are the hosts whose name does not lead to the service.
	records map[string]string
	// tls are the hosts without TLS.
	tls map[string]string
}

// reaches says of each address whether it works now, and why not. up, ps and open
// all ask it, so that they never disagree.
func reaches(urls []blueprint.URL, l lacking) []Reach {
	out := make([]Reach, 0, len(urls))
	for _, u := range urls {
		r := Reach{Service: u.Service, Port: u.Port, URL: u.URL, Works: true}
		host := hostOf(u.URL)
		switch {
		case l.tasks[u.Service] != "":
			r.Works, r.Why = false, l.tasks[u.Service]
		case l.records[host] != "":
			r.Works, r.Why = false, l.records[host]
		case l.tls[host] != "":
			r.Why = "without TLS: " + l.tls[host]
		}
		out = append(out, r)
	}
	return out
}

// hostOf is the host of an address, which has a scheme or is HOST:PORT.
func hostOf(address string) string {
	if u, err := url.Parse(address); err == nil && u.Host != "" {
		return strings.ToLower(u.Hostname())
	}
	host, _, _ := strings.Cut(address, ":")
	return strings.ToLower(host)
}

// The reasons why a host is not served with TLS, and why a name leads nowhere.
const (
	notIssued  = "AWS has not issued its certificate yet; `berth infra status` shows the records that it needs"
	notUsed    = "its certificate is issued; `berth up` switches to HTTPS"
	noRecord   = "the public DNS does not know the name yet; `berth infra status` shows the records to make"
	leadsAway  = "the name leads elsewhere; `berth infra status` shows the record to make"
	noTaskRuns = "no task of the service runs"
)

// lacksRecords are the hosts whose name does not lead to the load balancer, each
// asked for side by side.
func lacksRecords(ctx context.Context, p *Project, balancer string) map[string]string {
	out := map[string]string{}
	names := p.Source.App.HostNames()
	if p.Target.Resolver == nil || p.Source.App.Direct() || len(names) == 0 || balancer == "" {
		return out
	}
	states := make([]string, len(names))
	_ = concurrent.Each(names, func(i int, name string) error { // a lookup that fails is a missing record
		states[i] = p.Hosts().LeadsTo(ctx, name, balancer)
		return nil
	})
	for i, name := range names {
		switch states[i] {
		case hosts.RecordMissing:
			out[strings.ToLower(name)] = noRecord
		case hosts.RecordWrong:
			out[strings.ToLower(name)] = leadsAway
		}
	}
	return out
}

// lacksTLS are the hosts that are not among those served with TLS. ACM is only
// asked about certificates if there is such a host.
func lacksTLS(ctx context.Context, p *Project, secure map[string]bool) map[string]string {
	out := map[string]string{}
	for _, name := range p.Source.App.HostNames() {
		if !secure[strings.ToLower(name)] {
			out[strings.ToLower(name)] = notIssued
		}
	}
	if len(out) == 0 {
		return out
	}
	issued, err := acm.ExistingOnes(ctx, p.Target.Clients.ACM)
	if err != nil {
		return out
	}
	for name := range out {
		if slices.ContainsFunc(issued, func(c acm.Existing) bool { return c.Covers(name) }) {
			out[name] = notUsed
		}
	}
	return out
}

// withoutTLS are hosts whose certificate AWS has not issued, as a run saw it.
func withoutTLS(plain []string) map[string]string {
	out := map[string]string{}
	for _, host := range plain {
		out[strings.ToLower(host)] = notIssued
	}
	return out
}

// lacksTasks are the services of which no task runs.
func lacksTasks(services []status.Service) map[string]string {
	out := map[string]string{}
	for _, s := range services {
		if s.Running == 0 {
			out[s.Name] = noTaskRuns
			if s.Reason != "" {
				out[s.Name] += ": " + s.Reason
			}
		}
	}
	return out
}

// leadsTo reports whether what listens at an endpoint leads to one of these services.
// The load balancer alone does not say so: in an environment that projects share, a
// sibling may have made it, and may serve the same port.
func leadsTo(e blueprint.Endpoint, services []status.Service) bool {
	return slices.ContainsFunc(services, func(s status.Service) bool {
		return s.Name == e.Service && s.State != status.Absent &&
			(e.Protocol == blueprint.Direct || slices.Contains(s.Targets, e.Container))
	})
}

// taskReach are the addresses of tasks that clients reach without a load balancer
// and without a host name.
func taskReach(table blueprint.Outputs, services []status.Service) []Reach {
	var out []Reach
	for _, e := range table.Endpoints {
		if e.Protocol != blueprint.Direct || e.Host != "" {
			continue
		}
		for _, s := range services {
			for _, t := range s.Tasks {
				if s.Name == e.Service && t.PublicIP != "" {
					out = append(out, Reach{
						Service: s.Name, Port: e.Port, URL: fmt.Sprintf("http://%s:%d", t.PublicIP, e.Port), Works: t.Status == "RUNNING",
						Why: "the address of one task: a new task has another one",
					})
				}
			}
		}
	}
	return out
}
