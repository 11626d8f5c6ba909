package account

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/berthdev/berth/internal/aws"
	"github.com/berthdev/berth/internal/aws/ecs"
	"github.com/berthdev/berth/internal/aws/gate"
	"github.com/berthdev/berth/internal/clock"
	"github.com/berthdev/berth/internal/engine"
)

// Account is an AWS account in a region, as one connection sees it.
type Account struct {
	Identity
	Region   string
	Clock    clock.Clock
	Clients  *aws.Clients
	Registry *engine.Registry
	// Readings are shared by all objects that use the connection.
	Readings *Readings
	Gate     *gate.Gate
}

// kinds are the resource types that the operator's kinds are made of.
var kinds = []string{ecs.Cluster{}.Type()}

// Accounts opens accounts and keeps them open. Make it with New.
type Accounts struct {
	connector Connector
	observe   func(gate.Attempt)
	clock     clock.Clock

	// NoLimits lets calls go out as fast as they come: for emulators. It is set
	// before the first Open.
	NoLimits bool

	mu     sync.Mutex
	open   map[string]*opening
	limits map[string]*gate.Buckets
}

// opening is an account that is open or being opened; done is closed then. A
// channel, because whoever waits may do so in a testing/synctest bubble.
type opening struct {
	done    chan struct{}
	account *Account
	err     error
	// used is when it was asked for last.
	used time.Time
}

const (
	// failedFor is how long a failure to sign in answers for further attempts:
	// a thousand objects of one provider make one call.
	failedFor = 15 * time.Second
	// idleFor is how long an account that is not used stays open.
	idleFor = time.Hour
)

// New returns accounts that are opened by the connector. The clock is that of
// the objects; observe, if set, is told of every AWS call.
func New(connector Connector, c clock.Clock, observe func(gate.Attempt)) *Accounts {
	return &Accounts{
		connector: connector, observe: observe, clock: c,
		open: map[string]*opening{}, limits: map[string]*gate.Buckets{},
	}
}

// Open returns the account of a connection. Equal connections share one.
func (a *Accounts) Open(ctx context.Context, c Connection) (*Account, error) {
	key := c.hash()
	o, first := a.claim(key)
	if first {
		o.account, o.err = a.signIn(ctx, c)
		close(o.done)
		if o.err != nil {
			a.dropLater(key, o, ctx.Err() != nil)
		}
	}
	select {
	case <-o.done:
		return o.account, o.err
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
}

// Forget closes the account of a connection, so that the next Open signs in
// anew.
func (a *Accounts) Forget(c Connection) {
	a.mu.Lock()
	defer a.mu.Unlock()
	delete(a.open, c.hash())
}

func (a *Accounts) claim(key string) (o *opening, first bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	now := a.clock.Now()
	for k, other := range a.open {
		if k != key && now.Sub(other.used) > idleFor {
			delete(a.open, k)
		}
	}
	o, ok := a.open[key]
	if ok && !o.stale(now) {
		return o, false
	}
	o = &opening{done: make(chan struct{}), used: now}
	a.open[key] = o
	return o, true
}

// stale says that a failure has answered for long enough. A success is noted
// as used.
func (o *opening) stale(now time.Time) bool {
	select {
	case <-o.done:
	default:
		return false
	}
	if o.err == nil {
		o.used = now
	}
	return o.err != nil && now.Sub(o.used) >= failedFor
}

// dropLater forgets a failure at once if only the caller gave up.
func (a *Accounts) dropLater(key string, o *opening, canceled bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if canceled && a.open[key] == o {
		delete(a.open, key)
	}
	o.used = a.clock.Now()
}

func (a *Accounts) signIn(ctx context.Context, c Connection) (*Account, error) {
	signed, err := a.connector.SignIn(ctx, c, a.observe)
	if err != nil {
		return nil, err
	}
	cfg := signed.Config
	gate := gate.New(gate.Options{Clock: signed.Clock, Observe: a.observe, Buckets: a.buckets(c, signed)})
	gate.Attach(&cfg)
	clients := aws.NewClients(cfg)
	all := aws.Types(clients, aws.Place{
		Account: signed.Identity.Account, Region: c.Region, Partition: signed.Identity.Partition, Clock: signed.Clock,
	})
	own := slices.DeleteFunc(all, func(t engine.AnyType) bool { return !slices.Contains(kinds, t.Spec().Name) })
	registry, err := engine.NewRegistry(own...)
	if err != nil {
		return nil, fmt.Errorf("opening account %s: %w", signed.Identity.Account, err)
	}
	return &Account{
		Identity: signed.Identity, Region: c.Region, Clock: signed.Clock, Clients: clients,
		Registry: registry, Gate: gate, Readings: NewReadings(registry, signed.Clock),
	}, nil
}

// buckets are one set for an account and region, for all credentials: AWS counts
// the calls of all callers together.
func (a *Accounts) buckets(c Connection, s SignedIn) *gate.Buckets {
	key := s.Identity.Account + " " + c.Region + " " + c.Endpoint
	a.mu.Lock()
	defer a.mu.Unlock()
	b, ok := a.limits[key]
	if !ok {
		b = gate.NewBuckets(s.Clock)
		if a.NoLimits {
			b = gate.NoBuckets(s.Clock)
		}
		a.limits[key] = b
	}
	return b
}
