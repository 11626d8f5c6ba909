package deploy

import (
	"context"
	"errors"

	"github.com/berthdev/berth/internal/concurrent"
	"github.com/berthdev/berth/internal/engine"
	"github.com/berthdev/berth/internal/state"
)

// sighting is what the locks of the owners said before AWS was read.
type sighting map[engine.Owner]state.Seen

// observe reads the locks of both owners side by side. A peek looks and waits for
// no other run.
func observe(ctx context.Context, s *session, peek bool) (sighting, error) {
	s.begin(StageObserve)
	type result struct {
		seen state.Seen
		err  error
	}
	look := s.locker.Observe
	if peek {
		look = s.locker.Peek
	}
	results := make(chan result)
	for _, o := range s.owners() {
		go func() {
			var r result
			r.err = concurrent.Safely(func() (err error) {
				r.seen, err = look(ctx, o)
				return err
			})
			r.seen.Owner = o
			results <- r
		}()
	}
	out := sighting{}
	var errs []error
	for range s.owners() {
		r := <-results
		out[r.seen.Owner] = r.seen
		errs = append(errs, r.err)
	}
	return out, errors.Join(errs...)
}

// unclean reports whether the last run of an owner died with the lock.
func (g sighting) unclean() bool {
	for _, seen := range g {
		if seen.Unclean {
			return true
		}
	}
	return false
}

// none reports whether no run has ever changed anything, because no lock has a record.
func (g sighting) none() bool {
	for _, seen := range g {
		if seen.Exists {
			return false
		}
	}
	return true
}

// died are the owners whose last run died, or failed without a complete record of
// its changes.
func (g sighting) died() map[engine.Owner]bool {
	out := map[engine.Owner]bool{}
	for o, seen := range g {
		out[o] = seen.Unclean || seen.Record.Unsettled
	}
	return out
}

// isNew reports whether the last run made an object, or found it new, and did not
// see that it was of use. A run that died has not recorded everything that it made.
func (g sighting) isNew(l engine.Object) bool {
	for owner, seen := range g {
		if seen.Unclean && owner == l.Address.Owner && seen.Ago(state.Change{}) < stillNew {
			return true
		}
		for _, c := range seen.Record.Changes {
			if c.New && c.Type == l.Address.Type && c.ID == l.ID && seen.Ago(c) < stillNew {
				return true
			}
		}
	}
	return false
}
