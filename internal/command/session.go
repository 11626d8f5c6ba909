package command

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"

	"github.com/berthdev/berth/internal/app"
	"github.com/berthdev/berth/internal/aws"
	"github.com/berthdev/berth/internal/aws/gate"
	"github.com/berthdev/berth/internal/blueprint"
	"github.com/berthdev/berth/internal/clock"
	"github.com/berthdev/berth/internal/cloudflare"
	"github.com/berthdev/berth/internal/engine"
	"github.com/berthdev/berth/internal/progress"
	"github.com/berthdev/berth/internal/project"
	"github.com/berthdev/berth/internal/run"
	"github.com/berthdev/berth/internal/sandbox"
	"github.com/berthdev/berth/internal/state"
)

// session is an open project in an account, and what closes it.
type session struct {
	*run.Session
	identity aws.Identity
	project  *project.Project
	notices  []app.Notice
	world    *sandbox.World // nil on AWS
	path     string         // of the sandbox's file
}

// load reads the Compose files and says what they mean.
func (g *globals) load(ctx context.Context) (*project.Project, *app.App, []app.Notice, error) {
	p, err := project.Load(ctx, project.Options{
		Dir: g.dir, Files: g.files, EnvFiles: g.envFiles, Name: g.project,
		Environment: g.env, Profiles: g.profiles, Env: os.Environ(),
	})
	if err != nil {
		return nil, nil, nil, app.WithRefusals(err)
	}
	a, notices, err := app.From(p, app.Options{Region: g.region})
	if err != nil {
		return nil, nil, nil, err
	}
	return p, a, append(notices, blueprint.Notices(a)...), nil
}

// open loads the project and connects to AWS or to the sandbox.
func (g *globals) open(ctx context.Context) (*session, error) {
	p, a, notices, err := g.load(ctx)
	if err != nil {
		return nil, err
	}
	s := &session{project: p, notices: notices, Session: &run.Session{App: a, Commit: p.Git.Commit, Dirty: p.Git.Dirty}}
	if g.sandbox {
		err = g.openSandbox(s)
	} else {
		err = g.openAWS(ctx, s)
	}
	if err != nil {
		return nil, err
	}
	id := s.identity
	s.Account, s.Region, s.Partition, s.Who = id.Account, id.Region, id.Partition, id.ARN
	builder, err := g.builds(ctx, s)
	if err != nil {
		return nil, err
	}
	s.Registry, err = engine.NewRegistry(aws.Types(s.Clients, aws.Place{
		Account: id.Account, Region: id.Region, Partition: id.Partition, Clock: s.Clock, Builder: builder,
	})...)
	if err != nil {
		return nil, err
	}
	var store state.Store = &state.Bucket{
		API: s.Clients.S3, Account: id.Account, Region: id.Region, Partition: id.Partition,
		Clock: s.Clock,
	}
	if g.sandbox {
		store = &state.Folder{Path: filepath.Join(p.Dir, app.Folder, "state"), Clock: s.Clock}
	}
	me := state.ThisHost()
	if id.ARN != "" {
		me.Who = id.ARN
	}
	s.Releases = state.Releases{Store: store}
	s.Locker = &state.Locker{
		Store: store, Clock: s.Clock, Me: me, Alive: state.ProcessAlive, Nonce: nonce,
	}
	early, dropped := g.earlyEvent(), g.dropped()
	s.Emit = func(e engine.Event) { early(e); dropped(e) }
	return s, nil
}

func (g *globals) openAWS(ctx context.Context, s *session) error {
	s.Clock, s.Resolver = clock.Wall{}, &publicDNS{}
	region := g.region
	if region == "" {
		region = s.App.Region
	}
	cfg, err := aws.LoadConfig(ctx, g.awsProfile, region, gate.New(gate.Options{Clock: s.Clock, Observe: g.observer()}))
	if err != nil {
		return err
	}
	s.Clients = aws.NewClients(cfg)
	s.Clients.Cloudflare = cloudflare.New(cloudflare.Options{
		Token: os.Getenv(cloudflare.KeyVariable), Account: os.Getenv(cloudflare.AccountVariable),
		BaseURL: os.Getenv(cloudflare.URLVariable), Guard: gate.Guard,
	})
	if role := s.App.Settings.DNSRole.Value; role != "" {
		s.Clients.UseDNSRole(cfg, role)
	}
	s.identity, err = aws.WhoAmI(ctx, cfg, s.Clients.STS, g.awsProfile)
	return err
}

// observer prints every call for --debug: names and results, never contents.
func (g *globals) observer() func(gate.Attempt) {
	if !g.debug {
		return nil
	}
	return func(a gate.Attempt) {
		result := "ok"
		if a.Err != nil {
			result = gate.Text(a.Err)
		}
		g.say("call %s %s #%d waited %s took %s: %s", a.Service, a.Operation, a.Number,
			a.Waited.Round(1e6), a.Took.Round(1e6), result)
	}
}

// dropped prints for --debug how many objects were listed that are not berth's
// to touch; nil without it.
func (g *globals) dropped() func(engine.Event) {
	return func(e engine.Event) {
		if g.debug && e.Kind == engine.Reading && e.Detail != "" {
			g.say("list %s: %s", e.Address.Type, e.Detail)
		}
	}
}

func nonce() string {
	var b [8]byte
	_, _ = rand.Read(b[:]) // never fails, says crypto/rand
	return hex.EncodeToString(b[:])
}

// header says where a change is about to happen.
func (s *session) header() string {
	where := fmt.Sprintf("account %s, region %s, environment %s", s.Account, s.Region, s.App.Env)
	if s.world != nil {
		where = fmt.Sprintf("sandbox (a modelled AWS), region %s, environment %s", s.Region, s.App.Env)
	}
	if s.world == nil {
		for _, e := range s.Clients.Endpoints() {
			where += ", at " + e + " and not at AWS"
		}
	}
	return fmt.Sprintf("%s: %s", s.App.Name, where)
}

// earlyEvent shows what a run waits for before its actions begin: in words, or
// as the JSON lines of its progress.
func (g *globals) earlyEvent() func(engine.Event) {
	lines := progress.New(progress.Options{Out: g.streams.Err, Mode: progress.JSON})
	return func(e engine.Event) {
		switch {
		case e.Kind != engine.Waiting:
		case g.json:
			lines.Event(e)
		default:
			g.say("%s", e.Detail)
		}
	}
}
