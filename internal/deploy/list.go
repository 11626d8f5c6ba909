package deploy

import (
	"context"
	"strings"
	"time"

	"github.com/berthdev/berth/internal/app"
	"github.com/berthdev/berth/internal/aws/tagindex"
	"github.com/berthdev/berth/internal/concurrent"
	"github.com/berthdev/berth/internal/state"
)

// Stack is one project in one environment of an account and region.
type Stack struct {
	Project string `json:"project"`
	// Environment is its name as -e takes it or, if projects share it, as the files
	// name it.
	Environment string `json:"environment"`
	// Services are its services and managed databases.
	Services []string `json:"services"`
	// Release is the last release, Time when it was made; empty and zero if the
	// state does not know.
	Release string    `json:"release,omitempty"`
	Time    time.Time `json:"time,omitzero"`
	// Source is where its files come from.
	Source string `json:"source,omitempty"`
	// Run is who changes it at the moment; empty if nobody does.
	Run string `json:"run,omitempty"`
}

// List returns what is deployed in the account and region of a target: by AWS's
// index of tags, and by the state's records, one read for each stack.
func List(ctx context.Context, target Target) ([]Stack, error) {
	target = target.withDefaults()
	found, err := tagindex.Stacks(ctx, target.Clients.Tagging)
	if err != nil {
		return nil, err
	}
	locker := &state.Locker{Store: target.Store, Clock: target.Clock, Me: target.Holder, Alive: target.Alive, Nonce: target.Nonce}
	out := make([]Stack, len(found))
	err = concurrent.Each(found, func(i int, f tagindex.Stack) error {
		out[i] = Stack{Project: f.Owner.Project, Environment: EnvOf(f.Owner), Services: f.Services}
		seen, err := locker.Peek(ctx, f.Owner)
		if err != nil {
			return err
		}
		out[i].remember(seen.Record)
		return nil
	})
	return out, err
}

// remember fills in what the lock's record knows.
func (s *Stack) remember(r state.Record) {
	source := r.Source
	if last := r.LastRelease; last != nil {
		s.Release, s.Time = last.ID, state.ReleaseTime(last.ID)
		if source == "" {
			source = last.Source
		}
	}
	if source != "" {
		s.Source = strings.TrimSpace(app.ReadSource(source).String())
	}
	if r.Holder != nil {
		s.Run = r.Holder.String()
	}
}
