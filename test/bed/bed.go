package bed

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"github.com/berthdev/berth/internal/app"
	"github.com/berthdev/berth/internal/aws"
	"github.com/berthdev/berth/internal/aws/ecr"
	"github.com/berthdev/berth/internal/aws/gate"
	"github.com/berthdev/berth/internal/clock"
	"github.com/berthdev/berth/internal/cloudflare"
	"github.com/berthdev/berth/internal/deploy"
	"github.com/berthdev/berth/internal/engine"
	"github.com/berthdev/berth/internal/images"
	"github.com/berthdev/berth/internal/project"
	"github.com/berthdev/berth/internal/sandbox"
	"github.com/berthdev/berth/internal/state"
)

// App reads a Compose text as `berth` would. Call it outside of bubbles; its
// result may be used in many of them at once.
func App(t *testing.T, compose string) *app.App {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "compose.yaml"), []byte(compose), 0o600); err != nil {
		t.Fatal(err)
	}
	p, err := project.Load(t.Context(), project.Options{Dir: dir, Env: []string{}})
	if err != nil {
		t.Fatal(err)
	}
	// The folder's name differs between tests, and a release records it.
	a, _, err := app.From(p, app.Options{})
	if err != nil {
		t.Fatal(err)
	}
	a.Source.Remote, a.Source.Path = "https://example.com/shop.git", "compose.yaml"
	return a
}

// Bed is one account in one region.
type Bed struct {
	World *sandbox.World
	// Workers bounds the calls under way at once; 0 is the engine's default.
	Workers int
	// InAccount says that CodeBuild builds images.
	InAccount bool

	started atomic.Int64
}

// New is a bed over a new world.
func New(t *testing.T, opt sandbox.Options) *Bed {
	t.Helper()
	w, err := sandbox.New(opt)
	if err != nil {
		t.Fatal(err)
	}
	return &Bed{World: w}
}

// Process is one start of berth.
type Process struct {
	*deploy.Project
	// Clients are the process's clients, Region is their region, Clock is the
	// bed's.
	Clients *aws.Clients
	Region  string
	Clock   clock.Clock
	// Observe receives the events of Plan and Apply; it may be nil.
	Observe deploy.Observer

	bed *Bed
	// first is the index of the process's first call.
	first int
	began time.Time
}

// Start starts a process on its own host. The process asks AWS who it is.
func (b *Bed) Start(ctx context.Context, a *app.App) (*Process, error) {
	return b.StartOn(ctx, a, fmt.Sprintf("host-%d", b.started.Add(1)))
}

// StartOn is Start on a named host. Processes on one host notice when another
// one ends.
func (b *Bed) StartOn(ctx context.Context, a *app.App, host string) (*Process, error) {
	p := &Process{bed: b, first: len(b.World.Calls()), began: b.World.Clock().Now()}
	target, err := b.TargetOn(ctx, host)
	if err != nil {
		return nil, err
	}
	p.Clients, p.Region, p.Clock = target.Clients, target.Identity.Region, target.Clock
	source := deploy.Source{App: a, Commit: "0000000000000000000000000000000000000000"}
	p.Project, err = deploy.Open(ctx, source, target)
	return p, err
}

// TargetOn returns the bed as a process on a host sees it.
func (b *Bed) TargetOn(ctx context.Context, host string) (deploy.Target, error) {
	w := b.World
	clk := w.Clock()
	cfg := w.Config()
	gate.New(gate.Options{Clock: clk, Rand: func() float64 { return 0.5 }}).Attach(&cfg)
	clients := aws.NewClients(cfg)
	clients.Cloudflare = cloudflare.New(cloudflare.Options{
		Token: "bed", Transport: w.Cloudflare().Transport(), Guard: gate.Guard,
	})
	id, err := aws.WhoAmI(ctx, cfg, clients.STS, "")
	if err != nil {
		return deploy.Target{}, err
	}
	pid := int(b.started.Add(1))
	var nonces atomic.Int64
	target := deploy.Target{
		Identity: id, Clients: clients, Clock: clk, Workers: b.Workers, Random: plainRandom{},
		Holder: state.Holder{Who: id.ARN, Host: host, Boot: "boot", PID: pid},
		Alive:  func(int) bool { return false },
		Nonce:  func() string { return fmt.Sprintf("%08x%08x", pid, nonces.Add(1)) },
		Where:  images.Local, Sessions: w.Sessions.Client(),
		Engine: func(*images.Source) ecr.Builder {
			return images.Sandbox{API: clients.ECR, Clock: clk, Took: w.Takes(sandbox.ImageBuilt)}
		},
	}
	if b.InAccount {
		target.Where = images.InAccount
	}
	return target, nil
}

// Plan plans, with events for Observe.
func (p *Process) Plan(ctx context.Context, req deploy.Request) (*deploy.Plan, error) {
	return p.Project.Plan(ctx, req, p.Observe)
}

// Apply applies a plan, with events for Observe.
func (p *Process) Apply(ctx context.Context, plan *deploy.Plan) (*deploy.Outcome, error) {
	return p.Project.Apply(ctx, plan, p.Observe)
}

// Do plans and applies, as `up` and `down` do once the user has agreed.
func (p *Process) Do(ctx context.Context, req deploy.Request) (*deploy.Plan, *deploy.Outcome, error) {
	plan, err := p.Plan(ctx, req)
	if err != nil {
		return nil, nil, err
	}
	out, err := p.Apply(ctx, plan)
	return plan, out, err
}

// Events passes the engine's events on, as an Observer.
func Events(emit func(engine.Event)) deploy.Observer {
	return func(e deploy.Event) {
		switch e := e.(type) {
		case deploy.Progress:
			emit(e.Event)
		case deploy.Waiting:
			emit(engine.Event{Time: e.Time, Kind: engine.Waiting, Detail: e.Reason})
		}
	}
}

// Figures are the cost of one run.
type Figures struct {
	// Took is the modelled time from the start of the process to its end.
	Took time.Duration
	// Calls is the number of all calls, Changing of those that could change
	// something, without those for the lock and the release.
	Calls, Changing int
	// Record has the calls themselves.
	Record []sandbox.Call
	// Plan is the plan that was applied.
	Plan *engine.Plan
	// Outcome is nil if nothing was applied.
	Outcome *deploy.Outcome
}

// Up brings an app up in a separate process.
func (b *Bed) Up(ctx context.Context, a *app.App) (Figures, error) {
	return b.Run(ctx, a, deploy.Request{})
}

// Down tears an app down in a separate process.
func (b *Bed) Down(ctx context.Context, a *app.App) (Figures, error) {
	return b.Run(ctx, a, deploy.Request{Down: true, DeleteData: true})
}

// Run executes a request in a separate process. With an error, the figures
// cover what was done until then.
func (b *Bed) Run(ctx context.Context, a *app.App, req deploy.Request) (Figures, error) {
	p, err := b.Start(ctx, a)
	if err != nil {
		return Figures{}, err
	}
	plan, out, err := p.Do(ctx, req)
	f := p.figures()
	f.Outcome = out
	if plan != nil {
		f.Plan = plan.Plan
	}
	return f, err
}

func (p *Process) figures() Figures {
	f := Figures{Took: p.Clock.Now().Sub(p.began), Record: p.bed.World.Calls()[p.first:]}
	f.Calls = len(f.Record)
	for _, c := range f.Record {
		if c.Mutating && c.Service != "S3" {
			f.Changing++
		}
	}
	return f
}

// plainRandom returns the same bytes in every process, so that worlds can be
// compared.
type plainRandom struct{}

func (plainRandom) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = byte(i + len(p))
	}
	return len(p), nil
}
