package cli

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

// Opener opens the project and the target that the flags name.
type Opener struct {
	*Console
	Source *SourceOptions
	Target *TargetOptions
}

// Session is an open project, with its sandbox if it is in one.
type Session struct {
	*deploy.Project
	World *sandbox.World // nil on AWS
	path  string         // of the sandbox's file
}

// Open loads the project and connects to AWS or to the sandbox.
func (o *Opener) Open(ctx context.Context) (*Session, error) {
	source, err := o.Source.Load(ctx)
	if err != nil {
		return nil, err
	}
	s := &Session{}
	var target deploy.Target
	if o.Target.Sandbox {
		target, err = o.Target.Modelled(s, source, o.Attempts())
	} else {
		target, err = o.Target.Amazon(ctx, source, o.Attempts())
	}
	if err != nil {
		return nil, err
	}
	target.Where = images.Where(o.Target.builder)
	s.Project, err = deploy.Open(ctx, source, target)
	return s, err
}

// Amazon is the account and region on AWS that the project is deployed to.
func (o *TargetOptions) Amazon(ctx context.Context, source deploy.Source, observe func(gate.Attempt)) (deploy.Target, error) {
	target := deploy.Target{Clock: clock.Wall{}, Resolver: &publicDNS{}}
	calls := gate.New(gate.Options{Clock: target.Clock, Observe: observe})
	cfg, err := aws.LoadConfig(ctx, o.AWSProfile, source.App.Region, calls)
	if err != nil {
		return target, err
	}
	if err := CheckRegion(cfg.Region); err != nil {
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
	target.Identity, err = aws.WhoAmI(ctx, cfg, target.Clients.STS, o.AWSProfile)
	return target, err
}

// Header says where a change is about to happen.
func (s *Session) Header() string {
	id, env := s.Target.Identity, s.Source.App.Env
	where := fmt.Sprintf("account %s, region %s, environment %s", id.Account, id.Region, env)
	if s.World != nil {
		where = fmt.Sprintf("sandbox (a modelled AWS), region %s, environment %s", id.Region, env)
	} else {
		for _, e := range s.Target.Clients.Endpoints() {
			where += ", at " + e + ", not at AWS"
		}
	}
	return fmt.Sprintf("%s: %s", s.Source.App.Name, where)
}
