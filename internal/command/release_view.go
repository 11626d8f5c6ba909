package command

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/berthdev/berth/internal/command/render"
	"github.com/berthdev/berth/internal/state"
)

// releaseView is a release as ps --json and history --json show it.
type releaseView struct {
	state.Release
	// Changes are what it changed against the release before, in words.
	Changes []string `json:"changes,omitempty"`
	// Runs says that its services are those that run now.
	Runs bool `json:"runs"`

	// changed are the names of the services and jobs that it changed.
	changed []string
}

func viewOf(r state.Release) releaseView { return releaseView{Release: r} }

// outcome is the outcome as the end of a sentence. Why a service did not become
// healthy is said of the service; why anything else failed, here.
func (r releaseView) outcome() string {
	if r.Outcome == state.Failed {
		return r.outcomeWord() + r.why()
	}
	return r.outcomeWord()
}

// outcomeWord is the outcome without the reason.
func (r releaseView) outcomeWord() string {
	if r.Outcome == state.Unhealthy {
		return "did not become healthy"
	}
	return r.Outcome
}

// why is the reason of a release that did not succeed.
func (r releaseView) why() string {
	first, _, more := strings.Cut(r.Error, "\n")
	switch {
	case first == "":
		return ""
	case more:
		return ": " + first + " ..."
	}
	return ": " + first
}

// backTo says which release a rollback went back to; empty for any other release.
func (r releaseView) backTo(list []state.Release) string {
	if r.RolledBackTo == "" {
		return ""
	}
	for _, other := range list {
		if other.ID == r.RolledBackTo {
			return fmt.Sprintf("back to release %d", other.Number)
		}
	}
	return "back to release " + r.RolledBackTo
}

// commitText is the commit in short, and whether there were changes beside it.
func (r releaseView) commitText() string {
	text := "commit " + r.Commit[:min(len(r.Commit), 7)]
	if r.Dirty {
		text += " with changes"
	}
	return text
}

// shortWho is a caller without the ARN's account: user/ada or assumed-role/ci/run-7.
func shortWho(who string) string {
	if parts := strings.SplitN(who, ":", 6); strings.HasPrefix(who, "arn:") && len(parts) == 6 {
		return parts[5]
	}
	return who
}

// changesOf are the differences between two releases: images, new and removed
// services, and those with the same image whose task definition changed otherwise.
// What a release was to deploy and did not is its own change, and changes again with
// the next release. changed are the names of those.
func changesOf(before *state.Release, now state.Release) (texts, changed []string) {
	if before == nil {
		return []string{"the first release"}, slices.Collect(maps.Keys(partsOf(now)))
	}
	old, fresh := partsOf(*before), partsOf(now)
	names := slices.Sorted(maps.Keys(old))
	names = append(names, slices.Sorted(maps.Keys(fresh))...)
	slices.Sort(names)
	texts = []string{}
	for _, name := range slices.Compact(names) {
		text := ""
		was, had := old[name]
		is, has := fresh[name]
		end := ""
		if is.Instead != nil {
			end = " (not in effect)"
		}
		was, had = inEffect(was, had)
		switch {
		case !had && has:
			text = fmt.Sprintf("+ %s %s%s", name, render.ShortImage(is.Image), end)
		case !had:
			continue
		case !has:
			text = "- " + name
		case was.Image != is.Image:
			text = fmt.Sprintf("~ %s %s -> %s", name, render.ShortImage(was.Image), render.ShortImage(is.Image)) + end
		case was.TaskDefinition != is.TaskDefinition:
			text = "~ " + name + " settings" + end
		default:
			continue
		}
		texts, changed = append(texts, text), append(changed, name)
	}
	return texts, changed
}

// inEffect is what a release had of a service or job at its end.
func inEffect(s state.ReleaseService, had bool) (state.ReleaseService, bool) {
	if s.Instead == nil {
		return s, had
	}
	return state.ReleaseService{Image: s.Instead.Image, TaskDefinition: s.Instead.TaskDefinition}, s.Instead.TaskDefinition != ""
}

// partsOf are the services and jobs of a release.
func partsOf(r state.Release) map[string]state.ReleaseService {
	out := maps.Clone(r.Services)
	if out == nil {
		out = map[string]state.ReleaseService{}
	}
	for name, j := range r.Jobs {
		out[name] = state.ReleaseService{Image: j.Image, TaskDefinition: j.TaskDefinition, Instead: j.Instead}
	}
	return out
}
