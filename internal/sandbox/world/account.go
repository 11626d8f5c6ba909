package world

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
	// happens has the functions for the kinds of events.
	happens map[string]func(at time.Time, id string)
	// actor answers calls of services with roles.
	actor actor
	// at is the moment of what is happening; zero in between.
	at time.Time
}

// NewAccount makes an empty account.
func NewAccount(opt Options) *Account {
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

// Number is the account's number.
func (a *Account) Number() string { return a.opt.Account }

// Region is the account's only region.
func (a *Account) Region() string { return a.opt.Region }

// ARN is the name of an object of a service in this account and region.
func (a *Account) ARN(service, rest string) string {
	return "arn:aws:" + service + ":" + a.opt.Region + ":" + a.opt.Account + ":" + rest
}

// Caller is the ARN of the user who makes the calls.
func (a *Account) Caller() string {
	return "arn:aws:iam::" + a.opt.Account + ":user/sandbox"
}

// Now returns the time of the event that is happening or of the call that is
// being answered; otherwise the clock's time.
func (a *Account) Now() time.Time {
	if !a.at.IsZero() {
		return a.at
	}
	return a.clock.Now()
}

// Latency is how long every call takes.
func (a *Account) Latency() time.Duration { return a.opt.Latency }

// Takes is how long a step takes in this account.
func (a *Account) Takes(s Step) time.Duration {
	if d, ok := a.opt.Durations[s]; ok {
		return d
	}
	return s.In(a.opt.Profile)
}

// Quota returns a limit: the options' value, or AWS's default, or otherwise.
func (a *Account) Quota(name string, otherwise int) int {
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
