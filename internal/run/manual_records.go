package run

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/berthdev/berth/internal/app"
	"github.com/berthdev/berth/internal/aws/acm"
	"github.com/berthdev/berth/internal/aws/route53"
	"github.com/berthdev/berth/internal/blueprint"
	"github.com/berthdev/berth/internal/cloudflare"
	"github.com/berthdev/berth/internal/engine"
)

// Resolver asks the public DNS. *net.Resolver does, by way of the command line;
// the sandbox answers from its own zones.
type Resolver interface {
	// LookupHost is the addresses of a name.
	LookupHost(ctx context.Context, name string) ([]string, error)
	// LookupNS is the name servers of a domain, without dots at their ends.
	LookupNS(ctx context.Context, name string) ([]string, error)
}

// The states of a record that somebody else has to make.
const (
	RecordMissing = "missing"
	RecordWrong   = "wrong"
	RecordOK      = "ok"
)

// ManualRecord is a record that berth cannot make, because nobody it can reach
// answers for the domain.
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

// ManualRecords are the records that the user has to make, with what the public
// DNS says of them now. lives are the objects that there are.
func (s *Session) ManualRecords(ctx context.Context, p *Prepared, objects map[engine.Address]engine.Object) ([]ManualRecord, error) {
	var out []ManualRecord
	for _, h := range s.App.HostNames() {
		if _, ok := p.Facts.Names.Zones[h]; ok {
			continue
		}
		r, ok, err := s.hostToMake(ctx, h, objects)
		if err != nil {
			return nil, err
		}
		if ok {
			out = append(out, r)
		}
	}
	for _, n := range p.Graph.Nodes() {
		if r, ok := n.Resource.(acm.Certificate); ok {
			out = append(out, proofsToMake(r, objects[n.Address], p.Facts.Names.Zones)...)
		}
	}
	return append(out, s.Delegations(ctx, p, objects)...), nil
}

// Delegations are the name servers that the registrars have to be told of, of
// the zones that berth made.
func (s *Session) Delegations(ctx context.Context, p *Prepared, objects map[engine.Address]engine.Object) []ManualRecord {
	var out []ManualRecord
	for _, n := range p.Graph.Nodes() {
		switch r := n.Resource.(type) {
		case route53.HostedZone:
			out = append(out, s.delegationToMake(ctx, r.Name, objects[n.Address])...)
		case cloudflare.NewZone:
			out = append(out, s.delegationToMake(ctx, r.Name, objects[n.Address])...)
		}
	}
	return out
}

// hostToMake is the record of a host that leads to the load balancer, or to the
// tasks.
func (s *Session) hostToMake(ctx context.Context, host string, objects map[engine.Address]engine.Object) (ManualRecord, bool, error) {
	r := ManualRecord{Name: host, For: ForHost, Kind: "CNAME"}
	target := objects[blueprint.Balancer(s.App)].Output("dns")
	if s.App.Direct() {
		addresses, err := s.taskAddresses(ctx)
		if err != nil {
			return r, false, err
		}
		r.Kind, r.Values = "A", addresses[s.serviceOf(host)]
		r.State = s.compare(ctx, host, r.Values)
		return r, len(r.Values) > 0, nil
	}
	if target == "" {
		return r, false, nil
	}
	if host == registrable(host) {
		r.Kind = "ALIAS" // a CNAME may not stand at the top of a zone
	}
	r.Values = []string{strings.ToLower(target)}
	wanted, err := s.lookup(ctx, target)
	if err != nil || len(wanted) == 0 {
		wanted = r.Values
	}
	r.State = s.compare(ctx, host, wanted)
	return r, true, nil
}

func (s *Session) serviceOf(host string) string {
	for _, svc := range s.App.Services {
		if slices.ContainsFunc(svc.Hosts, func(h app.Host) bool { return h.Name == host }) {
			return svc.Name
		}
	}
	return ""
}

func (s *Session) lookup(ctx context.Context, name string) ([]string, error) {
	if s.Resolver == nil {
		return nil, fmt.Errorf("nobody to ask for %s", name)
	}
	if below, ok := strings.CutPrefix(name, "*."); ok {
		name = "berth-check." + below
	}
	return s.Resolver.LookupHost(ctx, name)
}

// compare says whether a name leads where it should: a load balancer has more
// addresses than it gives at once, so one in common is enough.
func (s *Session) compare(ctx context.Context, name string, wanted []string) string {
	have, err := s.lookup(ctx, name)
	if err != nil || len(have) == 0 {
		return RecordMissing
	}
	if slices.ContainsFunc(have, func(a string) bool { return slices.Contains(wanted, a) }) {
		return RecordOK
	}
	return RecordWrong
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

// delegationToMake is what the registrar has to be told of a zone that berth
// made; nothing as long as there is none.
func (s *Session) delegationToMake(ctx context.Context, zone string, object engine.Object) []ManualRecord {
	servers := object.Output("servers")
	if servers == "" {
		return nil
	}
	r := ManualRecord{Name: zone, Kind: "NS", Values: strings.Split(servers, ","), For: ForDelegation, State: RecordMissing}
	if s.Resolver == nil {
		return []ManualRecord{r}
	}
	have, err := s.Resolver.LookupNS(ctx, zone)
	switch {
	case err != nil || len(have) == 0:
	case slices.ContainsFunc(have, func(h string) bool { return slices.Contains(r.Values, h) }):
		r.State = RecordOK
	default:
		r.State = RecordWrong
	}
	return []ManualRecord{r}
}

// Plain are the hosts that have no TLS yet: AWS has not issued their
// certificate. The next run sees it and switches them to HTTPS.
func (s *Session) Plain(p *Prepared, objects map[engine.Address]engine.Object) []string {
	if s.App.Direct() {
		return nil
	}
	var out []string
	for _, n := range p.Graph.Nodes() {
		c, ok := n.Resource.(acm.Certificate)
		issued := slices.Equal(p.Facts.Names.Issued[n.Address.Name], c.Domains)
		if !ok || c.Await || issued {
			continue
		}
		if _, made := objects[n.Address]; made {
			out = append(out, c.Domains...)
		}
	}
	return out
}
