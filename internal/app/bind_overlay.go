package app

import (
	"cmp"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/compose-spec/compose-go/v2/types"

	"github.com/berthdev/berth/internal/project"
)

// overlay are the lines that take all mounts of this computer's files out. They
// are built when all services have been read, so that a service that is left out
// leaves no other waiting for it.
func (b *binds) overlay(r reading) string {
	sections := map[string]map[string]string{"services": {}, "volumes": {}, "secrets": {}}
	gone := map[string]bool{}
	parts := map[string][]string{}
	for _, w := range b.changed {
		if w.worksForEngine() {
			gone[w.name] = true
			sections["services"][w.name] = "!reset null"
			continue
		}
		parts[w.name] = b.mounts(w, sections)
	}
	for _, name := range sorted(r.project.Compose.Services) {
		if gone[name] {
			continue
		}
		parts[name] = append(parts[name], without(r.project.Compose.Services[name], gone)...)
		parts[name] = append(parts[name], b.dropped(r, name)...)
		if len(parts[name]) > 0 {
			sections["services"][name] = "{" + strings.Join(parts[name], ", ") + "}"
		}
	}
	var lines strings.Builder
	for _, section := range []string{"services", "volumes", "secrets"} {
		entries := sections[section]
		if len(entries) == 0 {
			continue
		}
		fmt.Fprintf(&lines, "%s:\n", section)
		for _, name := range slices.Sorted(maps.Keys(entries)) {
			fmt.Fprintf(&lines, "  %s: %s\n", name, entries[name])
		}
	}
	return lines.String()
}

// dropped are the keys of a service that no capacity has, taken out. Of the
// capabilities, those that a container can have stay.
func (b *binds) dropped(r reading, name string) []string {
	var out []string
	for _, p := range r.problems.List {
		key, ok := strings.CutPrefix(p.Drop, project.Child("services", name)+".")
		if !ok {
			continue
		}
		text := key + ": !reset null"
		if key == "cap_add" {
			var kept []string
			for _, c := range r.project.Compose.Services[name].CapAdd {
				if r.capacity.AddCapability(strings.TrimPrefix(strings.ToUpper(c), "CAP_")) == nil {
					kept = append(kept, c)
				}
			}
			text = overridden(key, "[", kept, "]")
		}
		out = append(out, text)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// worksForEngine says whether a service is of no use without a container
// engine.
func (w *storage) worksForEngine() bool {
	return w.image.needsEngine() && slices.ContainsFunc(w.bound, func(b bound) bool { return b.what == engineSocket })
}

// mounts are the keys of a service without its bind mounts: what can be a volume
// or a secret is one.
func (b *binds) mounts(w *storage, sections map[string]map[string]string) []string {
	var volumes, secrets []string
	for n, v := range w.compose.Volumes {
		if v.Type != types.VolumeTypeBind {
			volumes = append(volumes, mountText(v))
			continue
		}
		switch w.bound[n].what {
		case baked, readOnly:
			volumes = append(volumes, quoted(w.short(v.Source)+":"+v.Target+":ro"))
		case asVolume:
			name := b.name(w, "volumes", v.Source)
			sections["volumes"][name] = "{}"
			v.Type, v.Source, v.Bind = types.VolumeTypeVolume, name, nil
			volumes = append(volumes, mountText(v))
		case asSecret:
			name := b.name(w, "secrets", v.Source)
			sections["secrets"][name] = fmt.Sprintf("{file: %s}", quoted(w.short(v.Source)))
			secrets = append(secrets, fmt.Sprintf("{source: %s, target: %s}", name, quoted(v.Target)))
		case leftOut, engineSocket, clockFile:
		}
	}
	out := []string{"volumes: !reset []"}
	if len(volumes) > 0 {
		out = []string{"volumes: !override [" + strings.Join(volumes, ", ") + "]"}
	}
	if len(secrets) > 0 {
		out = append(out, "secrets: ["+strings.Join(secrets, ", ")+"]")
	}
	return out
}

// mountText is a mount that stays, as it is written in the file.
func mountText(v types.ServiceVolumeConfig) string {
	plain := v.Type == types.VolumeTypeVolume && (v.Volume == nil || !v.Volume.NoCopy && v.Volume.Subpath == "")
	switch {
	case plain && v.Source == "":
		return quoted(v.Target)
	case plain:
		text := v.Source + ":" + v.Target
		if v.ReadOnly {
			text += ":ro"
		}
		return quoted(text)
	}
	words := []string{"type: " + v.Type}
	if v.Source != "" {
		words = append(words, "source: "+quoted(v.Source))
	}
	words = append(words, "target: "+quoted(v.Target))
	if v.ReadOnly {
		words = append(words, "read_only: true")
	}
	if o := v.Volume; o != nil && o.NoCopy {
		words = append(words, "volume: {nocopy: true}")
	} else if o != nil && o.Subpath != "" {
		words = append(words, "volume: {subpath: "+quoted(o.Subpath)+"}")
	}
	return "{" + strings.Join(words, ", ") + "}"
}

// without are the keys of a service that wait for or lead to services that are
// left out, without these.
func without(s types.ServiceConfig, gone map[string]bool) []string {
	var out []string
	waits, depends := false, []string{}
	for _, name := range sorted(s.DependsOn) {
		if gone[name] {
			waits = true
			continue
		}
		d := s.DependsOn[name]
		text := fmt.Sprintf("%s: {condition: %s", name, d.Condition)
		if !d.Required {
			text += ", required: false"
		}
		depends = append(depends, text+"}")
	}
	if waits {
		out = append(out, overridden("depends_on", "{", depends, "}"))
	}
	for key, list := range map[string][]string{"links": s.Links, "volumes_from": s.VolumesFrom} {
		var kept []string
		for _, entry := range list {
			if name, _, _ := strings.Cut(entry, ":"); !gone[name] {
				kept = append(kept, quoted(entry))
			}
		}
		if len(kept) < len(list) {
			out = append(out, overridden(key, "[", kept, "]"))
		}
	}
	slices.Sort(out)
	return out
}

// overridden is a key with a new list or map in the place of the file's.
func overridden(key, open string, entries []string, end string) string {
	tag := "!override"
	if len(entries) == 0 {
		tag = "!reset"
	}
	return key + ": " + tag + " " + open + strings.Join(entries, ", ") + end
}

// quoted is a text as Compose reads it from a file.
func quoted(text string) string { return strconv.Quote(strings.ReplaceAll(text, "$", "$$")) }

// name is the name in the overlay of a file or folder of this computer: the same
// for all services, and one that the project has not.
func (b *binds) name(w *storage, section, source string) string {
	id := section + " " + source
	if name := b.names[id]; name != "" {
		return name
	}
	clean := func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '_' || r == '-' {
			return r
		}
		return '-'
	}
	base := cmp.Or(strings.Trim(strings.Map(clean, filepath.Base(source)), "-"), w.name)
	name, taken := base, func(name string) bool {
		c := w.project.Compose
		return slices.Contains(slices.Collect(maps.Values(b.names)), name) ||
			c.Volumes[name].Name != "" || c.Configs[name].Name != "" || c.Secrets[name].Name != ""
	}
	for i := 2; taken(name); i++ {
		name = fmt.Sprintf("%s-%d", base, i)
	}
	b.names[id] = name
	return name
}
