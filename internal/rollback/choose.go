package rollback

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/berthdev/berth/internal/state"
)

// mostReleases is how far back a rollback without a number looks.
const mostReleases = 50

// NothingBeforeError says that no earlier release can be gone back to.
type NothingBeforeError struct{ Releases int }

func (e *NothingBeforeError) Error() string {
	if e.Releases == 0 {
		return "there is no release yet"
	}
	return "no earlier release that succeeded ran anything else"
}

// Remedy is what the user can do.
func (e *NothingBeforeError) Remedy() string {
	if e.Releases == 0 {
		return "`berth up` makes one"
	}
	if e.Releases == 1 {
		return "the next `berth up` makes another one; to go back further, run `berth up` with older files"
	}
	return "`berth history` lists them; `berth rollback N` goes back to one of them"
}

// NothingThereError says that nothing of a release is deployed now.
type NothingThereError struct {
	Release int

	remedy string
}

func (e *NothingThereError) Error() string {
	return fmt.Sprintf("nothing of release %d is deployed now, so nothing can go back", e.Release)
}

// Remedy is what the user can do.
func (e *NothingThereError) Remedy() string { return e.remedy }

// ImpossibleError says why a release cannot run as it did.
type ImpossibleError struct {
	Release int
	Why     []string

	remedy string
}

func (e *ImpossibleError) Error() string {
	text := fmt.Sprintf("release %d cannot run as it did: %s", e.Release, e.Why[0])
	for _, why := range e.Why[1:] {
		text += "; " + why
	}
	return text
}

// Remedy is what the user can do.
func (e *ImpossibleError) Remedy() string { return e.remedy }

// choose finds the release to go back to.
func (p *Plan) choose(ctx context.Context, asked string) error {
	releases, stack := p.project.Releases(), p.project.Stack()
	list, _, err := releases.Latest(ctx, stack, mostReleases)
	if err != nil {
		return err
	}
	if len(list) == 0 {
		return &NothingBeforeError{}
	}
	p.last = list[0]
	if asked != "" {
		p.To, err = releases.Find(ctx, stack, asked)
		return err
	}
	running, err := p.project.TaskDefinitions(ctx)
	if err != nil {
		return err
	}
	to, ok := before(list, running)
	if !ok {
		return &NothingBeforeError{len(list)}
	}
	p.To = to
	return nil
}

// before is the release that a rollback without a number goes back to. If the last run
// succeeded, that is the newest release before what runs now that succeeded and ran
// something else; a rollback stands for what it went back to, so that going back twice
// goes further back. If the last run failed, or left no release because it died, it is the
// newest one that succeeded. running are the task definitions that the services have now.
func before(list []state.Release, running map[string]string) (state.Release, bool) {
	if list[0].Outcome != state.Succeeded || elsewhere(list[0], running) {
		i := slices.IndexFunc(list, func(r state.Release) bool { return r.Outcome == state.Succeeded })
		if i < 0 {
			return state.Release{}, false
		}
		return list[i], true
	}
	now := 0
	for list[now].RolledBackTo != "" {
		older := slices.IndexFunc(list[now+1:], func(r state.Release) bool { return r.ID == list[now].RolledBackTo })
		if older < 0 {
			return state.Release{}, false
		}
		now += 1 + older
	}
	for _, r := range list[now+1:] {
		if r.Outcome == state.Succeeded && r.RolledBackTo == "" && differs(r, list[now]) {
			return r, true
		}
	}
	return state.Release{}, false
}

// elsewhere says whether a service has another task definition than the last release gave
// it.
func elsewhere(last state.Release, running map[string]string) bool {
	for name, s := range last.Services {
		if now, ok := running[name]; ok && now != s.TaskDefinition {
			return true
		}
	}
	return false
}

// differs says whether a service had different revisions in two releases.
func differs(a, b state.Release) bool {
	for name, s := range a.Services {
		if other, ok := b.Services[name]; ok && other.TaskDefinition != s.TaskDefinition {
			return true
		}
	}
	return false
}

func sorted[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
