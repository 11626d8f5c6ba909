package outline

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"

	"github.com/berthdev/berth/internal/app"
	"github.com/berthdev/berth/internal/aws/ecs"
	"github.com/berthdev/berth/internal/engine"
	"github.com/berthdev/berth/internal/plantext"
	"github.com/berthdev/berth/internal/values"
)

// The names of volumes that exist for files begin so; those of others do not.
const filesVolume = "_files"

// file is a file that the container for files writes: its content, or the ARN of the
// secret that it comes from, and what else the container's script says of it.
type file struct {
	content, secret, owner string
	versions               []string
}

// written finds in the script of the container for files the variable and the path of
// each file, and its owner and mode behind them.
var written = regexp.MustCompile(`printf %s "\$(FILE_[0-9]+)" > ('(?:[^']|'\\'')*')\n([^(]*)`)

// filesOf are the files in a task definition by their path; nil if it writes none.
func filesOf(t ecs.TaskDefinition) map[string]file {
	i := slices.IndexFunc(t.Containers, func(c ecs.Container) bool { return c.Name == ecs.FilesContainer })
	if i < 0 {
		return nil
	}
	c := t.Containers[i]
	out := map[string]file{}
	for _, m := range written.FindAllStringSubmatch(strings.Join(c.Command, "\n"), -1) {
		path := strings.ReplaceAll(strings.Trim(m[2], "'"), `'\''`, "'")
		f := file{content: c.Environment[m[1]], secret: c.Secrets[m[1]], owner: m[3]}
		for _, v := range c.SecretVersions {
			f.versions = append(f.versions, v.String())
		}
		out[path] = f
	}
	return out
}

// changedFiles says what happens to the files of a workload, by their keys in the
// Compose file and never with their content: any of it may be a credential.
func (b builder) changedFiles(part *plantext.Part, was, is map[string]file) []plantext.Change {
	var files []app.File
	for _, w := range b.App.Workloads() {
		if w.Name == part.Name {
			files = w.Files
		}
	}
	var out []plantext.Change
	for _, f := range files {
		before, had := was[f.Path]
		after, has := is[f.Path]
		text := ""
		switch {
		case !has:
		case !had:
			text = "added, at " + f.Path
		case (before.secret == "") != (after.secret == ""):
			text = map[bool]string{true: "becomes a secret", false: "is no longer a secret"}[before.secret == ""]
		case before.content != after.content || before.secret != after.secret:
			text = "changed"
		case before.owner != after.owner:
			text = "owner or mode changed"
		case f.Secret != "" && versionOf(before, f.Secret) != versionOf(after, f.Secret):
			text = "a new value"
		}
		if text != "" {
			out = append(out, plantext.Change{At: b.placeOf(f, had), Key: f.Key, Text: text})
		}
	}
	for path := range was {
		if _, stays := is[path]; !stays {
			out = append(out, plantext.Change{At: b.at(part, key{path: "configs", others: []string{"secrets"}}), Key: path, Text: "the file goes"})
		}
	}
	slices.SortFunc(out, func(x, y plantext.Change) int { return strings.Compare(x.Key, y.Key) })
	return out
}

// placeOf is the line to look at: that of the content if it changes, that of the
// service's list if the file comes.
func (b builder) placeOf(f app.File, had bool) string {
	if had && b.Positions != nil && b.Positions.Has(f.Key) {
		return b.Positions.At(f.Key).String()
	}
	return f.Origin
}

// versionOf is the version of a secret among those of the container for files.
func versionOf(f file, secret string) string {
	for _, v := range f.versions {
		if name, version, _ := strings.Cut(v, " "); name == secret {
			return version
		}
	}
	return ""
}

// withoutFiles are the reasons of an action on a task definition without those about
// the container that writes files, and about what it needs, and the changes of the
// files in their place.
func (b builder) withoutFiles(part *plantext.Part, a *engine.Action) ([]engine.Reason, []plantext.Change) {
	object, ok := b.Observed.Object(a.Address)
	n := b.node(a)
	if a.Type != typeTask || !ok || n == nil {
		return a.Reasons, nil
	}
	is, _ := n.Resource.(ecs.TaskDefinition)
	was, now := filesOf(engine.ShownAs[ecs.TaskDefinition](object)), filesOf(is)
	if was == nil && now == nil {
		return a.Reasons, nil
	}
	var out []engine.Reason
	var done []string
	for _, r := range a.Reasons {
		attr := root(r.Attr)
		switch {
		case r.Cause.Kind == engine.CauseFollows || attr != "containers" && attr != "volumes":
			out = append(out, r)
		case !slices.Contains(done, attr):
			done = append(done, attr)
			out = append(out, compared(a.Reasons, r, object.Attrs[attr], valueOf(is, attr))...)
		}
	}
	return out, b.changedFiles(part, was, now)
}

// compared are the reasons of an attribute that are not about files, as they are in the
// plan if it has them: it names the first few only.
func compared(list []engine.Reason, of engine.Reason, before, after string) []engine.Reason {
	attr := root(of.Attr)
	var out []engine.Reason
	for _, d := range values.All(attr, stripped(before), stripped(after)) {
		if d.Path == attr || isReference(d.Before) || isReference(d.After) {
			continue // nothing else differs
		}
		i := slices.IndexFunc(list, func(r engine.Reason) bool { return r.Attr == d.Path })
		r := engine.Reason{Attr: d.Path, Before: d.Before, After: d.After, Cause: of.Cause}
		if i >= 0 {
			r.Cause = list[i].Cause
		}
		if strings.Contains(d.Path, ".Environment.") {
			r.Before, r.After = "", ""
			if i >= 0 {
				r.Before, r.After = list[i].Before, list[i].After
			}
		}
		r.Cause.More = 0
		out = append(out, r)
	}
	return out
}

func valueOf(t ecs.TaskDefinition, name string) string {
	for _, attr := range engine.AttrsOf(t) {
		if attr.Name == name {
			return attr.Value
		}
	}
	return ""
}

// stripped is the value of containers or volumes without what is there for files: the
// container that writes them, its volumes, and who mounts these and waits for it.
func stripped(text string) string {
	var list []map[string]any
	if json.Unmarshal([]byte(text), &list) != nil {
		return text
	}
	list = slices.DeleteFunc(list, func(o map[string]any) bool {
		name, _ := o["Name"].(string)
		return name == ecs.FilesContainer || strings.HasPrefix(name, filesVolume)
	})
	for _, c := range list {
		for field, inner := range map[string]string{"Mounts": "Volume", "DependsOn": "Container"} {
			entries, ok := c[field].([]any)
			if !ok {
				continue
			}
			entries = slices.DeleteFunc(entries, func(e any) bool {
				o, _ := e.(map[string]any)
				name, _ := o[inner].(string)
				return name == ecs.FilesContainer || strings.HasPrefix(name, filesVolume)
			})
			if c[field] = entries; len(entries) == 0 {
				delete(c, field)
			}
		}
	}
	return values.JSON(anys(list))
}

// anys is a list in the form that values.JSON takes.
func anys(list []map[string]any) []any {
	out := make([]any, len(list))
	for i, o := range list {
		out[i] = o
	}
	return out
}
