package run

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/berthdev/berth/internal/app"
	"github.com/berthdev/berth/internal/aws/acm"
	"github.com/berthdev/berth/internal/aws/route53"
	"github.com/berthdev/berth/internal/blueprint"
	"github.com/berthdev/berth/internal/cloudflare"
	"github.com/berthdev/berth/internal/engine"
)

// gatherNames adds what the world shows of the hosts' certificates and of the
// other projects' hosts.
func (s *Session) gatherNames(ctx context.Context, p *Prepared) error {
	hosts := s.App.HostNames()
	if len(hosts) == 0 || s.App.Direct() {
		return nil
	}
	f := &p.Facts.Names
	own, has := p.World.Object(blueprint.Balancer(s.App))
	for _, r := range s.Clients.Balancers.Routes() {
		if has && r.Balancer != own.Output("arn") {
			continue // a balancer with copied tags: what it routes is not in the way
		}
		if r.Owner != s.Stack().String() {
			f.Taken = append(f.Taken, blueprint.Route{Host: r.Host, Path: r.Path, Priority: r.Priority, Owner: r.Owner})
		}
	}
	f.Issued = map[string][]string{}
	var covered []string
	for _, l := range p.World.Objects(acm.Certificate{}.Type()) {
		var domains []string
		if json.Unmarshal([]byte(l.Attrs["domains"]), &domains) != nil {
			continue
		}
		covered = append(covered, domains...)
		if l.Detail == acm.Issued {
			f.Issued[l.Address.Name] = domains
		}
	}
	covers := !slices.ContainsFunc(hosts, func(h string) bool { return !acm.Covers(covered, h) })
	var err error
	if existing := s.App.Settings.Certificate; existing.Value != "" {
		f.Certificates = map[string]string{}
		for _, h := range hosts {
			f.Certificates[h] = existing.Value
		}
	} else if !covers {
		f.Certificates, err = s.fittingCertificate(ctx, p, hosts)
	}
	return err
}

// fittingCertificate is an issued certificate of the account that covers all
// hosts and is nobody else's of berth's: the one that the listener has, else the
// one that lasts longest.
func (s *Session) fittingCertificate(ctx context.Context, p *Prepared, hosts []string) (map[string]string, error) {
	all, err := acm.ExistingOnes(ctx, s.Clients.ACM)
	if err != nil {
		return nil, err
	}
	all = slices.DeleteFunc(all, func(c acm.Existing) bool {
		return slices.ContainsFunc(hosts, func(h string) bool { return !c.Covers(h) })
	})
	listener, _ := p.World.Object(engine.Address{Owner: s.Environment(), Type: "elb.listener", Name: "443"})
	slices.SortFunc(all, func(a, b acm.Existing) int {
		switch used := listener.Attrs["certificate"]; {
		case a.ARN == used:
			return -1
		case b.ARN == used:
			return 1
		}
		return cmp.Or(b.Until.Compare(a.Until), cmp.Compare(a.ARN, b.ARN))
	})
	for _, c := range all {
		tags, err := acm.Tags(ctx, s.Clients.ACM, c.ARN)
		if err != nil {
			return nil, err
		}
		if tags[engine.TagOwner] != "" {
			continue
		}
		out := map[string]string{}
		for _, h := range hosts {
			out[h] = c.ARN
		}
		return out, nil
	}
	return nil, nil
}

// RecordsTakenError says which names of the file others have records for.
type RecordsTakenError struct{ Lines []string }

func (e *RecordsTakenError) Error() string {
	return "records that berth did not make are in the way: " + strings.Join(e.Lines, "; ")
}

// Remedy is what the user can do.
func (*RecordsTakenError) Remedy() string {
	return "delete them, choose other names, or take them over with --adopt and the address in brackets; nothing was changed"
}

// checkRecords refuses a plan that makes a record where somebody else has one.
func (s *Session) checkRecords(ctx context.Context, p *Prepared) error {
	wanted := map[string]map[engine.Address]route53.Record{}
	adopted := map[string]bool{}
	for _, a := range p.Request.Adopt {
		adopted[a] = true
	}
	var lines []string
	for _, a := range p.Plan.Actions {
		node := p.Graph.Node(a.Address)
		if node == nil || a.Verb != engine.VerbCreate || adopted[a.Address.String()] {
			continue
		}
		line, err := s.checkCloudflare(ctx, a.Address, node.Resource)
		if err != nil {
			return err
		}
		lines = append(lines, line...)
		r, ok := node.Resource.(route53.Record)
		if !ok || !r.Zone.Known() || !r.Name.Known() {
			continue
		}
		if lb, ok := p.World.Object(blueprint.Balancer(s.App)); ok && !r.Alias.Known() {
			r.Alias = engine.Lit(strings.ToLower(lb.Output("dns")))
		}
		if wanted[r.Zone.Value()] == nil {
			wanted[r.Zone.Value()] = map[engine.Address]route53.Record{}
		}
		wanted[r.Zone.Value()][a.Address] = r
	}
	for zone, records := range wanted {
		found, err := s.records().Foreign(ctx, zone, records)
		if err != nil {
			return err
		}
		for a, f := range found {
			lines = append(lines, inTheWay(f.Name, f.Kind, f.Values, f.Owner, a))
		}
	}
	if len(lines) == 0 {
		return nil
	}
	slices.Sort(lines)
	return &RecordsTakenError{Lines: lines}
}

// inTheWay says what stands where a record is wanted.
func inTheWay(name, kind, values, owner string, a engine.Address) string {
	whose := "it carries no berth mark"
	if owner != "" {
		whose = "it belongs to " + owner
	}
	return fmt.Sprintf("%s %s is %s, %s [%s]", name, kind, strings.TrimSpace(values), whose, a)
}

// records is the type of records in Route 53.
func (s *Session) records() route53.Records {
	return route53.Records{API: s.Clients.Route53, Account: s.Account, Region: s.Region, Known: s.Clients.Names}
}

// anyZone stands in a lock's record for a zone whose id nobody knew when it was
// written.
const anyZone = "*"

// knowZones tells the types of records where earlier runs made some.
func (s *Session) knowZones(p *Prepared) {
	var zones, others []string
	all := false
	for _, seen := range p.Seen {
		all = all || !seen.Exists
		for _, z := range seen.Record.Zones {
			if z == anyZone {
				all = true
				continue
			}
			if cloudflare.IsNote(z) {
				others = append(others, z)
				continue
			}
			zones = append(zones, z)
		}
	}
	s.Clients.Names.Set(zones, all)
	s.Clients.CloudflareNames.Set(others, all)
}

// zonesToCome are the zones that hold records of the owners before and after
// the run.
func (s *Session) zonesToCome(p *Prepared, before []string) []string {
	zones := slices.Clone(before)
	for _, z := range p.Facts.Names.Zones {
		switch cf := z.Provider == app.DNSCloudflare; {
		case cf && z.ID == "":
			zones = append(zones, s.toMake(p, z))
		case z.ID == "":
			zones = append(zones, anyZone)
		case cf && z.Made:
			zones = append(zones, cloudflare.NoteRecords(z.ID), cloudflare.NoteZone(z.ID))
		case cf:
			zones = append(zones, cloudflare.NoteRecords(z.ID))
		default:
			zones = append(zones, z.ID)
		}
	}
	slices.Sort(zones)
	return slices.Compact(zones)
}

// zonesIn are the zones that hold records when a run has ended well.
func zonesIn(objects map[engine.Address]engine.Object, left []string) []string {
	zones := left
	for a, l := range objects {
		zones = append(zones, zonesOf(a.Type, l.ID)...)
	}
	slices.Sort(zones)
	return slices.Compact(zones)
}

// zonesOf is the zone of an object, if it is a record or a zone.
func zonesOf(typ, id string) []string {
	switch typ {
	case route53.Record{}.Type(), route53.HostedZone{}.Type():
		zone, _, _ := strings.Cut(id, "/")
		return []string{zone}
	case cloudflare.Record{}.Type():
		zone, _, _ := strings.Cut(id, "/")
		return []string{cloudflare.NoteRecords(zone)}
	case cloudflare.NewZone{}.Type():
		return []string{cloudflare.NoteZone(id)}
	}
	return nil
}

// noteZones writes down in the locks that are held which zones still matter. A
// run that is limited to some services leaves what it found.
func (s *Session) noteZones(held *locks, p *Prepared, result *engine.Result) {
	if len(p.Request.Services) > 0 {
		return
	}
	var left []string
	for _, a := range p.Plan.Actions {
		if a.Verb == engine.VerbLeave {
			left = append(left, zonesOf(a.Type, a.ID)...)
		}
	}
	zones := zonesIn(result.Lives, left)
	for _, k := range held.list() {
		k.NoteZones(zones)
	}
}
