package app

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/berthdev/berth/internal/credential"
	"github.com/berthdev/berth/internal/project"
	"github.com/compose-spec/compose-go/v2/types"
)

// dockerSocket is the file through which programs reach a container engine.
const dockerSocket = "docker.sock"

// maxSecretBytes is the maximum size of a parameter.
// https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-advanced-parameters.html
const maxSecretBytes = 8 << 10

// binds are the mounts of files of this computer. They are refused together, with
// one overlay that replaces all of them.
type binds struct {
	problems []Problem
	// sections are the lines of the overlay, by section and name.
	sections map[string]map[string]string
	// names are the names in the overlay of files and folders of this computer.
	names map[string]string
}

func newBinds() *binds {
	return &binds{sections: map[string]map[string]string{}, names: map[string]string{}}
}

// substitute is the section of the Compose file that can replace a mounted file or
// folder; empty if only the image can.
func (w *storage) substitute(v types.ServiceVolumeConfig) string {
	switch {
	case v.Type != types.VolumeTypeBind:
		return ""
	case w.canBeVolume(v):
		return "volumes"
	case !filepath.IsLocal(w.short(v.Source)), occupied(path.Dir(path.Clean(v.Target))):
		return ""
	}
	text, err := readConfig(v.Source)
	switch {
	case err != nil:
		return ""
	case !credential.File(text):
		return "configs"
	case len(text) <= maxSecretBytes:
		return "secrets"
	}
	return ""
}

// bind records a mount of files of this computer and what can replace it, for
// binds.refuse.
func (w *storage) bind(key string, v types.ServiceVolumeConfig) {
	p := Problem{
		At: w.at(w.path + dotted(key)), What: fmt.Sprintf("service %s: the local file or folder %s cannot be mounted", w.name, w.short(v.Source)),
		Why: "a task on AWS cannot see the files of this computer", Remedy: "copy the files into the image",
	}
	section, folder := w.substitute(v), path.Dir(path.Clean(v.Target))
	switch {
	case path.Base(v.Source) == dockerSocket:
		p.What = fmt.Sprintf("service %s: %s cannot be mounted", w.name, w.short(v.Source))
		p.Why = w.capacity.ContainerEngine()
		p.Remedy = "leave the service out; x-berth.host gives services names, paths and TLS without your own proxy"
	case v.Source == "/etc/localtime", v.Source == "/etc/timezone":
		p.Why, p.Remedy = "a task's clock is in UTC", "leave it out; the variable TZ sets the zone of most programs"
	case section == "volumes":
		p.Remedy = "make it a volume, which starts empty"
	case section == "configs":
		p.Remedy = fmt.Sprintf("make it a config if the image needs nothing else in %s, or copy it into the image", folder)
	case section == "secrets":
		p.Remedy = fmt.Sprintf("it contains a credential: make it a secret with `berth secret set %s - < %s` if the image needs nothing else in %s",
			w.substituteName(section, v.Source), w.short(v.Source), folder)
	}
	w.binds.problems = append(w.binds.problems, p)
	if w.binds.sections["services"][w.name] == "" {
		w.binds.add("services", w.name, w.overlay())
	}
}

func (b *binds) add(section, name, line string) {
	if b.sections[section] == nil {
		b.sections[section] = map[string]string{}
	}
	b.sections[section][name] = line
}

// canBeVolume says whether a named volume can replace a mount: the service writes
// it, and either it is empty and hides no files of a built image, or a database
// keeps its data there.
func (w *storage) canBeVolume(v types.ServiceVolumeConfig) bool {
	if !w.isWritten(v.Source) {
		return false
	}
	known, _ := w.image.known()
	data := dataFolder.MatchString(path.Clean(v.Target))
	inside, err := os.ReadDir(v.Source)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return data || w.image.build == nil && path.Ext(v.Source) == "" // an extension suggests a file
	case err != nil:
		return false
	case len(inside) == 0:
		return data || w.image.build == nil
	}
	return data && known.Stateful
}

// isWritten says whether a service may write what is mounted from this computer.
func (r reading) isWritten(source string) bool {
	for _, s := range r.project.Compose.Services {
		for _, v := range s.Volumes {
			if v.Type == types.VolumeTypeBind && v.Source == source && !v.ReadOnly {
				return true
			}
		}
	}
	return false
}

// dataFolder is where images keep what they write.
var dataFolder = regexp.MustCompile(`^(/var/(lib|opt|log)/|/bitnami/|/(data|storage|uploads|media|backups?)(/|$))`)

// overlay is the line of the overlay for a service: its bind mounts become
// volumes, configs or secrets where they can, and a service that needs a container
// engine is removed.
func (w *storage) overlay() string {
	volumes, files := []string{}, map[string][]string{}
	for _, v := range w.compose.Volumes {
		source := v.Source
		switch section := w.substitute(v); {
		case v.Type == types.VolumeTypeBind && path.Base(source) == dockerSocket:
			return "!reset null"
		case section == "configs", section == "secrets":
			name := w.substituteName(section, source)
			files[section] = append(files[section], fmt.Sprintf("{source: %s, target: %s}", name, literal(v.Target)))
			w.binds.add(section, name, fmt.Sprintf("{file: %s}", literal(w.short(source))))
			continue
		case section == "volumes":
			source = w.substituteName(section, source)
			w.binds.add(section, source, "{}")
		case v.Type != types.VolumeTypeVolume || source == "":
			continue
		}
		mount := source + ":" + v.Target
		if v.ReadOnly {
			mount += ":ro"
		}
		volumes = append(volumes, literal(mount))
	}
	out := "volumes: !reset []"
	if len(volumes) > 0 {
		out = "volumes: !override [" + strings.Join(volumes, ", ") + "]"
	}
	for _, section := range slices.Sorted(maps.Keys(files)) {
		out += fmt.Sprintf(", %s: [%s]", section, strings.Join(files[section], ", "))
	}
	return "{" + out + "}"
}

// literal is a text quoted for a Compose file, in which $ is written as $$.
func literal(text string) string { return strconv.Quote(strings.ReplaceAll(text, "$", "$$")) }

// substituteName is the name in the overlay of a file or folder of this computer:
// the same for all services, and one that the project does not use yet.
func (w *storage) substituteName(section, source string) string {
	id := section + " " + source
	if name := w.binds.names[id]; name != "" {
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
		return w.binds.sections[section][name] != "" || slices.Contains(slices.Collect(maps.Values(w.binds.names)), name) ||
			c.Volumes[name].Name != "" || c.Configs[name].Name != "" || c.Secrets[name].Name != ""
	}
	for i := 2; taken(name); i++ {
		name = fmt.Sprintf("%s-%d", base, i)
	}
	w.binds.names[id] = name
	return name
}

// refuse refuses the mounts of files of this computer. The last problem has the
// lines of an overlay that replaces all of them in this environment and keeps them
// for docker compose.
func (b *binds) refuse(r reading) {
	list := b.problems
	if len(list) == 0 {
		return
	}
	slices.SortStableFunc(list, func(a, b Problem) int { return project.ByPlace(a.At, b.At) })
	var lines strings.Builder
	fmt.Fprintf(&lines, "\n  put this into compose.%s.yaml, the overlay for this environment:", r.project.Environment)
	for _, section := range []string{"services", "volumes", "configs", "secrets"} {
		entries := b.sections[section]
		if len(entries) == 0 {
			continue
		}
		fmt.Fprintf(&lines, "\n    %s:", section)
		for _, name := range slices.Sorted(maps.Keys(entries)) {
			fmt.Fprintf(&lines, "\n      %s: %s", name, entries[name])
		}
	}
	list[len(list)-1].Remedy += lines.String()
	for _, p := range list {
		r.problems.Add(p)
	}
}
