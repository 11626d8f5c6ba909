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
	"github.com/berthdev/berth/internal/aws/call"
	"github.com/berthdev/berth/internal/aws/ecr"
	"github.com/berthdev/berth/internal/cloudflare"
	"github.com/berthdev/berth/internal/engine"
	"github.com/berthdev/berth/internal/images"
	"github.com/berthdev/berth/internal/project"
	"github.com/berthdev/berth/internal/run"
	"github.com/berthdev/berth/internal/sandbox"
	"github.com/berthdev/berth/internal/state"
)

// App reads a Compose text as `berth` would. It works outside of bubbles, and
// what it returns may be used in many of them at once.
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
	// The folder's name differs from test to test; a release remembers it.
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
	// InAccount has images built by CodeBuild.
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
	*run.Session
	bed *Bed
	// first is the index of the process's first call.
	first int
	began time.Time
}

// Start starts a process on a host of its own. It asks AWS who it is.
func (b *Bed) Start(ctx context.Context, a *app.App) (*Process, error) {
	return b.StartOn(ctx, a, fmt.Sprintf("host-%d", b.started.Add(1)))
}

// StartOn is Start on a named host. Processes of one host see each other end.
func (b *Bed) StartOn(ctx context.Context, a *app.App, host string) (*Process, error) {
	w := b.World
	clk := w.Clock()
	p := &Process{bed: b, first: len(w.Calls()), began: clk.Now()}
	gate := call.New(call.Options{Clock: clk, Rand: func() float64 { return 0.5 }})
	cfg := w.Config()
	gate.Attach(&cfg)
	clients := aws.NewClients(cfg)
	clients.Cloudflare = cloudflare.New(cloudflare.Options{
		Token: "bed", Transport: w.Cloudflare().Transport(), Guard: gate.Guard,
	})
	id, err := aws.WhoAmI(ctx, cfg, clients.STS, "")
	if err != nil {
		return nil, err
	}
	store := &state.Bucket{API: clients.S3, Account: id.Account, Region: id.Region, Partition: id.Partition, Clock: clk,
		Waiting: func(reason string) { p.Waits(reason) }}
	pid := int(b.started.Add(1))
	var nonces atomic.Int64
	nonce := func() string { return fmt.Sprintf("%08x%08x", pid, nonces.Add(1)) }
	reg, err := engine.NewRegistry(aws.Types(clients, aws.Place{
		Account: id.Account, Region: id.Region, Partition: id.Partition, Clock: clk, Random: plainRandom{},
		Builder: b.builder(clients, a, store, nonce),
	})...)
	if err != nil {
		return nil, err
	}
	p.Session = &run.Session{
		App: a, Clients: clients, Registry: reg, Gate: gate, Clock: clk,
		Account: id.Account, Region: id.Region, Partition: id.Partition, Who: id.ARN,
		Commit:   "0000000000000000000000000000000000000000",
		Releases: state.Releases{Store: store},
		Workers:  b.Workers,
		Contents: contents(a),
		Locker: &state.Locker{
			Store: store, Clock: clk, Me: state.Holder{Who: id.ARN, Host: host, Boot: "boot", PID: pid},
			Alive: func(int) bool { return false },
			Nonce: nonce,
		},
	}
	if b.InAccount {
		p.Builds = run.BuildsInAccount
	}
	return p, nil
}

// builder is who builds images.
func (b *Bed) builder(c *aws.Clients, a *app.App, store *state.Bucket, nonce func() string) ecr.Builder {
	clk := b.World.Clock()
	if !b.InAccount {
		return images.Sandbox{API: c.ECR, Clock: clk, Took: b.World.Takes(sandbox.ImageBuilt)}
	}
	return images.CodeBuild{
		API: c.CodeBuild, Logs: c.Logs, Uploads: store, Source: images.NewSource(a, nil), Clock: clk, Nonce: nonce,
	}
}

// contents reads what the app's images are built from.
func contents(a *app.App) func(context.Context) (map[string]string, error) {
	return func(ctx context.Context) (map[string]string, error) {
		c, err := images.Read(ctx, a)
		if err != nil {
			return nil, err
		}
		return c.Digests, nil
	}
}

// Do plans and executes, as `up` and `down` do after the question.
func (p *Process) Do(ctx context.Context, req run.Request) (*run.Prepared, *run.Outcome, error) {
	prepared, err := p.Prepare(ctx, req)
	if err != nil {
		return nil, nil, err
	}
	out, err := p.Execute(ctx, prepared)
	return prepared, out, err
}

// Figures are what one run cost.
type Figures struct {
	// Took is the modelled time from the start of the process to its end.
	Took time.Duration
	// Calls is all calls, Changing those that could change something, those
	// that keep the lock and the release left out.
	Calls, Changing int
	// Record is the calls themselves.
	Record []sandbox.Call
	// Plan is what was executed.
	Plan *engine.Plan
	// Outcome is nil if nothing was executed.
	Outcome *run.Outcome
}

// Up brings an app up in a process of its own.
func (b *Bed) Up(ctx context.Context, a *app.App) (Figures, error) {
	return b.Run(ctx, a, run.Request{})
}

// Down tears an app down in a process of its own.
func (b *Bed) Down(ctx context.Context, a *app.App) (Figures, error) {
	return b.Run(ctx, a, run.Request{Down: true, DeleteData: true})
}

// Run executes a request in a process of its own. With an error the figures
// tell of what was done until then.
func (b *Bed) Run(ctx context.Context, a *app.App, req run.Request) (Figures, error) {
	p, err := b.Start(ctx, a)
	if err != nil {
		return Figures{}, err
	}
	prepared, out, err := p.Do(ctx, req)
	f := p.figures()
	f.Outcome = out
	if prepared != nil {
		f.Plan = prepared.Plan
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

// plainRandom gives the same bytes to every process, so that worlds can be
// compared.
type plainRandom struct{}

func (plainRandom) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = byte(i + len(p))
	}
	return len(p), nil
}
