package deploy

import (
	"context"
	"time"

	"github.com/berthdev/berth/internal/app"
	"github.com/berthdev/berth/internal/engine"
	"github.com/berthdev/berth/internal/state"
)

// Plan is what Apply would do, with what it was made from. Nothing is locked
// yet.
type Plan struct {
	*engine.Plan
	Found
	Request Request
	// Claim says which source the stack belongs to.
	Claim Claim
	// Elsewhere says that the stack is new here, and exists in other environments;
	// nil if that is not so.
	Elsewhere *Elsewhere
	// KeepsEnvironment says why a teardown leaves the environment.
	KeepsEnvironment string
	// Unsafe are the Notices that say how the state's bucket is less safe than
	// berth made it, each with the command that sets it back.
	Unsafe []string
	// Unread is what is wrong with the builds' files, which only a ReadOnly
	// request goes on with.
	Unread *app.Problems

	session *session
	seen    sighting
}

// Plan observes the locks, reads AWS and plans. It changes nothing.
func (p *Project) Plan(ctx context.Context, req Request, observe Observer) (*Plan, error) {
	s, err := p.newSession(observe)
	if err != nil {
		return nil, err
	}
	return s.plan(ctx, req)
}

// plan runs the stages that end with a plan.
func (s *session) plan(ctx context.Context, req Request) (*Plan, error) {
	ctx = state.TellWaits(ctx, s.waits)
	images, err := readContents(ctx, s, req)
	if err != nil {
		return nil, err
	}
	seen, err := observe(ctx, s, req.ReadOnly)
	if err != nil {
		return nil, err
	}
	others := lookElsewhere(ctx, s, seen, req)
	found, err := read(ctx, s, req, images, seen)
	elsewhere := others()
	if err != nil {
		return nil, err
	}
	claim, err := findClaim(ctx, s, seen, found)
	if err != nil {
		return nil, err
	}
	p := &Plan{Found: *found, Request: req, Claim: claim, Elsewhere: elsewhere, Unread: images.unread, session: s, seen: seen}
	if err := decide(ctx, p); err != nil {
		return nil, err
	}
	p.Notices = append(p.Notices, pausedNotices(p)...)
	s.tell(Noticed{StageDecide, p.Notices})
	return p, nil
}

// idle reports whether there is nothing to do, not even to end a run that died.
func (p *Plan) idle() bool { return p.Empty() && !p.seen.unclean() && !p.changesHands() }

// Deadline returns how long the execution may take, and why: what was asked for,
// or what the plan's slowest step and its slowest rollout make of it. why is empty for the
// usual time.
func (p *Plan) Deadline() (d time.Duration, why string) {
	if p.Request.Timeout > 0 {
		return p.Request.Timeout, "--timeout"
	}
	d, why = p.Plan.Deadline()
	if slowest, takes := slowestRollout(p); takes > 0 {
		return d + takes, "the rollout of " + slowest
	}
	return d, why
}

// Types returns the resource types that the plan was made with.
func (p *Plan) Types() *engine.Registry { return p.session.registry }

// Objects are the objects at the addresses of the graph as they are before
// anything is done.
func (p *Plan) Objects() map[engine.Address]engine.Object {
	objects := map[engine.Address]engine.Object{}
	for _, n := range p.Graph.Nodes() {
		if l, ok := p.Observed.Object(n.Address); ok {
			objects[n.Address] = l
		}
	}
	return objects
}
