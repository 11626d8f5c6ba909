package run

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/berthdev/berth/internal/app"
	"github.com/berthdev/berth/internal/aws"
	"github.com/berthdev/berth/internal/aws/cloudmap"
	"github.com/berthdev/berth/internal/aws/elb"
	"github.com/berthdev/berth/internal/blueprint"
	"github.com/berthdev/berth/internal/engine"
	"github.com/berthdev/berth/internal/hosts"
	"github.com/berthdev/berth/internal/state"
)

// Prepared is a plan with what it was made from. Nothing is locked yet.
type Prepared struct {
	Request Request
	Plan    *engine.Plan
	Graph   *engine.Graph
	World   *engine.Observed
	Facts   blueprint.Facts
	// Seen are the locks as they were before the world was read.
	Seen map[engine.Owner]state.Seen
	// Claim says whose the stack is.
	Claim Claim
	// KeepsEnvironment says why a teardown leaves the environment.
	KeepsEnvironment string
	// Missing are the secrets that the request needs and that do not exist;
	// Notices tell what depended on which secrets are set, and of the things that
	// the file gives by id.
	Missing []app.Need
	Notices []app.Notice
	// Unsafe are the Notices that say how the state's bucket is less safe than
	// berth made it, each with the command that sets it back.
	Unsafe []string
	// Unread is what is wrong with the builds' files, which only a ReadOnly
	// request goes on with.
	Unread *app.Problems

	haveVPCs int // 0 if they were not counted
	early    early
}

// unclean says that the last run of an owner died with the lock.
func (p *Prepared) unclean() bool {
	for _, seen := range p.Seen {
		if seen.Unclean {
			return true
		}
	}
	return false
}

// forgives says whether a refused reading is no reason to end.
func (p *Prepared) forgives(err error) bool {
	return p.Request.Lenient && engine.ClassOf(err) == engine.Denied
}

// died are the owners whose last run died, or failed and may not know all that
// it did.
func (p *Prepared) died() map[engine.Owner]bool {
	out := map[engine.Owner]bool{}
	for o, seen := range p.Seen {
		out[o] = seen.Unclean || seen.Record.Unsettled
	}
	return out
}

// Prepare observes the locks, reads AWS and plans. It changes nothing. The
// locks are read first: Execute takes them only if nobody has held them since,
// so the plan needs no second reading.
func (s *Session) Prepare(ctx context.Context, req Request) (*Prepared, error) {
	p := &Prepared{Request: req, Seen: map[engine.Owner]state.Seen{}}
	if err := s.readContents(ctx, p); err != nil {
		return nil, err
	}
	if err := s.observe(ctx, p); err != nil {
		return nil, err
	}
	if err := s.read(ctx, p); err != nil {
		return nil, err
	}
	if err := s.claim(ctx, p); err != nil {
		return nil, err
	}
	opts, err := s.planOptions(ctx, p)
	if err != nil {
		return nil, err
	}
	p.Plan, err = engine.MakePlan(p.Graph, p.World, s.Registry, opts)
	if err != nil {
		return nil, err
	}
	s.checkState(ctx, p)
	if err := hosts.CheckNames(s.App, p.Plan); err != nil {
		return p, err
	}
	return p, s.Hosts().CheckRecords(ctx, p.Plan, p.Graph, p.World, req.Adopt)
}

// observe reads the locks of both owners side by side.
func (s *Session) observe(ctx context.Context, p *Prepared) error {
	type result struct {
		seen state.Seen
		err  error
	}
	results := make(chan result)
	for _, o := range s.owners() {
		go func() {
			look := s.Locker.Observe
			if p.Request.ReadOnly {
				look = s.Locker.Peek
			}
			var r result
			r.err = engine.Safely(func() (err error) {
				r.seen, err = look(ctx, o)
				return err
			})
			r.seen.Owner = o
			results <- r
		}()
	}
	var errs []error
	for range s.owners() {
		r := <-results
		p.Seen[r.seen.Owner] = r.seen
		errs = append(errs, r.err)
	}
	return errors.Join(errs...)
}

// read lists what the owners have and makes the graph. What the file gives by
// id is checked meanwhile. Names do not depend on
// zones and ranges, so a first graph with made-up ones says what to list.
func (s *Session) read(ctx context.Context, p *Prepared) error {
	p.Facts = blueprint.Facts{
		Account: s.Account, Region: s.Region, Partition: s.Partition, Images: p.Facts.Images, BuildsInAccount: s.Builds == BuildsInAccount,
		Zones: []string{s.Region + "a", s.Region + "b", s.Region + "c"}, CIDR: "10.0.0.0/16",
	}
	checks := s.beginExisting(ctx, p)
	defer checks.end()
	if err := s.gatherSecrets(ctx, p); err != nil && !p.forgives(err) {
		return err
	}
	if !p.Request.Down {
		var err error
		if p.Facts.Names.Zones, err = s.Hosts().Zones(ctx, p.notes()); err != nil && !p.forgives(err) {
			return err
		}
	}
	draft, err := blueprint.Build(s.App, p.Facts)
	if err != nil {
		return err
	}
	addSecrets := func() error { return nil }
	if p.Request.Down {
		addSecrets = s.secretsToLeave(ctx, p)
	}
	if s.fresh(ctx, p) {
		p.World = engine.NewObserved(s.owners()...)
		s.Hosts().Remember(p.World.Memory, p.notes())
		elb.NothingYet(p.World.Memory, s.Region)
	} else if err := s.list(ctx, p, draft); err != nil {
		_ = addSecrets() // it must not go on reading
		return fmt.Errorf("reading what is deployed: %w", err)
	}
	if p.Request.Down {
		p.Graph = engine.NewGraph()
		return addSecrets()
	}
	if err := s.endExisting(p, checks); err != nil && !p.forgives(err) {
		return err
	}
	if err := s.gatherFacts(ctx, p); err != nil && !p.forgives(err) {
		return err
	}
	p.Facts.Names, err = s.Hosts().Facts(ctx, p.Facts.Names.Zones, p.World, elb.Routes(p.World.Memory, s.Region))
	if err != nil && !p.forgives(err) {
		return err
	}
	s.keepBuildProject(p)
	p.Graph, err = blueprint.Build(s.App, p.Facts)
	return err
}

// fresh says whether the owners have nothing yet, so that listing every type
// would be in vain. Without a lock record no run has ever changed anything;
// that the bucket was not lost is confirmed by the tags.
func (s *Session) fresh(ctx context.Context, p *Prepared) bool {
	for _, seen := range p.Seen {
		if seen.Exists {
			return false
		}
	}
	wait := s.readEarly(ctx, p)
	defer wait()
	// Without the permission to ask, the listing that follows tells as well.
	owns, err := s.Clients.OwnsAnything(ctx, s.owners())
	if err != nil || owns {
		return false
	}
	return true
}

func (s *Session) planOptions(ctx context.Context, p *Prepared) (engine.PlanOptions, error) {
	req := p.Request
	opts := engine.PlanOptions{
		RemoveOrphans: true, KeepOrphans: s.keepOrphans(p),
		DeleteData: req.DeleteData, ShowValues: req.ShowValues, DeleteDuplicates: req.DeleteDuplicates, Traces: p.died(), Untag: aws.Untag,
		Now: s.Clock.Now(), Settling: p.isNew,
	}
	var err error
	if opts.Adopt, err = s.adopted(p); err != nil {
		return opts, err
	}
	if req.Down {
		opts.Destroy = []engine.Owner{s.Stack()}
		others, err := s.otherStacks(ctx, p.World)
		if err != nil {
			return opts, err
		}
		switch {
		case len(others) > 0:
			p.KeepsEnvironment = "used by " + join(others)
		case s.App.Shared:
			p.KeepsEnvironment = "shared"
		default:
			opts.Destroy = append(opts.Destroy, s.Environment())
		}
	}
	opts.Targets, err = s.targets(req.Services)
	return opts, err
}

// adopted are the addresses whose objects the user takes over.
func (s *Session) adopted(p *Prepared) (map[engine.Address]bool, error) {
	out := map[engine.Address]bool{}
	for _, text := range p.Request.Adopt {
		for _, o := range s.owners() {
			a, err := engine.ParseAddress(o, text)
			if err != nil {
				return nil, err
			}
			out[a] = true
		}
	}
	return out, nil
}

// otherStacks are the projects, besides this one, with security groups in the
// environment's VPC: every stack has at least one. In a given VPC there may be
// several environments.
func (s *Session) otherStacks(ctx context.Context, w *engine.Observed) ([]string, error) {
	id := s.App.Settings.VPC.Value
	if vpc, ok := s.vpc(w); ok {
		id = vpc.ID
	}
	if id == "" {
		return nil, nil
	}
	marks, err := s.Clients.OwnersIn(ctx, id)
	if err != nil {
		return nil, fmt.Errorf("looking for other projects in the environment: %w", err)
	}
	var others []string
	for _, mark := range marks {
		o, err := engine.ParseOwner(mark)
		if err == nil && !o.IsEnvironment() && o.Environment == s.App.Environment && o != s.Stack() {
			others = append(others, o.Project)
		}
	}
	slices.Sort(others)
	return slices.Compact(others), nil
}

// targets are the addresses of the services and jobs of these names.
func (s *Session) targets(names []string) ([]engine.Address, error) {
	var out []engine.Address
	for _, name := range names {
		if d, ok := s.App.Database(name); ok {
			out = append(out, blueprint.Database(s.App, d))
			for _, n := range append([]string{name}, d.Aliases...) {
				out = append(out, engine.Address{Owner: s.Stack(), Type: cloudmap.Instance{}.Type(), Name: n})
			}
			continue
		}
		typ := ""
		if _, ok := s.App.Service(name); ok {
			typ = "ecs.service"
		} else if _, ok := s.App.Job(name); ok {
			typ = "ecs.job"
		}
		if typ == "" {
			return nil, &UnknownServiceError{Name: name, Known: s.serviceNames()}
		}
		out = append(out, engine.Address{Owner: s.Stack(), Type: typ, Name: name})
	}
	return out, nil
}

func (s *Session) serviceNames() []string {
	var names []string
	for _, w := range s.App.Workloads() {
		names = append(names, w.Name)
	}
	for _, d := range s.App.Databases {
		names = append(names, d.Name)
	}
	slices.Sort(names)
	return names
}

func join(list []string) string { return strings.Join(list, ", ") }
