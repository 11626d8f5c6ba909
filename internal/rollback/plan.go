package rollback

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/berthdev/berth/internal/app"
	"github.com/berthdev/berth/internal/aws/ecs"
	"github.com/berthdev/berth/internal/aws/scheduler"
	"github.com/berthdev/berth/internal/concurrent"
	"github.com/berthdev/berth/internal/deploy"
	"github.com/berthdev/berth/internal/engine"
	"github.com/berthdev/berth/internal/state"
)

// The kinds of a Change.
const (
	OfService  = "service"
	OfSchedule = "schedule"
)

// Change is a service or the schedule of a job that goes back.
type Change struct {
	Name string `json:"name"`
	Kind string `json:"kind"`
	// From and To are the ARNs of revisions: the one that it has, and that of the release.
	From string `json:"from"`
	To   string `json:"to"`
	// Differences are what differs between them, in words; never a value.
	Differences []string `json:"differences"`

	seen scheduler.Seen
	// moving says that a deployment of the service is under way.
	moving bool
}

// Left is a service or schedule that stays as it is, and why.
type Left struct {
	Name string `json:"name"`
	Why  string `json:"why"`
}

// Plan is what goes back.
type Plan struct {
	// To is the release.
	To      state.Release
	Changes []Change
	Left    []Left

	// services are those among the Changes, in their order; last is the last release.
	services *deploy.Restarts
	last     state.Release
	project  *deploy.Project
	// there says that something of the release is deployed.
	there bool
}

// To plans to go back to a release: its number or id or, if asked is empty, the last one
// before the running one that succeeded. It changes nothing. The error is an
// *ImpossibleError if something of the release cannot run any more.
func To(ctx context.Context, p *deploy.Project, asked string, observe deploy.Observer) (*Plan, error) {
	out := &Plan{project: p}
	if err := out.choose(ctx, asked); err != nil {
		return nil, err
	}
	if err := out.readServices(ctx, observe); err != nil {
		return nil, err
	}
	if err := out.readSchedules(ctx); err != nil {
		return nil, err
	}
	if !out.there {
		return nil, &NothingThereError{Release: out.To.Number, remedy: out.byFile()}
	}
	return out, out.compare(ctx)
}

// readServices finds the services that have another revision than the release had.
func (p *Plan) readServices(ctx context.Context, observe deploy.Observer) error {
	a := p.project.Source.App
	var names []string
	for _, s := range a.Services {
		if _, ok := p.To.Services[s.Name]; ok {
			names = append(names, s.Name)
		} else {
			p.leave(s.Name, "it came after this release, and stays as it is")
		}
	}
	for _, name := range sorted(p.To.Services) {
		if _, ok := a.Service(name); !ok {
			p.leave(name, "it is no service of the file any more: "+p.byFile())
		}
	}
	found, err := p.project.PlanWork(ctx, deploy.Asks{Names: names, Done: "rolled back", Moving: true, Some: true, AfterDeath: true}, observe)
	if err != nil {
		return err
	}
	for _, name := range names {
		i := slices.Index(found.Names, name)
		if i < 0 {
			p.leave(name, "it is not deployed now: `berth up` deploys what the file says")
			continue
		}
		object := found.Objects()[i]
		was, moving := ecs.RevisionOf(object), object.State == engine.StatePending
		p.there = true
		if to := p.To.Services[name].TaskDefinition; was != to || moving {
			p.Changes = append(p.Changes, Change{Name: name, Kind: OfService, From: was, To: to, moving: moving})
		}
	}
	p.services = found.Only(p.has)
	return nil
}

// has says whether a service is among the changes.
func (p *Plan) has(name string) bool {
	return slices.ContainsFunc(p.Changes, func(c Change) bool { return c.Name == name && c.Kind == OfService })
}

// readSchedules finds the schedules that run another revision than in the release.
func (p *Plan) readSchedules(ctx context.Context) error {
	table, err := p.project.Outputs()
	if err != nil {
		return err
	}
	for _, j := range p.project.Source.App.JobsOn(app.OnSchedule) {
		was, ok := p.To.Jobs[j.Name]
		named, found := table.Job(j.Name)
		if !ok || !found {
			p.leave(j.Name, "it came after this release, and stays as it is")
			continue
		}
		seen, ok, err := p.hand().Read(ctx, named.Group, named.Schedule)
		if err != nil {
			return err
		}
		if !ok {
			p.leave(j.Name, "its schedule is not deployed now")
			continue
		}
		p.there = true
		if now := seen.TaskDefinition(); now != was.TaskDefinition {
			p.Changes = append(p.Changes, Change{Name: j.Name, Kind: OfSchedule, From: now, To: was.TaskDefinition, seen: seen})
		}
	}
	return nil
}

// compare finds the differences between the revisions, and what stands in the way.
func (p *Plan) compare(ctx context.Context) error {
	types := ecs.TaskDefinitions{API: p.project.Target.Clients.ECS, Region: p.project.Target.Identity.Region}
	blocks := make([][]string, len(p.Changes))
	err := concurrent.Each(p.Changes, func(i int, c Change) error {
		is, ok, err := types.Revision(ctx, c.To, ecs.TaskDefinition{})
		if err != nil {
			return err
		}
		if !ok || is.State != engine.StateReady {
			blocks[i] = []string{ecs.LastPart(c.To) + " is deregistered"}
			return nil
		}
		was, ok, err := types.Revision(ctx, c.From, ecs.TaskDefinition{})
		if err != nil {
			return err
		}
		if !ok { // somebody has deleted it; the tasks run on
			p.Changes[i].Differences = []string{ecs.LastPart(c.From) + ", which it has now, is deleted"}
			return nil
		}
		p.Changes[i].Differences = differences(was, is)
		if c.moving && len(p.Changes[i].Differences) == 0 {
			p.Changes[i].Differences = []string{"its deployment is under way and goes on"}
		}
		before, after := engine.ShownAs[ecs.TaskDefinition](was), engine.ShownAs[ecs.TaskDefinition](is)
		for _, what := range after.Needs(before) {
			blocks[i] = append(blocks[i], "it uses "+what+", which what runs now does not: a right to it may be gone")
		}
		if c.Kind == OfService {
			for _, what := range after.Missing(p.object(c.Name)) {
				blocks[i] = append(blocks[i], "it has no "+what+", to which the service leads now")
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	impossible := &ImpossibleError{Release: p.To.Number, remedy: p.byFile()}
	// What has the same content already has nothing to go back to.
	var kept []Change
	for i, c := range p.Changes {
		for _, what := range blocks[i] {
			impossible.Why = append(impossible.Why, c.Name+": "+what)
		}
		if len(c.Differences) > 0 || len(blocks[i]) > 0 {
			kept = append(kept, c)
		}
	}
	p.Changes, p.services = kept, p.services.Only(p.has)
	if len(impossible.Why) > 0 {
		return impossible
	}
	return nil
}

func (p *Plan) object(service string) engine.Object {
	if i := slices.Index(p.services.Names, service); i >= 0 {
		return p.services.Objects()[i]
	}
	return engine.Object{}
}

func (p *Plan) leave(name, why string) { p.Left = append(p.Left, Left{name, why}) }

func (p *Plan) hand() scheduler.Hand {
	c := p.project.Target.Clients
	return scheduler.Hand{API: c.Scheduler, ECS: c.ECS}
}

// byFile is how to deploy all of the release.
func (p *Plan) byFile() string {
	if p.To.Commit == "" {
		return "`berth up` with the files of that time deploys it"
	}
	return fmt.Sprintf("check out commit %.7s and run `berth up`", p.To.Commit)
}

// Images are the images by tag that the services would pull: a tag may hold something
// else now.
func (p *Plan) Images() []string {
	var out []string
	for _, c := range p.Changes {
		image := p.To.Services[c.Name].Image
		if c.Kind == OfSchedule {
			image = p.To.Jobs[c.Name].Image
		}
		if image != "" && !strings.Contains(image, "@") && !slices.Contains(out, image) {
			out = append(out, image)
		}
	}
	return out
}

// Services are the names and addresses of the services that go back.
func (p *Plan) Services() (names []string, addresses []engine.Address) {
	return p.services.Names, p.services.Addresses()
}
