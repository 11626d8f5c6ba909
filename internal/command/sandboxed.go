package command

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/berthdev/berth/internal/app"
	"github.com/berthdev/berth/internal/aws"
	"github.com/berthdev/berth/internal/aws/call"
	"github.com/berthdev/berth/internal/clock"
	"github.com/berthdev/berth/internal/cloudflare"
	"github.com/berthdev/berth/internal/engine"
	"github.com/berthdev/berth/internal/regular"
	"github.com/berthdev/berth/internal/sandbox"
)

const (
	// sandboxSpeed is how much faster than the wall clock the modelled AWS runs
	// on the command line.
	sandboxSpeed = 60
	// sandboxLatency is what a call takes there, in modelled time.
	sandboxLatency = 60 * time.Millisecond
	// sandboxLag bounds how long a describe may be behind.
	sandboxLag = 3 * time.Second
	// maxPolicy bounds the policy that a rehearsal runs with; AWS's have 6 KB.
	maxPolicy = 1 << 20
	// savedEvery is how often the world is saved during a run, in wall time.
	savedEvery = 250 * time.Millisecond
)

// openSandbox loads the world of .berth/sandbox.json beside the Compose file,
// or begins a new one.
func (g *globals) openSandbox(s *session) error {
	folder := filepath.Join(s.project.Dir, app.Folder)
	s.path = filepath.Join(folder, "sandbox.json")
	policy, err := regular.Read(filepath.Join(folder, "sandbox-policy.json"), maxPolicy)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return &remedyError{
			err:    fmt.Errorf("reading the sandbox's policy: %w", err),
			remedy: "put a policy into " + filepath.Join(folder, "sandbox-policy.json") + ", or delete it",
		}
	}
	region := g.region
	if region == "" {
		region = s.App.Region
	}
	opt := sandbox.Options{
		Clock: clock.NewFast(time.Now(), sandboxSpeed), Seed: 1, Region: region,
		Latency: sandboxLatency, MaxLag: sandboxLag, Buckets: true, Policy: policy,
	}
	if g.slow {
		opt.Profile = sandbox.Slow
	}
	s.world, err = sandbox.Load(s.path, opt)
	if errors.Is(err, fs.ErrNotExist) {
		s.world, err = sandbox.New(opt)
	}
	if err != nil {
		return &remedyError{
			err:    fmt.Errorf("opening the sandbox: %w", err),
			remedy: "delete " + s.path + " to begin a new one",
		}
	}
	for _, v := range s.App.Volumes {
		if v.OnBucket() { // berth makes none, and who tries it has no account to make one in
			s.world.GiveBucket(v.Bucket)
		}
	}
	s.Clock = s.world.Clock()
	s.Resolver = sandboxDNS{s.world}
	s.Gate = call.New(call.Options{Clock: s.Clock, Observe: g.observer()})
	cfg := s.world.Config()
	s.Gate.Attach(&cfg)
	s.Clients = aws.NewClients(cfg)
	// Cloudflare's zones are the sandbox's own: nothing leaves this computer.
	s.Clients.Cloudflare = cloudflare.New(cloudflare.Options{
		Token: "sandbox", Account: os.Getenv(cloudflare.AccountVariable), Transport: s.world.Cloudflare().Transport(), Guard: s.Gate.Guard,
	})
	if role := s.App.Settings.DNSRole.Value; role != "" {
		s.Clients.UseDNSRole(cfg, role)
	}
	s.identity = aws.Identity{
		Account: s.world.Account(), Region: s.world.Region(), Partition: "aws",
		ARN:    "arn:aws:iam::" + s.world.Account() + ":user/sandbox",
		Source: "sandbox",
	}
	return nil
}

// saving saves the sandbox's world before a run takes its lock and while it is
// under way, so that a killed run leaves what it made and never a lock without a
// world, and once more when the returned function is called. On AWS it does
// nothing.
func (s *session) saving() func() error {
	if s.world == nil {
		return func() error { return nil }
	}
	_ = s.world.Save(s.path) // the last save tells
	stop, stopped := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(stopped)
		for tick := time.NewTicker(savedEvery); ; {
			select {
			case <-tick.C:
				_ = engine.Safely(func() error { return s.world.Save(s.path) }) // the last save tells
			case <-stop:
				tick.Stop()
				return
			}
		}
	}()
	return func() error {
		close(stop)
		<-stopped
		if err := s.world.Save(s.path); err != nil {
			return fmt.Errorf("saving the sandbox: %w", err)
		}
		return nil
	}
}
