package app

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/berthdev/berth/internal/project"
	"github.com/compose-spec/compose-go/v2/types"
)

// dockerSocket is how programs reach a container engine.
const dockerSocket = "docker.sock"

// binds are the mounts of this computer's files, which are refused together:
// one overlay takes all of them out.
type binds struct {
	problems []Problem
	// services, volumes and configs are the lines of the overlay, by name.
	services, volumes, configs map[string]string
}

// bind keeps a mount of this computer's files for refuseBinds, with what takes
// its place.
func (w *workload) bind(key string, v types.ServiceVolumeConfig) {
	p := Problem{
		At: w.at(w.path + dotted(key)), What: fmt.Sprintf("service %s: %s of this computer cannot be mounted", w.Name, w.short(v.Source)),
		Why: "a task on AWS does not see the files of this computer", Remedy: "copy the files into the image",
	}
	switch {
	case path.Base(v.Source) == dockerSocket:
		p.What = fmt.Sprintf("service %s: %s cannot be mounted", w.Name, w.short(v.Source))
		p.Why = "a task on Fargate has no container engine beside it"
		p.Remedy = "leave the service out; x-berth.host gives services names, paths and TLS without a proxy of your own"
	case w.canBeVolume(v):
		p.Remedy = "make it a volume, which begins empty"
	case w.canBeConfig(v):
		p.Remedy = fmt.Sprintf("make it a config, if the image has nothing else in %s, or copy it into the image", path.Dir(path.Clean(v.Target)))
	}
	w.binds.problems = append(w.binds.problems, p)
	if _, done := w.binds.services[w.Name]; !done {
		w.binds.services[w.Name] = w.overlay()
	}
}

// canBeVolume says whether a mount is a place to write, which a named volume is
// on AWS: nothing is in it yet, and it hides no code that was built, or it is
// where a database keeps its data.
func (w *workload) canBeVolume(v types.ServiceVolumeConfig) bool {
	if v.Type != types.VolumeTypeBind || v.ReadOnly {
		return false
	}
	known, _ := w.known()
	data := dataFolder.MatchString(path.Clean(v.Target))
	inside, err := os.ReadDir(v.Source)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return data || w.Build == nil && path.Ext(v.Source) == "" // with one it would rather be a file
	case err != nil:
		return false
	case len(inside) == 0:
		return data || w.Build == nil
	}
	return data && known.stateful
}

// dataFolder is where images keep what they write.
var dataFolder = regexp.MustCompile(`^(/var/(lib|opt|log)/|/bitnami/|/(data|storage|uploads|media|backups?)(/|$))`)

// canBeConfig says whether a mounted file could be a config at the same place:
// a short text of the project without anything secret, in a folder that the
// image can do without.
func (w *workload) canBeConfig(v types.ServiceVolumeConfig) bool {
	if v.Type != types.VolumeTypeBind || !filepath.IsLocal(w.short(v.Source)) || occupied(path.Dir(path.Clean(v.Target))) {
		return false
	}
	text, err := readConfig(v.Source)
	return err == nil && !looksSecret(text)
}

// overlay is what a service becomes without its bind mounts: files that can be
// configs are, and what needs a container engine is left out.
func (w *workload) overlay() string {
	var keep, mounts []string
	for _, v := range w.compose.Volumes {
		switch {
		case v.Type == types.VolumeTypeBind && path.Base(v.Source) == dockerSocket:
			return "!reset null"
		case v.Type == types.VolumeTypeVolume && v.Source != "":
			mount := v.Source + ":" + v.Target
			if v.ReadOnly {
				mount += ":ro"
			}
			keep = append(keep, fmt.Sprintf("%q", mount))
		case w.canBeVolume(v):
			name := w.free(path.Base(path.Clean(v.Target)), func(name string) bool {
				return w.binds.volumes[name] != "" || w.project.Compose.Volumes[name].Name != ""
			})
			keep = append(keep, fmt.Sprintf("%q", name+":"+v.Target))
			w.binds.volumes[name] = "{}"
		case w.canBeConfig(v):
			name := w.free(filepath.Base(v.Source), func(name string) bool {
				return w.binds.configs[name] != "" || w.project.Compose.Configs[name].Name != ""
			})
			mounts = append(mounts, fmt.Sprintf("{source: %s, target: %q}", name, v.Target))
			w.binds.configs[name] = fmt.Sprintf("{file: %q}", w.short(v.Source))
		}
	}
	volumes := "!reset []"
	if len(keep) > 0 {
		volumes = "!override [" + strings.Join(keep, ", ") + "]"
	}
	if len(mounts) == 0 {
		return fmt.Sprintf("{volumes: %s}", volumes)
	}
	return fmt.Sprintf("{volumes: %s, configs: [%s]}", volumes, strings.Join(mounts, ", "))
}

// free is a name for what is only the service's, that is not taken.
func (w *workload) free(of string, taken func(string) bool) string {
	clean := func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '_' || r == '-' {
			return r
		}
		return '-'
	}
	base := w.Name + "-" + strings.Trim(strings.Map(clean, of), "-")
	name := base
	for i := 2; taken(name); i++ {
		name = fmt.Sprintf("%s-%d", base, i)
	}
	return name
}

// refuseBinds refuses the mounts of this computer's files. The last one says
// which lines take all of them out for this environment and leave them in for
// docker compose.
func (t *translator) refuseBinds() {
	list := t.binds.problems
	if len(list) == 0 {
		return
	}
	slices.SortStableFunc(list, func(a, b Problem) int { return project.ByPlace(a.At, b.At) })
	var lines strings.Builder
	fmt.Fprintf(&lines, "\n  put this into compose.%s.yaml, which is for this environment alone:", t.project.Environment)
	for _, section := range []struct {
		key     string
		entries map[string]string
	}{{"services", t.binds.services}, {"volumes", t.binds.volumes}, {"configs", t.binds.configs}} {
		if len(section.entries) == 0 {
			continue
		}
		fmt.Fprintf(&lines, "\n    %s:", section.key)
		for _, name := range slices.Sorted(maps.Keys(section.entries)) {
			fmt.Fprintf(&lines, "\n      %s: %s", name, section.entries[name])
		}
	}
	list[len(list)-1].Remedy += lines.String()
	for _, p := range list {
		t.problems.Add(p)
	}
}
