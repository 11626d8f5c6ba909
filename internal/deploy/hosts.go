package deploy

import (
	"context"

	"github.com/berthdev/berth/internal/aws/route53"
	"github.com/berthdev/berth/internal/cloudflare"
	"github.com/berthdev/berth/internal/hosts"
	"github.com/berthdev/berth/internal/state"
	"github.com/berthdev/berth/internal/status"
)

// Hosts looks after the host names of the project.
func (p *Project) Hosts() *hosts.Hosts {
	t, c := p.Target, p.Target.Clients
	return &hosts.Hosts{
		App: p.Source.App, Certificates: c.ACM, Resolver: t.Resolver, Addresses: p.taskAddresses, Clock: t.Clock,
		Route53: hosts.Route53{Records: route53.Records{
			API: c.Route53, Account: t.Identity.Account, Region: t.Identity.Region, Turns: c.Turns,
		}},
		Cloudflare: hosts.Cloudflare{Records: cloudflare.Records{
			Client: c.Cloudflare, Account: t.Identity.Account, Region: t.Identity.Region,
		}},
	}
}

func (s *session) hosts() *hosts.Hosts { return s.project.Hosts() }

// taskAddresses are the public addresses of the tasks that work, by service.
func (p *Project) taskAddresses(ctx context.Context) (map[string][]string, error) {
	names, err := p.Outputs()
	if err != nil {
		return nil, err
	}
	var wanted []status.Reachable
	for _, svc := range p.Source.App.Services {
		if out, ok := names.Service(svc.Name); ok && len(svc.Hosts) > 0 {
			wanted = append(wanted, status.Reachable{
				Wanted: status.Wanted{Name: svc.Name, ECSName: out.ECSName}, Checked: out.Checked,
			})
		}
	}
	c := p.Target.Clients
	return status.Addresses(ctx, status.Clients{ECS: c.ECS, EC2: c.EC2}, names.Cluster, wanted)
}

// notes are what earlier runs wrote into their locks' records of the zones that
// they used.
func (g sighting) notes() hosts.Notes {
	var n hosts.Notes
	for _, seen := range g {
		n.Add(seen.Record.Zones, seen.Exists)
	}
	return n
}

// notesBefore adds to the notes of a lock the zones that the run may use or make
// until its last call has ended.
func (p *Plan) notesBefore(notes []string) []string {
	longest, _ := p.Deadline()
	now := p.session.clock.Now()
	return p.session.hosts().NotesBefore(notes, p.Facts.Names.Zones, now, now.Add(longest+state.Lease+state.CallTimeout))
}

// noteZones writes into the locks that are held which zones still matter. A run
// that is limited to some services leaves what it found.
func (x *execution) noteZones() {
	if len(x.Request.Services) > 0 {
		return
	}
	zones := x.session.hosts().NotesAfter(x.Plan.Plan, x.out.Result.Objects)
	for _, k := range x.held.list() {
		k.NoteZones(zones)
	}
}
