package command

import (
	"context"
	"fmt"
	"os"

	"github.com/berthdev/berth/internal/aws"
	"github.com/berthdev/berth/internal/aws/gate"
	"github.com/berthdev/berth/internal/clock"
	"github.com/berthdev/berth/internal/cloudflare"
	"github.com/berthdev/berth/internal/deploy"
	"github.com/berthdev/berth/internal/images"
	"github.com/berthdev/berth/internal/sandbox"
)

// opener opens the project and the target that the flags name.
type opener struct {
	*console
	source *sourceOptions
	target *targetOptions
}

// session is an open project, with its sandbox if it is in one.
type session struct {
	*deploy.Project
	world *sandbox.World // nil on AWS
	path  string         // of the sandbox's file
}

// open loads the project and connects to AWS or to the sandbox.
func (o *opener) open(ctx context.Context) (*session, error) {
	source, err := o.source.load(ctx)
	if err != nil {
		return nil, err
	}
	s := &session{}
	var target deploy.Target
	if o.target.sandbox {
		target, err = o.target.modelled(s, source, o.attempts())
	} else {
		target, err = o.target.amazon(ctx, source, o.attempts())
	}
	if err != nil {
		return nil, err
	}
	target.Where = images.Where(o.target.builder)
	s.Project, err = deploy.Open(ctx, source, target)
	return s, err
}

// amazon is the account and region on AWS that the project is deployed to.
func (o *targetOptions) amazon(ctx context.Context, source deploy.Source, observe func(gate.Attempt)) (deploy.Target, error) {
	target := deploy.Target{Clock: clock.Wall{}, Resolver: &publicDNS{}}
	calls := gate.New(gate.Options{Clock: target.Clock, Observe: observe})
	cfg, err := aws.LoadConfig(ctx, o.awsProfile, source.App.Region, calls)
	if err != nil {
		return target, err
	}
	if err := checkRegion(cfg.Region); err != nil {
		return target, err
	}
	target.Clients = aws.NewClients(cfg)
	target.Clients.Cloudflare = cloudflare.New(cloudflare.Options{
		Token: os.Getenv(cloudflare.KeyVariable), Account: os.Getenv(cloudflare.AccountVariable),
		BaseURL: os.Getenv(cloudflare.URLVariable), Guard: gate.Guard,
	})
	if role := source.App.Settings.DNSRole.Value; role != "" {
		target.Clients.UseDNSRole(cfg, role)
	}
	target.Identity, err = aws.WhoAmI(ctx, cfg, target.Clients.STS, o.awsProfile)
	return target, err
}

// header says where a change is about to happen.
func (s *session) header() string {
	id, env := s.Target.Identity, s.Source.App.Env
	where := fmt.Sprintf("account %s, region %s, environment %s", id.Account, id.Region, env)
	if s.world != nil {
		where = fmt.Sprintf("sandbox (a modelled AWS), region %s, environment %s", id.Region, env)
	} else {
		for _, e := range s.Target.Clients.Endpoints() {
			where += ", at " + e + ", not at AWS"
		}
	}
	return fmt.Sprintf("%s: %s", s.Source.App.Name, where)
}
