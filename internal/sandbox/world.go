package sandbox

import (
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/smithy-go/middleware"

	"github.com/berthdev/berth/internal/clock"
)

// Options shape a World. The zero value is a kind one: typical durations, no
// latency, no lag, no rate limits, everything allowed.
type Options struct {
	// Clock is the time of the world; nil means the wall clock.
	Clock clock.Clock
	// Seed decides ids, addresses and lags. Worlds with the same seed that
	// see the same calls in the same order are equal.
	Seed uint64
	// Profile picks the durations; empty means Typical.
	Profile Profile
	// Durations override those of the profile, for tests to which the length of
	// a wait means nothing. They are not saved.
	Durations map[Step]time.Duration
	// Account is the account's number; empty means 123456789012.
	Account string
	// Region is the region of everything; empty means eu-central-1.
	Region string
	// Latency is what every call takes: half before its effect, half after.
	Latency time.Duration
	// MaxLag bounds how long a describe may not show a new object, or still
	// show a deleted one. Zero switches the lag off; AWS stays below 15 s.
	MaxLag time.Duration
	// Buckets switches the documented rate limits on.
	Buckets bool
	// Policy is the caller's identity policy, a JSON document; nil allows
	// everything.
	Policy []byte
	// IgnoreFilters makes lists show everything, whatever the call asks for: tags,
	// paths, names. Emulators do so with filters that they do not know.
	IgnoreFilters bool
	// Quotas override default quotas, by name; see quotas.go.
	Quotas map[string]int
}

// World is one account in one region. Its methods may be called from many
// goroutines at once.
type World struct {
	opt   Options
	clock *worldClock

	// mu guards everything below. It is held while a call is answered and
	// never while anybody sleeps.
	mu      sync.Mutex
	parts   []part
	routes  map[string]*route
	happens map[string]func(at time.Time, id string)
	events  eventQueue
	ids     map[string]uint64
	calls   []Call
	inject  func(Call) Fault
	killed  bool
	life    int
	buckets map[string]*bucket
	policy  *policy
	tokens  map[string]token

	// at is the moment of what is happening; zero in between.
	at time.Time

	ec2  *ec2Part
	iam  *iamPart
	s3   *s3Part
	ecs  *ecsPart
	elb  *elbPart
	sd   *sdPart
	logs *logsPart
	efs  *efsPart
	ssm  *ssmPart

	s3files *s3filesPart
	secrets *secretsPart

	route53 *route53Part
	acm     *acmPart
	// cloudflare is no part of AWS: names can live there.
	cloudflare *cloudflarePart
	rds        *rdsPart
	cache      *cachePart
	ecr        *ecrPart
	cb         *codebuildPart
}

// New makes a world with nothing in it but what every account has: a default
// VPC and AWS's managed policies. It fails on a policy that is not valid.
func New(opt Options) (*World, error) {
	w, err := build(opt)
	if err != nil {
		return nil, err
	}
	for _, p := range w.parts {
		if b, ok := p.(beginner); ok {
			b.begin()
		}
	}
	return w, nil
}

// build makes a world without any objects.
func build(opt Options) (*World, error) {
	if opt.Clock == nil {
		opt.Clock = clock.Wall{}
	}
	opt.Profile = orElse(opt.Profile, Typical)
	opt.Account = orElse(opt.Account, "123456789012")
	opt.Region = orElse(opt.Region, "eu-central-1")
	w := &World{
		opt:     opt,
		clock:   &worldClock{base: opt.Clock},
		routes:  map[string]*route{},
		happens: map[string]func(time.Time, string){},
		ids:     map[string]uint64{},
		buckets: map[string]*bucket{},
		tokens:  map[string]token{},
	}
	if err := w.SetPolicy(opt.Policy); err != nil {
		return nil, err
	}
	w.parts = newParts(w)
	for _, p := range w.parts {
		p.routes(&router{w: w, service: p.ID()})
	}
	return w, nil
}

// Config is an SDK configuration whose clients talk to this world. Its
// credentials are dummies and its HTTP client refuses to do anything.
func (w *World) Config() aws.Config {
	return aws.Config{
		Region: w.opt.Region,
		Credentials: credentials.NewStaticCredentialsProvider(
			"AKIASANDBOXSANDBOX00", "sandbox", ""),
		HTTPClient: noNetwork{},
		APIOptions: []func(*middleware.Stack) error{w.attach},
	}
}

// Clock is the world's time. Everything that waits for this world must wait
// by it, because a world that was loaded goes on where it was saved.
func (w *World) Clock() clock.Clock { return w.clock }

// Account is the number of the world's account.
func (w *World) Account() string { return w.opt.Account }

// Region is the world's only region.
func (w *World) Region() string { return w.opt.Region }

// now is the moment of whatever is happening: of an event while it happens, of
// a call while it is answered, else the clock's. Callers hold the mutex.
func (w *World) now() time.Time {
	if !w.at.IsZero() {
		return w.at
	}
	return w.clock.Now()
}

// arn names an object of a service in this account and region.
func (w *World) arn(service, rest string) string {
	return "arn:aws:" + service + ":" + w.opt.Region + ":" + w.opt.Account + ":" + rest
}

// takes is how long a step takes in this world's profile.
func (w *World) takes(s Step) time.Duration {
	if d, ok := w.opt.Durations[s]; ok {
		return d
	}
	return s.In(w.opt.Profile)
}

// Takes is how long a step takes in this world.
func (w *World) Takes(s Step) time.Duration { return w.takes(s) }

// orElse is v, or the default d when v is zero.
func orElse[T comparable](v, d T) T {
	var zero T
	if v == zero {
		return d
	}
	return v
}
