package hosts

import (
	"cmp"
	"context"
	"slices"

	"github.com/berthdev/berth/internal/aws/acm"
	"github.com/berthdev/berth/internal/aws/elb"
	"github.com/berthdev/berth/internal/blueprint"
	"github.com/berthdev/berth/internal/engine"
)

// Facts are what the graph needs to know of the hosts whose zones are given:
// the certificates that there are and the hosts and ports that other projects of
// the environment have. routes are those of the rules on its load balancers. What is
// known comes with the error.
func (h *Hosts) Facts(ctx context.Context, zones map[string]blueprint.Zone, w *engine.Observed, routes []elb.Route) (blueprint.HostFacts, error) {
	f := blueprint.HostFacts{Zones: zones}
	if h.App.Direct() {
		return f, nil
	}
	f.Taken, f.TakenNetwork = h.others(w, routes), h.othersOnNetwork(w, routes)
	hosts := h.App.HostNames()
	if len(hosts) == 0 {
		return f, nil
	}
	var covered []string
	f.Issued, covered = certified(w)
	missing := slices.ContainsFunc(hosts, func(host string) bool { return !acm.Covers(covered, host) })
	var err error
	if existing := h.App.Settings.Certificate; existing.Value != "" {
		f.Certificates = forAll(hosts, existing.Value)
	} else if missing {
		f.Certificates, err = h.fittingCertificate(ctx, w, hosts)
	}
	return f, err
}

// others are the routes that are not the stack's.
func (h *Hosts) others(w *engine.Observed, routes []elb.Route) []blueprint.Route {
	own, has := w.Object(blueprint.Balancer(h.App))
	var out []blueprint.Route
	for _, r := range routes {
		if has && r.Balancer != own.Output("arn") {
			continue // a balancer with copied tags: its rules conflict with nothing
		}
		if !r.Network && r.Owner != h.stack().String() {
			out = append(out, blueprint.Route{Host: r.Host, Path: r.Path, Port: r.Port, Priority: r.Priority, Owner: r.Owner})
		}
	}
	return out
}

// othersOnNetwork are the ports of the environment's network load balancers that are
// not the stack's.
func (h *Hosts) othersOnNetwork(w *engine.Observed, routes []elb.Route) []blueprint.TakenPort {
	var out []blueprint.TakenPort
	for _, internal := range []bool{false, true} {
		own, has := w.Object(blueprint.NetworkBalancer(h.App, internal))
		for _, r := range routes {
			if has && r.Network && r.Balancer == own.Output("arn") && r.Owner != h.stack().String() {
				out = append(out, blueprint.TakenPort{Port: r.Port, Internal: internal, Owner: r.Owner})
			}
		}
	}
	return out
}

// certified are the names of berth's own certificates: of those that AWS has
// issued by the certificate's name, and all of them.
func certified(w *engine.Observed) (issued map[string][]string, all []string) {
	issued = map[string][]string{}
	for _, o := range w.Objects(acm.Certificate{}.Type()) {
		domains := engine.ShownAs[acm.Certificate](o).Domains
		all = append(all, domains...)
		if o.Detail == acm.Issued {
			issued[o.Address.Name] = domains
		}
	}
	return issued, all
}

// fittingCertificate is an issued certificate of the account that covers all hosts
// and that berth did not make for another owner: the one on the listener, else the
// one that expires last.
func (h *Hosts) fittingCertificate(ctx context.Context, w *engine.Observed, hosts []string) (map[string]string, error) {
	all, err := acm.ExistingOnes(ctx, h.Certificates)
	if err != nil {
		return nil, err
	}
	all = slices.DeleteFunc(all, func(c acm.Existing) bool {
		return slices.ContainsFunc(hosts, func(host string) bool { return !c.Covers(host) })
	})
	listener, _ := w.Object(engine.Address{Owner: h.environment(), Type: elb.Listener{}.Type(), Name: "443"})
	used := engine.ShownAs[elb.Listener](listener).Certificate.Value()
	slices.SortFunc(all, func(a, b acm.Existing) int {
		switch used {
		case a.ARN:
			return -1
		case b.ARN:
			return 1
		}
		return cmp.Or(b.Until.Compare(a.Until), cmp.Compare(a.ARN, b.ARN))
	})
	for _, c := range all {
		tags, err := acm.Tags(ctx, h.Certificates, c.ARN)
		if err != nil {
			return nil, err
		}
		if tags[engine.TagOwner] == "" {
			return forAll(hosts, c.ARN), nil
		}
	}
	return nil, nil
}

func forAll(hosts []string, certificate string) map[string]string {
	out := map[string]string{}
	for _, h := range hosts {
		out[h] = certificate
	}
	return out
}
