package sandbox

import (
	"cmp"
	"time"

	"github.com/berthdev/berth/internal/clock"
)

// Account is one AWS account in one region, as the services in it see it: its
// number, its time, its ids, its zones and its quotas. Its methods run with the
// world's mutex held.
type Account struct {
	opt    Options
	clock  *worldClock
	ids    map[string]uint64
	events eventQueue
	// happens are what the kinds of events do.
	happens map[string]func(at time.Time, id string)
	// at is the moment of what is happening; zero in between.
	at time.Time
}

func newAccount(opt Options) *Account {
	if opt.Clock == nil {
		opt.Clock = clock.Wall{}
	}
	opt.Profile = cmp.Or(opt.Profile, Typical)
	opt.Account = cmp.Or(opt.Account, "123456789012")
	opt.Region = cmp.Or(opt.Region, "eu-central-1")
	return &Account{
		opt:     opt,
		clock:   &worldClock{base: opt.Clock},
		ids:     map[string]uint64{},
		happens: map[string]func(time.Time, string){},
	}
}

// number is the account's number.
func (a *Account) number() string { return a.opt.Account }

// region is the account's only region.
func (a *Account) region() string { return a.opt.Region }

// arn is the name of an object of a service in this account and region.
func (a *Account) arn(service, rest string) string {
	return "arn:aws:" + service + ":" + a.opt.Region + ":" + a.opt.Account + ":" + rest
}

// caller is the ARN of the user who makes the calls.
func (a *Account) caller() string {
	return "arn:aws:iam::" + a.opt.Account + ":user/sandbox"
}

// now is the moment of what is happening: of an event while it happens, of
// a call while it is answered, else the clock's.
func (a *Account) now() time.Time {
	if !a.at.IsZero() {
		return a.at
	}
	return a.clock.Now()
}

// latency is what every call takes.
func (a *Account) latency() time.Duration { return a.opt.Latency }

// takes is how long a step takes in this account.
func (a *Account) takes(s Step) time.Duration {
	if d, ok := a.opt.Durations[s]; ok {
		return d
	}
	return s.In(a.opt.Profile)
}

// quota is a limit: what the options say, else AWS's default, else otherwise.
func (a *Account) quota(name string, otherwise int) int {
	if v, ok := a.opt.Quotas[name]; ok {
		return v
	}
	for _, q := range Quotas() {
		if q.Name == name {
			return q.Value
		}
	}
	return otherwise
}
