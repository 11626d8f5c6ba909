package app

import (
	"cmp"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"github.com/compose-spec/compose-go/v2/types"

	"github.com/berthdev/berth/internal/app/overlay"
	"github.com/berthdev/berth/internal/project"
)

// overlay are the lines that take all mounts of this computer's files out. They
// are built when all services have been read, so that a service that is left out
// leaves no other waiting for it.
func (b *binds) overlay(r reading) string {
	file := overlay.New()
	gone := map[string]bool{}
	parts := map[string][]string{}
	for _, w := range b.changed {
		if w.worksForEngine() {
			gone[w.name] = true
			file.WithoutService(w.name)
			continue
		}
		parts[w.name] = b.mounts(w, file)
	}
	for _, name := range sorted(r.project.Compose.Services) {
		if gone[name] {
			continue
		}
		parts[name] = append(parts[name], overlay.Without(r.project.Compose.Services[name], gone)...)
		parts[name] = append(parts[name], b.dropped(r, name)...)
		if len(parts[name]) > 0 {
			file.Service(name, parts[name])
		}
	}
	return file.String()
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
			text = overlay.Overridden(key, "[", kept, "]")
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
func (b *binds) mounts(w *storage, file *overlay.File) []string {
	var volumes, secrets []string
	for n, v := range w.compose.Volumes {
		if v.Type != types.VolumeTypeBind {
			volumes = append(volumes, overlay.Mount(v))
			continue
		}
		switch w.bound[n].what {
		case baked, readOnly:
			volumes = append(volumes, overlay.Quoted(w.short(v.Source)+":"+v.Target+":ro"))
		case asVolume:
			name := b.name(w, "volumes", v.Source)
			file.Volume(name)
			v.Type, v.Source, v.Bind = types.VolumeTypeVolume, name, nil
			volumes = append(volumes, overlay.Mount(v))
		case asSecret:
			name := b.name(w, "secrets", v.Source)
			file.Secret(name, w.short(v.Source))
			secrets = append(secrets, fmt.Sprintf("{source: %s, target: %s}", name, overlay.Quoted(v.Target)))
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
	if len(base) == 1 { // x:/data begins with a Windows drive for Compose
		base = strings.TrimSuffix(section, "s") + "-" + base
	}
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
