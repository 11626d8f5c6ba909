package run

import (
	"context"

	"github.com/berthdev/berth/internal/aws/route53"
	"github.com/berthdev/berth/internal/blueprint"
	"github.com/berthdev/berth/internal/cloudflare"
	"github.com/berthdev/berth/internal/engine"
	"github.com/berthdev/berth/internal/hosts"
	"github.com/berthdev/berth/internal/state"
	"github.com/berthdev/berth/internal/status"
)

// Hosts looks after the host names of the session's project.
func (s *Session) Hosts() *hosts.Hosts {
	c := s.Clients
	return &hosts.Hosts{
		App: s.App, Certificates: c.ACM, Resolver: s.Resolver, Addresses: s.taskAddresses, Clock: s.Clock,
		Route53:    hosts.Route53{Records: route53.Records{API: c.Route53, Account: s.Account, Region: s.Region, Turns: c.Turns}},
		Cloudflare: hosts.Cloudflare{Records: cloudflare.Records{Client: c.Cloudflare, Account: s.Account, Region: s.Region}},
	}
}

// taskAddresses are the public addresses of the tasks that work, by service.
func (s *Session) taskAddresses(ctx context.Context) (map[string][]string, error) {
	var wanted []status.Reachable
	for _, svc := range s.App.Services {
		if len(svc.Hosts) > 0 {
			wanted = append(wanted, status.Reachable{
				Wanted:  status.Wanted{Name: svc.Name, ECSName: blueprint.ServiceName(s.App, s.Region, svc.Name)},
				Checked: blueprint.Checked(svc),
			})
		}
	}
	return status.Addresses(ctx, status.Clients{ECS: s.Clients.ECS, EC2: s.Clients.EC2}, blueprint.ClusterName(s.App, s.Region), wanted)
}

// notes are what earlier runs wrote into their locks' records of the zones that
// they used.
func (p *Prepared) notes() hosts.Notes {
	var n hosts.Notes
	for _, seen := range p.Seen {
		n.Add(seen.Record.Zones, seen.Exists)
	}
	return n
}

// notesBefore adds to the notes of a lock the zones that the run may use or make
// until its last call has ended.
func (s *Session) notesBefore(p *Prepared, notes []string) []string {
	longest, _ := p.Deadline()
	now := s.Clock.Now()
	return s.Hosts().NotesBefore(notes, p.Facts.Names.Zones, now, now.Add(longest+state.Lease+state.CallTimeout))
}

// noteZones writes into the locks that are held which zones still matter. A run
// that is limited to some services leaves what it found.
func (s *Session) noteZones(held *locks, p *Prepared, result *engine.Result) {
	if len(p.Request.Services) > 0 {
		return
	}
	zones := s.Hosts().NotesAfter(p.Plan, result.Lives)
	for _, k := range held.list() {
		k.NoteZones(zones)
	}
}
