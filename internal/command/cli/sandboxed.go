package cli

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"github.com/berthdev/berth/internal/app"
	"github.com/berthdev/berth/internal/aws"
	"github.com/berthdev/berth/internal/aws/ecr"
	"github.com/berthdev/berth/internal/aws/gate"
	"github.com/berthdev/berth/internal/clock"
	"github.com/berthdev/berth/internal/cloudflare"
	"github.com/berthdev/berth/internal/concurrent"
	"github.com/berthdev/berth/internal/deploy"
	"github.com/berthdev/berth/internal/images"
	"github.com/berthdev/berth/internal/regular"
	"github.com/berthdev/berth/internal/sandbox"
	"github.com/berthdev/berth/internal/state"
)

// zonesVariable has the domains that are in the sandbox's Route 53, which begins without
// any.
const zonesVariable = "BERTH_SANDBOX_ZONES"

var zoneName = regexp.MustCompile(`^[a-z0-9-]{1,63}(\.[a-z0-9-]{1,63})+$`)

const (
	// sandboxSpeed is how much faster than the wall clock the modelled AWS runs
	// on the command line.
	sandboxSpeed = 60
	// sandboxLatency is what a call takes there, in modelled time.
	sandboxLatency = 60 * time.Millisecond
	// sandboxLag is the longest time that a describe can be behind.
	sandboxLag = 3 * time.Second
	// maxPolicy bounds the policy that a rehearsal runs with; AWS's have 6 KB.
	maxPolicy = 1 << 20
	// savedEvery is how often the world is saved during a run, in wall time.
	savedEvery = 250 * time.Millisecond
)

// Modelled is a modelled AWS: that of .berth/sandbox.json beside the Compose file,
// or a new one.
func (o *TargetOptions) Modelled(s *Session, source deploy.Source, observe func(gate.Attempt)) (deploy.Target, error) {
	if err := CheckRegion(source.App.Region); err != nil {
		return deploy.Target{}, err
	}
	folder := filepath.Join(source.Project.Dir, app.Folder)
	if err := o.openWorld(s, folder, source.App.Region); err != nil {
		return deploy.Target{}, err
	}
	w := s.World
	if err := answersAll(w); err != nil {
		return deploy.Target{}, err
	}
	for _, v := range source.App.Volumes {
		if v.OnBucket() { // berth makes no such bucket, and a rehearsal has no account to make one in
			w.Owner().GiveBucket(v.Bucket)
		}
	}
	for _, j := range source.App.JobsOn(app.OnSchedule) {
		if queue := j.Trigger.Schedule.DeadLetter; queue != "" { // as for buckets
			w.Owner().GiveQueue(queue[strings.LastIndexByte(queue, ':')+1:])
		}
	}
	if topic := source.App.Settings.Notify.Value; topic != "" {
		w.Owner().GiveTopic(topic[strings.LastIndexByte(topic, ':')+1:], true)
	}
	for _, service := range source.App.Services {
		if s := service.Scaling; s != nil && s.Queue != "" {
			w.Owner().GiveQueue(s.QueueName())
		}
	}
	for name := range strings.FieldsFuncSeq(os.Getenv(zonesVariable), func(r rune) bool { return r == ',' || r == ' ' }) {
		if !zoneName.MatchString(name) {
			return deploy.Target{}, &RemedyError{
				Err:    fmt.Errorf("%s has %q, which is no domain", zonesVariable, name),
				Advice: "write domains with commas between them: " + zonesVariable + "=example.com,example.org",
			}
		}
		w.Owner().GiveZone(name)
	}
	clk := w.Clock()
	cfg := w.Config()
	gate.New(gate.Options{Clock: clk, Observe: observe}).Attach(&cfg)
	clients := aws.NewClients(cfg)
	// Cloudflare's zones are the sandbox's own: nothing leaves this computer.
	clients.Cloudflare = cloudflare.New(cloudflare.Options{
		Token: "sandbox", Account: os.Getenv(cloudflare.AccountVariable), Transport: w.Cloudflare().Transport(), Guard: gate.Guard,
	})
	if role := source.App.Settings.DNSRole.Value; role != "" {
		clients.UseDNSRole(cfg, role)
	}
	return deploy.Target{
		Identity: aws.Identity{
			Account: w.Account(), Region: w.Region(), Partition: "aws",
			ARN:    "arn:aws:iam::" + w.Account() + ":user/sandbox",
			Source: "sandbox",
		},
		Clients: clients, Clock: clk, Resolver: sandboxDNS{w},
		Store:    &state.Folder{Path: filepath.Join(folder, "state"), Clock: clk},
		Sessions: w.Sessions.Client(),
		// It has an engine of its own, which makes images up.
		Engine: func(source *images.Source) ecr.Builder {
			return images.Sandbox{API: clients.ECR, Clock: clk, Took: w.Takes(sandbox.ImageBuilt), Source: source}
		},
	}, nil
}

// answersAll refuses a sandbox that lacks an operation which berth can send. Found
// here it is plainly a bug in berth; later it would look like a mistake of the
// user's.
func answersAll(w *sandbox.World) error {
	for _, o := range aws.Operations() {
		if !w.Answers(o.Service, o.Name) {
			return fmt.Errorf("opening the sandbox: it has no answer for %s %s, which this version of berth sends", o.Service, o.Name)
		}
	}
	return nil
}

// openWorld loads the world of a folder, or begins a new one.
func (o *TargetOptions) openWorld(s *Session, folder, region string) error {
	s.path = filepath.Join(folder, "sandbox.json")
	policy, err := regular.Read(filepath.Join(folder, "sandbox-policy.json"), maxPolicy)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return &RemedyError{
			Err:    fmt.Errorf("reading the sandbox's policy: %w", err),
			Advice: "put a policy into " + filepath.Join(folder, "sandbox-policy.json") + ", or delete it",
		}
	}
	opt := sandbox.Options{
		Clock: clock.NewFast(time.Now(), sandboxSpeed), Seed: 1, Region: region,
		Latency: sandboxLatency, MaxLag: sandboxLag, Buckets: true, Policy: policy,
	}
	if o.slow {
		opt.Profile = sandbox.Slow
	}
	s.World, err = sandbox.Load(s.path, opt)
	if errors.Is(err, fs.ErrNotExist) {
		s.World, err = sandbox.New(opt)
	}
	if err != nil {
		return &RemedyError{
			Err:    fmt.Errorf("opening the sandbox: %w", err),
			Advice: "delete " + s.path + " to begin a new one",
		}
	}
	return nil
}

// Saving saves the sandbox's world now, before a run takes its lock, then during
// the run, and a last time when the returned function is called. A killed run thus
// leaves what it made, and never a lock without a world. On AWS saving does
// nothing.
func (s *Session) Saving() func() error {
	if s.World == nil {
		return func() error { return nil }
	}
	_ = s.World.Save(s.path) // the last save tells
	stop, stopped := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(stopped)
		for tick := time.NewTicker(savedEvery); ; {
			select {
			case <-tick.C:
				_ = concurrent.Safely(func() error { return s.World.Save(s.path) }) // the last save tells
			case <-stop:
				tick.Stop()
				return
			}
		}
	}()
	return func() error {
		close(stop)
		<-stopped
		if err := s.World.Save(s.path); err != nil {
			return fmt.Errorf("saving the sandbox: %w", err)
		}
		return nil
	}
}
