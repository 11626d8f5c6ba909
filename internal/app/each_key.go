package app

import (
	"maps"
	"slices"
	"strings"

	"github.com/berthdev/berth/internal/app/keys"
	"github.com/compose-spec/compose-go/v2/types"
)

// eachKey looks up every key that the files set in the table of keys, and reports
// those that are refused or ignored. No key is dropped silently.
func (r reading) eachKey() {
	c := r.project.Compose
	for _, section := range []struct {
		name  string
		value any
	}{
		{"services", r.containers()}, {"networks", c.Networks}, {"volumes", c.Volumes}, {"secrets", c.Secrets},
		{"configs", c.Configs}, {"models", c.Models}, {"jobs", c.Jobs},
	} {
		r.keys.Walk(section.name, section.value, r.project.Positions.Has, r.say)
	}
	if r.project.Positions.Has("version") {
		r.say(r.keys["version"], "version")
	}
}

// say reports what the table says about a key in the files.
func (r reading) say(row keys.Key, path string) {
	if row.ByValue || row.Fate == keys.Mapped {
		return
	}
	_, key := ownerOf(path)
	switch row.Fate {
	case keys.Refused:
		r.problems.Add(refusal(row, path, r.at(path)))
	case keys.Ignored:
		ofKey(r, path, key+" has no effect: "+row.Says)
	case keys.Noticed:
		ofKey(r, path, key+": "+row.Says)
	}
}

// ofKey is a notice of a key, and of the object that has it.
func ofKey(r reading, path, text string) {
	if owner, _ := ownerOf(path); owner != "" {
		kind, name, _ := strings.Cut(strings.TrimSuffix(owner, ": "), " ")
		about(r, kind, name, path, "%s", text)
		return
	}
	r.notice(path, "%s", text)
}

// containers are the services that run as containers, which are the ones that the
// table of keys is about.
func (r reading) containers() types.Services {
	out := types.Services{}
	for name, s := range r.project.Compose.Services {
		if !r.isManaged(name) {
			out[name] = s
		}
	}
	return out
}

// ownerOf splits services.web.deploy.mode into "service web: " and deploy.mode.
func ownerOf(path string) (owner, key string) {
	section, rest, ok := strings.Cut(path, ".")
	if !ok {
		return "", path
	}
	name, key, ok := strings.Cut(rest, ".")
	if !ok {
		return "", path
	}
	return strings.TrimSuffix(section, "s") + " " + name + ": ", key
}

// sorted are the keys of a map in order.
func sorted[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
