package hosts

import (
	"context"
	"maps"
	"slices"
	"strings"

	"github.com/berthdev/berth/internal/app"
	"github.com/berthdev/berth/internal/aws/acm"
	"github.com/berthdev/berth/internal/blueprint"
	"github.com/berthdev/berth/internal/engine"
)

// The states of a record that somebody else has to make.
const (
	RecordMissing = "missing"
	RecordWrong   = "wrong"
	RecordOK      = "ok"
)

// ManualRecord is a record that berth cannot make, because the domain is in no
// zone that it can change.
type ManualRecord struct {
	Name string `json:"name"`
	// Kind is CNAME, A or NS; ALIAS where a CNAME may not stand.
	Kind   string   `json:"type"`
	Values []string `json:"values"`
	// For says what the record is for: host, certificate or delegation.
	For string `json:"for"`
	// State is missing, wrong or ok.
	State string `json:"state"`
}

// The purposes of manual records.
const (
	ForHost        = "host"
	ForCertificate = "certificate"
	ForDelegation  = "delegation"
)

// ManualRecords returns the records that the user has to make, with their present
// state in the public DNS. f and g are the facts and the graph of the hosts,
// objects the existing objects.
func (h *Hosts) ManualRecords(
	ctx context.Context, f blueprint.HostFacts, g *engine.Graph, objects map[engine.Address]engine.Object,
) ([]ManualRecord, error) {
	var out []ManualRecord
	for _, host := range h.App.HostNames() {
		if _, ok := f.Zones[host]; ok {
			continue
		}
		r, ok, err := h.hostToMake(ctx, host, objects)
		if err != nil {
			return nil, err
		}
		if ok {
			out = append(out, r)
		}
	}
	for _, n := range g.Nodes() {
		if r, ok := n.Resource.(acm.Certificate); ok {
			out = append(out, proofsToMake(r, objects[n.Address], f.Zones)...)
		}
	}
	return append(out, h.Delegations(ctx, g, objects)...), nil
}

// Delegations are the name servers that the user has to give to registrars, for
// the zones that berth made.
func (h *Hosts) Delegations(ctx context.Context, g *engine.Graph, objects map[engine.Address]engine.Object) []ManualRecord {
	var out []ManualRecord
	for _, n := range g.Nodes() {
		for _, p := range h.providers() {
			zone, servers, ok := p.Delegation(n.Resource, objects[n.Address])
			if !ok || len(servers) == 0 {
				continue
			}
			r := ManualRecord{Name: zone, Kind: "NS", Values: servers, For: ForDelegation}
			r.State = h.compareServers(ctx, zone, r.Values)
			out = append(out, r)
		}
	}
	return out
}

// hostToMake is the record of a host that leads to the load balancer, or to the
// tasks.
func (h *Hosts) hostToMake(ctx context.Context, host string, objects map[engine.Address]engine.Object) (ManualRecord, bool, error) {
	r := ManualRecord{Name: host, For: ForHost, Kind: "CNAME"}
	target := objects[blueprint.Balancer(h.App)].Output("dns")
	if h.App.Direct() {
		addresses, err := h.Addresses(ctx)
		if err != nil {
			return r, false, err
		}
		r.Kind, r.Values = "A", addresses[h.serviceOf(host)]
		r.State = h.compare(ctx, host, r.Values)
		return r, len(r.Values) > 0, nil
	}
	if target == "" {
		return r, false, nil
	}
	if host == registrable(host) {
		r.Kind = "ALIAS" // a CNAME may not stand at the top of a zone
	}
	r.Values = []string{strings.ToLower(target)}
	r.State = h.LeadsTo(ctx, host, target)
	return r, true, nil
}

func (h *Hosts) serviceOf(host string) string {
	for _, svc := range h.App.Services {
		if slices.ContainsFunc(svc.Hosts, func(at app.Host) bool { return at.Name == host }) {
			return svc.Name
		}
	}
	return ""
}

// proofsToMake are the records that prove the names of a certificate whose
// zones berth cannot change. AWS says whether it has seen them.
func proofsToMake(c acm.Certificate, object engine.Object, zones map[string]blueprint.Zone) []ManualRecord {
	out := map[string]ManualRecord{}
	for _, d := range c.Domains {
		if _, ok := zones[d]; ok || object.Output(acm.NameOutput(d)) == "" {
			continue
		}
		r := ManualRecord{
			Name: object.Output(acm.NameOutput(d)), Kind: "CNAME", For: ForCertificate,
			Values: []string{object.Output(acm.ValueOutput(d))}, State: RecordMissing,
		}
		if object.Detail == acm.Issued || object.Output(acm.ProvedOutput(d)) != "" {
			r.State = RecordOK
		}
		out[r.Name] = r
	}
	var list []ManualRecord
	for _, name := range slices.Sorted(maps.Keys(out)) {
		list = append(list, out[name])
	}
	return list
}

// Plain are the hosts that have no TLS yet: AWS has not issued their
// certificate. The next run sees it and switches them to HTTPS.
func (h *Hosts) Plain(f blueprint.HostFacts, g *engine.Graph, objects map[engine.Address]engine.Object) []string {
	if h.App.Direct() {
		return nil
	}
	var out []string
	for _, n := range g.Nodes() {
		c, ok := n.Resource.(acm.Certificate)
		if !ok || c.Await || slices.Equal(f.Issued[n.Address.Name], c.Domains) {
			continue
		}
		if _, made := objects[n.Address]; made {
			out = append(out, c.Domains...)
		}
	}
	return out
}
