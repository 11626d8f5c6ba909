package state

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/berthdev/berth/internal/engine"
)

// Release is the record of one `up` or `rollback`. It holds no environment values.
type Release struct {
	Schema int    `json:"schema"`
	ID     string `json:"id"`
	// Number counts the releases of a stack, the first is 1. It is not stored: it is the
	// place of the record among the others.
	Number int       `json:"number,omitempty"`
	Time   time.Time `json:"time"`
	// Seconds is how long it took.
	Seconds float64 `json:"seconds"`
	Who     string  `json:"who"`
	Host    string  `json:"host"`
	Owner   string  `json:"owner"`
	// Source is the git remote and the path of the Compose file in it, or the
	// folder's path where there is no git. SourceAssumed is as in Record.
	Source        string `json:"source"`
	SourceAssumed bool   `json:"source_assumed,omitempty"`
	Commit        string `json:"commit,omitempty"`
	Dirty         bool   `json:"dirty,omitempty"`
	// RolledBackTo is the id of the release that `berth rollback` went back to; empty for
	// a release of `berth up`.
	RolledBackTo string `json:"rolled_back_to,omitempty"`
	// Outcome is Succeeded, Failed or Unhealthy; Error says why.
	Outcome  string                    `json:"outcome"`
	Error    string                    `json:"error,omitempty"`
	Services map[string]ReleaseService `json:"services,omitempty"`
	Jobs     map[string]ReleaseJob     `json:"jobs,omitempty"`
	// Types are those of the objects that there were at its end.
	Types []string `json:"types,omitempty"`
}

// The outcomes of a release.
const (
	Succeeded = "succeeded"
	Failed    = "failed"
	// Unhealthy: a service did not become healthy, or a job failed.
	Unhealthy = "unhealthy"
)

// ReleaseService is what was released of a service.
type ReleaseService struct {
	Image string `json:"image"`
	// Digest is the image's digest as its tasks run it; empty if none does yet.
	Digest string `json:"digest,omitempty"`
	// TaskDefinition is the revision's ARN.
	TaskDefinition string `json:"task_definition"`
	// Instead is what was in effect at the release's end, if that was not this
	// revision: the run did not get as far, or the deployment was rolled back.
	Instead *ReleaseRevision `json:"instead,omitempty"`
}

// ReleaseRevision is a revision with its image; zero if there was none.
type ReleaseRevision struct {
	Image          string `json:"image,omitempty"`
	TaskDefinition string `json:"task_definition,omitempty"`
}

// ReleaseJob is how a job ended.
type ReleaseJob struct {
	Image          string `json:"image"`
	TaskDefinition string `json:"task_definition"`
	Task           string `json:"task,omitempty"`
	ExitCode       string `json:"exit_code,omitempty"`
	// Instead is the revision that ran last, as in ReleaseService.
	Instead *ReleaseRevision `json:"instead,omitempty"`
}

// Releases reads and writes the releases of a store.
type Releases struct{ Store Store }

// Write stores a release under its id, which ReleaseID made. A release without a
// source is refused: later there would be no way to find out.
func (r Releases) Write(ctx context.Context, o engine.Owner, rel Release) error {
	if rel.Source == "" {
		return fmt.Errorf("state: release %s of %s has no source", rel.ID, o)
	}
	rel.Schema, rel.Owner, rel.Number = schema, o.String(), 0
	data, err := encode(rel)
	if err != nil {
		return err
	}
	_, err = r.Store.Put(ctx, releasePrefix(o)+rel.ID+".json", data, Condition{})
	return err
}

// mostDamaged bounds how many damaged records Latest passes over.
const mostDamaged = 10

// Latest returns up to n releases of an owner, the newest first. Damaged
// records are passed over and named. A newer berth's record is a *NewerError.
func (r Releases) Latest(ctx context.Context, o engine.Owner, n int) (list []Release, damaged []*DamagedError, err error) {
	keys, err := r.Store.List(ctx, releasePrefix(o))
	if err != nil {
		return nil, nil, err
	}
	for i, key := range slices.Backward(keys) {
		if len(list) == n || len(damaged) == mostDamaged {
			break
		}
		rel, err := r.read(ctx, o, key)
		var bad *DamagedError
		switch {
		case errors.As(err, &bad):
			damaged = append(damaged, bad)
		case err != nil:
			return nil, damaged, err
		default:
			rel.Number = i + 1
			list = append(list, rel)
		}
	}
	return list, damaged, nil
}

// NoReleaseError says that a stack has no release of a number or id.
type NoReleaseError struct {
	// Asked is what was asked for; Last is the number of the last release, 0 if there
	// is none.
	Asked string
	Last  int
}

func (e *NoReleaseError) Error() string {
	if e.Last == 0 {
		return "there is no release yet"
	}
	return fmt.Sprintf("there is no release %s: the last one is %d", e.Asked, e.Last)
}

// Find returns the release of a number, or of an id or its beginning; a *NoReleaseError
// if there is none, or if several ids begin so.
func (r Releases) Find(ctx context.Context, o engine.Owner, asked string) (Release, error) {
	keys, err := r.Store.List(ctx, releasePrefix(o))
	if err != nil {
		return Release{}, err
	}
	n, err := strconv.Atoi(strings.TrimPrefix(asked, "#"))
	at := n - 1
	if err != nil || n > len(keys) { // an id begins with a date
		begins := releasePrefix(o) + asked
		at = slices.IndexFunc(keys, func(key string) bool { return strings.HasPrefix(key, begins) })
		if at >= 0 && at+1 < len(keys) && strings.HasPrefix(keys[at+1], begins) {
			at = -1
		}
	}
	if at < 0 || at >= len(keys) || asked == "" {
		return Release{}, &NoReleaseError{asked, len(keys)}
	}
	rel, err := r.read(ctx, o, keys[at])
	rel.Number = at + 1
	return rel, err
}

func (r Releases) read(ctx context.Context, o engine.Owner, key string) (Release, error) {
	obj, err := r.Store.Get(ctx, key)
	if err != nil {
		return Release{}, err
	}
	var rel Release
	if err := decode(obj.Data, &rel, key); err != nil {
		return Release{}, err
	}
	switch {
	case rel.Owner != o.String():
		return Release{}, &DamagedError{key, fmt.Errorf("it is a release of %q", rel.Owner)}
	case rel.Source == "":
		return Release{}, &DamagedError{key, errors.New("it does not say whose it is")}
	}
	return rel, nil
}

// ReleaseID makes an id that sorts by time: "20261121T101502Z-3f9a".
func ReleaseID(now time.Time, nonce string) string {
	return fmt.Sprintf("%s-%.4s", now.UTC().Format(releaseTime), nonce)
}

// releaseTime is the form of the time in a ReleaseID.
const releaseTime = "20060102T150405Z"

// ReleaseTime is the time in an id that ReleaseID made; zero for any other text.
func ReleaseTime(id string) time.Time {
	text, _, _ := strings.Cut(id, "-")
	t, err := time.Parse(releaseTime, text)
	if err != nil {
		return time.Time{}
	}
	return t
}

func releasePrefix(o engine.Owner) string { return "releases/" + o.String() + "/" }
