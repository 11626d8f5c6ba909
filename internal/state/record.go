package state

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/berthdev/berth/internal/engine"
)

// Record is what the lock's object holds. It stays when the lock is released,
// because its generation makes the idempotency tokens of a run differ from
// those of the runs before it.
type Record struct {
	Schema int    `json:"schema"`
	Owner  string `json:"owner"`
	// Generation counts the runs that ended with a release of the lock.
	Generation int `json:"generation"`
	// Source is the source that the stack belongs to, in the form of
	// app.Source.String. It is written when the lock is first taken, and empty once
	// a teardown has left nothing. SourceAssumed says that this source found
	// objects of which no record named the source.
	Source        string `json:"source,omitempty"`
	SourceAssumed bool   `json:"source_assumed,omitempty"`
	// SourceLost says that the record which named the source was damaged, and that
	// no user has taken the stack over since.
	SourceLost bool `json:"source_lost,omitempty"`
	// Holder is the run that holds the lock; nil if it is free.
	Holder *Holder `json:"holder,omitempty"`
	// LastRelease is the last release of a stack, if there was one.
	LastRelease *ReleaseMark `json:"last_release,omitempty"`
	// Changes are what the last run made or deleted shortly before it freed the
	// lock: AWS's lists may be behind. Unsettled says that it does not know all
	// of them, because it failed.
	Changes   []Change `json:"changes,omitempty"`
	Unsettled bool     `json:"unsettled,omitempty"`
	// Zones are the DNS zones that hold records of the owner, as far as the last
	// runs know: records have no tags, and listing every zone of an account
	// would be dear.
	Zones []string `json:"zones,omitempty"`
}

// Change is an object that a run made, or deleted when Gone, Before it freed
// the lock.
type Change struct {
	Type   string        `json:"type"`
	ID     string        `json:"id"`
	Gone   bool          `json:"gone,omitempty"`
	Before time.Duration `json:"before"`
	// New says instead that no run has seen the object usable yet, though AWS may
	// call it ready.
	New bool `json:"new,omitempty"`
}

// Ago is the time from the change to the observation of the lock.
func (s Seen) Ago(c Change) time.Duration { return max(c.Before, 0) + s.quiet }

// Rest is how long after that observation AWS's lists may still not show the
// change; zero or less when they do.
func (s Seen) Rest(c Change) time.Duration { return Settle - s.Ago(c) }

// Holder is who has a lock.
type Holder struct {
	// Who is the caller's ARN, or the local user's name.
	Who  string `json:"who"`
	Host string `json:"host"`
	// Boot distinguishes two boots, or two containers, of one host name.
	Boot string `json:"boot"`
	PID  int    `json:"pid"`
	// Nonce is unique to this run.
	Nonce string    `json:"nonce"`
	Since time.Time `json:"since"`
	// Renewed is for people; the lease is measured by the store's clock.
	Renewed time.Time `json:"renewed"`
	// Doing is the verb: up, down, unlock.
	Doing string `json:"doing"`
}

// String is the holder in words.
func (h Holder) String() string {
	return fmt.Sprintf("%s on %s (process %d, %s since %s)",
		h.Who, h.Host, h.PID, h.Doing, h.Since.UTC().Format("2006-01-02 15:04:05 UTC"))
}

// ReleaseMark is the part of the last release that the next plan needs.
type ReleaseMark struct {
	ID string `json:"id"`
	// Source is where its Compose file came from.
	Source string `json:"source"`
	// RolledBackTo is the number of the release that a rollback went back to; 0 if it was
	// none.
	RolledBackTo int `json:"rolled_back_to,omitempty"`
}

// lockKey is the key of an owner's lock record.
func lockKey(o engine.Owner) string { return "locks/" + o.String() + ".json" }

func encode(v any) ([]byte, error) {
	data, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		return nil, fmt.Errorf("state: encoding: %w", err)
	}
	return append(data, '\n'), nil
}
