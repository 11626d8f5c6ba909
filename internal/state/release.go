package state

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/berthdev/berth/internal/engine"
)

// Release is the record of one `up`. It holds no environment values.
type Release struct {
	Schema int       `json:"schema"`
	ID     string    `json:"id"`
	Time   time.Time `json:"time"`
	// Seconds is how long it took.
	Seconds float64 `json:"seconds"`
	Who     string  `json:"who"`
	Host    string  `json:"host"`
	Owner   string  `json:"owner"`
	// Source is the git remote and the path of the Compose file in it, or the
	// folder's path where there is no git.
	Source string `json:"source"`
	Commit string `json:"commit,omitempty"`
	Dirty  bool   `json:"dirty,omitempty"`
	// Outcome is "succeeded", "failed" or "unhealthy"; Error says why.
	Outcome  string                    `json:"outcome"`
	Error    string                    `json:"error,omitempty"`
	Services map[string]ReleaseService `json:"services,omitempty"`
	Jobs     map[string]ReleaseJob     `json:"jobs,omitempty"`
}

// ReleaseService is what was released of a service.
type ReleaseService struct {
	Image string `json:"image"`
	// Digest is the image's digest as its tasks run it; empty if none does yet.
	Digest string `json:"digest,omitempty"`
	// TaskDefinition is the revision's ARN.
	TaskDefinition string `json:"task_definition"`
}

// ReleaseJob is how a job ended.
type ReleaseJob struct {
	Image          string `json:"image"`
	TaskDefinition string `json:"task_definition"`
	Task           string `json:"task,omitempty"`
	ExitCode       string `json:"exit_code,omitempty"`
}

// Releases reads and writes the releases of a store.
type Releases struct{ Store Store }

// Write stores a release under its id, which ReleaseID made.
func (r Releases) Write(ctx context.Context, o engine.Owner, rel Release) error {
	rel.Schema, rel.Owner = 1, o.String()
	data, err := encode(rel)
	if err != nil {
		return err
	}
	_, err = r.Store.Put(ctx, releasePrefix(o)+rel.ID+".json", data, Condition{})
	return err
}

// Latest returns up to n releases of an owner, the newest first.
func (r Releases) Latest(ctx context.Context, o engine.Owner, n int) ([]Release, error) {
	keys, err := r.Store.List(ctx, releasePrefix(o))
	if err != nil {
		return nil, err
	}
	slices.Reverse(keys)
	var out []Release
	for _, key := range keys[:min(n, len(keys))] {
		obj, err := r.Store.Get(ctx, key)
		if err != nil {
			return nil, err
		}
		var rel Release
		if err := decode(obj.Data, &rel, key); err != nil {
			return nil, err
		}
		out = append(out, rel)
	}
	return out, nil
}

// ReleaseID makes an id that sorts by time: "20261121T101502Z-3f9a".
func ReleaseID(now time.Time, nonce string) string {
	return fmt.Sprintf("%s-%.4s", now.UTC().Format("20060102T150405Z"), nonce)
}

func releasePrefix(o engine.Owner) string { return "releases/" + o.String() + "/" }
