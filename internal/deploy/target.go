package deploy

import (
	"crypto/rand"
	"encoding/hex"
	"io"
	"net/http"

	"github.com/berthdev/berth/internal/aws"
	"github.com/berthdev/berth/internal/aws/ecr"
	"github.com/berthdev/berth/internal/clock"
	"github.com/berthdev/berth/internal/hosts"
	"github.com/berthdev/berth/internal/images"
	"github.com/berthdev/berth/internal/state"
)

// Target is where to deploy: one account and region, as one caller. Identity and
// Clients are required; every other field has a default. Many projects may share
// a target.
type Target struct {
	// Identity is the account, the region and the caller.
	Identity aws.Identity
	// Clients make all calls. Their gate (aws/gate) asks for the lock before it
	// sends a change.
	Clients *aws.Clients
	// Clock is the wall clock if it is nil.
	Clock clock.Clock
	// Store holds locks and releases. It is the account's bucket if it is nil.
	Store state.Store
	// Resolver asks the public DNS; nil makes no queries.
	Resolver hosts.Resolver
	// Where says where images are built; empty leaves that to the project's
	// setting.
	Where images.Where
	// Engine builds images on this machine. Nil looks for a container engine.
	Engine func(*images.Source) ecr.Builder
	// Sessions connects to the sessions of ECS Exec; nil is the usual HTTP client.
	Sessions *http.Client
	// Workers bounds the calls that are under way at once; 0 is the engine's
	// default.
	Workers int

	// Holder is who takes the locks: this process if it is the zero value. Alive
	// reports whether a process of the holder's host runs.
	Holder state.Holder
	Alive  func(pid int) bool
	// Nonce returns a text that was never used before, and Random is where
	// passwords come from. Both default to the machine's randomness.
	Nonce  func() string
	Random io.Reader
}

// withDefaults returns the target with its empty fields filled in.
func (t Target) withDefaults() Target {
	if t.Clock == nil {
		t.Clock = clock.Wall{}
	}
	if t.Store == nil {
		t.Store = t.bucket()
	}
	if t.Holder == (state.Holder{}) {
		t.Holder = state.ThisHost()
		if t.Identity.ARN != "" {
			t.Holder.Who = t.Identity.ARN
		}
	}
	if t.Alive == nil {
		t.Alive = state.ProcessAlive
	}
	if t.Nonce == nil {
		t.Nonce = nonce
	}
	return t
}

// bucket is the account's bucket for what AWS cannot hold.
func (t Target) bucket() *state.Bucket {
	id := t.Identity
	return &state.Bucket{API: t.Clients.S3, Account: id.Account, Region: id.Region, Partition: id.Partition, Clock: t.Clock}
}

// place is the target as the resource types know it.
func (t Target) place(b ecr.Builder) aws.Place {
	id := t.Identity
	return aws.Place{
		Account: id.Account, Region: id.Region, Partition: id.Partition, Clock: t.Clock, Random: t.Random, Builder: b,
	}
}

func nonce() string {
	var b [8]byte
	_, _ = rand.Read(b[:]) // never fails, says crypto/rand
	return hex.EncodeToString(b[:])
}
