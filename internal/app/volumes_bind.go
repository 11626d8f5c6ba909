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

// dockerSocket is how programs reach a container engine.
const dockerSocket = "docker.sock"

// maxSecretBytes is what a parameter holds.
// https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-advanced-parameters.html
const maxSecretBytes = 8 << 10

// binds are the mounts of this computer's files, which are refused together:
// one overlay takes all of them out.
type binds struct {
	problems []Problem
	// sections are the lines of the overlay, by section and name.
	sections map[string]map[string]string
	// names are those in the overlay for files and folders of this computer.
	names map[string]string
}

func newBinds() *binds {
	return &binds{sections: map[string]map[string]string{}, names: map[string]string{}}
}

// substitute is the section of the Compose file with what takes the place of a
// mounted file or folder; empty where the image has to.
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

// bind keeps a mount of this computer's files, which binds.refuse refuses, with
// what takes its place.
func (w *storage) bind(key string, v types.ServiceVolumeConfig) {
	p := Problem{
		At: w.at(w.path + dotted(key)), What: fmt.Sprintf("service %s: %s of this computer cannot be mounted", w.name, w.short(v.Source)),
		Why: "a task on AWS does not see the files of this computer", Remedy: "copy the files into the image",
	}
	section, folder := w.substitute(v), path.Dir(path.Clean(v.Target))
	switch {
	case path.Base(v.Source) == dockerSocket:
		p.What = fmt.Sprintf("service %s: %s cannot be mounted", w.name, w.short(v.Source))
		p.Why = w.capacity.ContainerEngine()
		p.Remedy = "leave the service out; x-berth.host gives services names, paths and TLS without a proxy of your own"
	case v.Source == "/etc/localtime", v.Source == "/etc/timezone":
		p.Why, p.Remedy = "a task's clock is in UTC", "leave it out; the variable TZ sets the zone of most programs"
	case section == "volumes":
		p.Remedy = "make it a volume, which begins empty"
	case section == "configs":
		p.Remedy = fmt.Sprintf("make it a config, if the image has nothing else in %s, or copy it into the image", folder)
	case section == "secrets":
		p.Remedy = fmt.Sprintf("it has a credential: make it a secret with `berth secret set %s - < %s`, if the image has nothing else in %s",
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

// canBeVolume says whether a mount is a place to write, which a named volume is
// on AWS: nothing is in it yet, and it hides no code that was built, or it is
// where a database keeps its data.
func (w *storage) canBeVolume(v types.ServiceVolumeConfig) bool {
	if !w.isWritten(v.Source) {
		return false
	}
	known, _ := w.image.known()
	data := dataFolder.MatchString(path.Clean(v.Target))
	inside, err := os.ReadDir(v.Source)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return data || w.image.build == nil && path.Ext(v.Source) == "" // with one it would rather be a file
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

// overlay is what a service becomes without its bind mounts: what can be a
// volume, a config or a secret is one, and what needs a container engine is left
// out.
func (w *storage) overlay() string {
	volumes, files := []string{}, map[string][]string{}
	for _, v := range w.compose.Volumes {
		source := v.Source
		switch section := w.substitute(v); {
		case v.Type == types.VolumeTypeBind && path.Base(source) == dockerSocket:
			return "!reset null"
		case section == "configs", section == "secrets":
			name := w.substituteName(section, source)
			files[section] = append(files[section], fmt.Sprintf("{source: %s, target: %s}", name, quoted(v.Target)))
			w.binds.add(section, name, fmt.Sprintf("{file: %s}", quoted(w.short(source))))
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
		volumes = append(volumes, quoted(mount))
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

// quoted is a text as Compose reads it from a file.
func quoted(text string) string { return strconv.Quote(strings.ReplaceAll(text, "$", "$$")) }

// substituteName is the name in the overlay of a file or folder of this
// computer: the same for all services, and one that the project has not.
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

// refuse refuses the mounts of this computer's files. The last one says
// which lines take all of them out for this environment and leave them in for
// docker compose.
func (b *binds) refuse(r reading) {
	list := b.problems
	if len(list) == 0 {
		return
	}
	slices.SortStableFunc(list, func(a, b Problem) int { return project.ByPlace(a.At, b.At) })
	var lines strings.Builder
	fmt.Fprintf(&lines, "\n  put this into compose.%s.yaml, which is for this environment alone:", r.project.Environment)
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
