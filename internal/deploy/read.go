package deploy

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/berthdev/berth/internal/app"
	"github.com/berthdev/berth/internal/aws/elb"
	"github.com/berthdev/berth/internal/blueprint"
	"github.com/berthdev/berth/internal/engine"
	"github.com/berthdev/berth/internal/engine/memory"
)

// Found is what a plan is made from: what AWS has, and what it should have.
type Found struct {
	Graph    *engine.Graph
	Observed *engine.Observed
	Facts    blueprint.Facts
	// Missing are the secrets that the request needs and that do not exist.
	Missing []app.Need
	// Notices are about the secrets that are set, about things that the file gives
	// by id, and about the state.
	Notices []app.Notice

	// running are the revisions of task definitions that services run, where those
	// are not the latest ones.
	running map[engine.Address]engine.Object

	vpcs, gateways int // how many the account has; 0 if they were not counted
}

// reader reads AWS, after the locks were observed.
type reader struct {
	*session
	req   Request
	seen  sighting
	early early
	Found
}

// read lists what the owners have and makes the graph. What the file gives by
// id is checked meanwhile. Names do not depend on zones and ranges, so a first
// graph with made-up ones says what to list.
func read(ctx context.Context, s *session, req Request, images contents, seen sighting) (*Found, error) {
	s.begin(StageRead)
	r := &reader{session: s, req: req, seen: seen, Found: Found{Facts: s.project.draft()}}
	r.Facts.Images, r.Facts.BuildsInAccount = images.digests, s.project.builders.at == buildsInAccount
	if req.Down {
		return &r.Found, r.readToDelete(ctx)
	}
	return &r.Found, r.readToDeploy(ctx)
}

// readToDeploy reads for a plan that brings AWS to what the files say.
func (r *reader) readToDeploy(ctx context.Context) error {
	checks := checkExisting(ctx, r.session)
	defer checks.end()
	if err := r.gatherSecrets(ctx); err != nil && !r.forgives(err) {
		return err
	}
	var err error
	if r.Facts.Names.Zones, err = r.hosts().Zones(ctx, r.seen.notes()); err != nil && !r.forgives(err) {
		return err
	}
	draft, err := blueprint.Build(r.app, r.Facts)
	if err != nil {
		return err
	}
	if err := r.readObserved(ctx, draft); err != nil {
		return err
	}
	if err := r.endChecks(checks); err != nil && !r.forgives(err) {
		return err
	}
	if err := r.gatherNetwork(ctx); err != nil && !r.forgives(err) {
		return err
	}
	r.Facts.Names, err = r.hosts().Facts(ctx, r.Facts.Names.Zones, r.Observed, elb.Routes(r.Observed.Memory, r.id.Region))
	if err != nil && !r.forgives(err) {
		return err
	}
	r.keepBuildProject()
	if r.Graph, err = blueprint.Build(r.app, r.Facts); err != nil {
		return err
	}
	r.running = r.readRunning(ctx)
	return nil
}

// endChecks waits for the checks of what the file names by id. What cannot be
// used, and the secrets that are missing, are one error with every place in the
// file.
func (r *reader) endChecks(checks *existingChecks) error {
	problems, err := checks.wait(&r.Found)
	if err != nil {
		return err
	}
	if len(r.Missing) == 0 || r.req.ReadOnly {
		return problems.Err()
	}
	missing := &MissingSecretsError{Needs: r.Missing, Env: r.app.Env}
	if len(problems.List) == 0 {
		return missing
	}
	for _, n := range r.Missing {
		one := []app.Need{n}
		problems.Add(app.Problem{
			At:   app.ParsePosition(n.Where),
			What: strings.TrimPrefix(MissingText(n), n.Where+": "), Remedy: MissingRemedy(one, r.app.Env),
		})
	}
	return problems.Err()
}

// readToDelete reads for a plan that tears down: nothing is to be there.
func (r *reader) readToDelete(ctx context.Context) error {
	draft, err := blueprint.Build(r.app, r.Facts)
	if err != nil {
		return err
	}
	addSecrets := r.secretsToLeave(ctx)
	if err := r.readObserved(ctx, draft); err != nil {
		_ = addSecrets() // it must not go on reading
		return err
	}
	r.Graph = engine.NewGraph()
	return addSecrets()
}

// readObserved lists what the owners have; nothing if there can be nothing.
func (r *reader) readObserved(ctx context.Context, draft *engine.Graph) error {
	if r.fresh(ctx) {
		r.Observed = engine.NewObserved(r.owners()...)
		r.tellMemory(r.Observed.Memory)
		elb.NothingYet(r.Observed.Memory, r.id.Region)
		return nil
	}
	if err := r.list(ctx, draft); err != nil {
		return fmt.Errorf("reading what is deployed: %w", err)
	}
	return nil
}

// tellMemory fills the memory of a reading with the notes of earlier runs.
func (r *reader) tellMemory(m *memory.Memory) { r.hosts().Remember(m, r.seen.notes()) }

// forgives reports whether the run goes on although a reading was refused.
func (r *reader) forgives(err error) bool {
	return r.req.Lenient && engine.ClassOf(err) == engine.Denied
}

// fresh reports whether the owners have nothing yet, so that no type needs listing.
// Without a lock record no run has ever changed anything; AWS's index of tags
// confirms that the record was not merely lost with the bucket.
func (r *reader) fresh(ctx context.Context) bool {
	if !r.seen.none() {
		return false
	}
	wait := r.readEarly(ctx)
	defer wait()
	// Without this permission, the listing that follows answers the question.
	owns, err := r.clients.OwnsAnything(ctx, r.owners())
	return err == nil && !owns
}

// list reads what the owners have, and reads it again if AWS's lists were behind.
func (r *reader) list(ctx context.Context, draft *engine.Graph) error {
	adopt, err := r.adopted(r.req)
	if err != nil {
		return err
	}
	opts := engine.ReadOptions{
		Deep: r.req.Deep, Whole: r.req.Deep || r.req.Down || r.seen.unclean(), Emit: r.progress,
		Pass: r.passes(ctx, draft), MadeUp: []string{"cidr", "zone"}, // see read
		Adopt: adopt, Tell: r.tellMemory,
	}
	r.Observed, err = engine.Read(ctx, r.registry, draft, r.owners(), opts)
	if err != nil {
		return err
	}
	rest := r.behind()
	if rest <= 0 {
		return nil
	}
	r.waits(fmt.Sprintf("AWS's lists do not show all changes of the last run yet; reading them again in %s", rest.Round(time.Second)))
	if err := r.clock.Sleep(ctx, rest); err != nil {
		return err
	}
	r.Observed, err = engine.Read(ctx, r.registry, draft, r.owners(), opts)
	return err
}

// keepBuildProject keeps what builds in the account need when another machine
// has made it, so that two machines do not undo each other's work.
func (r *reader) keepBuildProject() {
	if r.project.builders.at != buildsHereOrThere {
		return
	}
	if _, there := r.Observed.Object(blueprint.BuildProject(r.stack())); there {
		r.Facts.BuildsInAccount = true
	}
}

// behind is how long AWS's lists may still be behind the last run, judged by what
// they show: zero if they show everything that it made and nothing that it deleted.
// Only objects that berth can find by the list alone count; any other is found when
// it is made again.
func (r *reader) behind() time.Duration {
	var rest time.Duration
	for _, seen := range r.seen {
		for _, c := range seen.Record.Changes {
			typ, ok := r.registry.Lookup(c.Type)
			if !ok || c.New || !c.Gone && typ.Spec().Identity != engine.ByTag {
				continue
			}
			there := slices.ContainsFunc(r.Observed.Objects(c.Type), func(l engine.Object) bool {
				return l.ID == c.ID && l.State != engine.StateDeleting
			})
			if there == c.Gone {
				rest = max(rest, seen.Rest(c))
			}
		}
	}
	return rest
}
