package world

import (
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/smithy-go/middleware"

	"github.com/berthdev/berth/internal/clock"
)

// World is one account in one region, as its callers see it. Its methods may be
// called from many goroutines at once.
type World struct {
	account *Account
	server  *server
}

// New makes a world of these services, with the saved objects or, with nil, those
// that every account has. It fails on a policy that is not valid, and on an
// operation that has two handlers.
func New(account *Account, services []Service, from *Saved) (*World, error) {
	s, err := newServer(account, services)
	if err != nil {
		return nil, err
	}
	if from != nil {
		err = s.restore(from)
	} else {
		s.begin()
	}
	return &World{account: account, server: s}, err
}

// Config is an SDK configuration whose clients talk to this world. Its
// credentials are dummies and its HTTP client refuses every request.
func (w *World) Config() aws.Config {
	return aws.Config{
		Region: w.account.Region(),
		Credentials: credentials.NewStaticCredentialsProvider(
			"AKIASANDBOXSANDBOX00", "sandbox", ""),
		HTTPClient: noNetwork{},
		APIOptions: []func(*middleware.Stack) error{w.server.attach},
	}
}

// Clock is the world's time. Everything that waits for this world must use it,
// because a loaded world continues at the time when it was saved.
func (w *World) Clock() clock.Clock { return w.account.clock }

// Account is the number of the world's account.
func (w *World) Account() string { return w.account.Number() }

// Region is the world's only region.
func (w *World) Region() string { return w.account.Region() }

// Takes is how long a step takes in this world.
func (w *World) Takes(s Step) time.Duration { return w.account.Takes(s) }

// Enter locks the world, runs the events that are due, and returns the function
// that unlocks it. Code that calls a service's methods outside of a call holds the
// lock:
//
//	defer w.Enter()()
func (w *World) Enter() (leave func()) {
	w.server.mu.Lock()
	w.account.settle(w.account.Now())
	return w.server.mu.Unlock
}

// SetPolicy replaces the caller's identity policy, a JSON document; nil allows
// everything.
func (w *World) SetPolicy(document []byte) error {
	p, err := parsePolicy(document)
	if err != nil {
		return err
	}
	w.server.mu.Lock()
	defer w.server.mu.Unlock()
	w.server.access.policy = p
	return nil
}

// TagsOf returns the tags of an object; false if it does not exist, or if the
// index of tags does not know its kind.
func (w *World) TagsOf(arn string) (map[string]string, bool) {
	w.server.mu.Lock()
	defer w.server.mu.Unlock()
	return w.server.services.tagsOf(arn)
}
