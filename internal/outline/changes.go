package outline

import (
	"cmp"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/berthdev/berth/internal/app/capacity"
	"github.com/berthdev/berth/internal/aws/ecs"
	"github.com/berthdev/berth/internal/aws/elb"
	"github.com/berthdev/berth/internal/engine"
	"github.com/berthdev/berth/internal/plantext"
	"github.com/berthdev/berth/internal/project"
)

// changes are what changes in a part, each once, in the words of the files.
func (b builder) changes(part *plantext.Part) []plantext.Change {
	var out []plantext.Change
	whole := part.Main != nil && (part.Main.Verb == engine.VerbCreate || part.Main.Verb == engine.VerbDelete)
	shared := part.Kind < plantext.Service || part.Kind == plantext.Unmarked
	for _, a := range part.Actions {
		switch a.Verb {
		case engine.VerbUpdate, engine.VerbReplace:
			if !whole {
				out = append(out, b.reasons(part, a)...)
			}
		case engine.VerbLeave:
			if a == part.Main {
				out = append(out, b.reasons(part, a)...)
			}
		case engine.VerbCreate, engine.VerbDelete:
			if !whole && !shared && a != part.Main {
				out = append(out, b.added(part, a)...)
			}
			if a == part.Main && a.Verb == engine.VerbCreate {
				out = append(out, begins(a)...)
			}
		default:
		}
	}
	out = distinct(out)
	slices.SortStableFunc(out, func(x, y plantext.Change) int {
		if x.At == "" || y.At == "" {
			return len(y.At) - len(x.At) // without a place last
		}
		return project.ByPlace(project.ParsePosition(x.At), project.ParsePosition(y.At))
	})
	return out
}

// begins are the reasons of a creation that say more than that it is missing.
func begins(a *engine.Action) []plantext.Change {
	var out []plantext.Change
	for _, r := range a.Reasons {
		if r.Cause.Kind != engine.CauseMissing {
			out = append(out, plantext.Change{Text: plantext.Words(r.Cause)})
		}
	}
	return out
}

// added is the change for an object that comes to a part that exists, or goes from
// it.
func (b builder) added(part *plantext.Part, a *engine.Action) []plantext.Change {
	if slices.Contains(part.Along, a) {
		return nil // the variable is named
	}
	verb := map[engine.Verb]string{engine.VerbCreate: "new", engine.VerbDelete: "goes"}[a.Verb]
	name := strings.TrimPrefix(strings.TrimPrefix(a.Address.Name, part.Name), "-")
	switch a.Type {
	case "elb.rule", "elb.listener":
		text := "no longer public on " + door(name)
		if a.Verb == engine.VerbCreate {
			text = "public on " + door(name)
		}
		return []plantext.Change{{At: b.at(part, key{path: "ports"}), Key: "ports", Text: text}}
	case "ecr.image":
		k := key{path: "build", of: sidecarOf(b, part, a, "")}
		c := plantext.Change{At: b.at(part, k), Key: "build", Text: "the image is built again: its files, arguments or Dockerfile changed"}
		if k.of != "" {
			c.Key = "sidecar " + k.of + ": build"
		}
		return []plantext.Change{c}
	case typeTask, "elb.target-group", "sd.service", "sd.instance":
		return nil // what they belong to changes with them
	case typeSchedule, typeRole:
		if part.Kind == plantext.Database {
			return nil // stops says it
		}
	case typeRange, typeClock:
		return nil // counted says it
	}
	return []plantext.Change{{Key: plantext.Noun(a.Type), Text: verb}}
}

// door is where clients reach a service, by the name of its rule or listener: "8080",
// "443-app.example.com", "5432-internal".
func door(name string) string {
	port, host, _ := strings.Cut(name, "-")
	switch {
	case host == "internal":
		return "internal port " + port
	case host == "":
		return "port " + port
	case port == "443":
		return "https://" + host
	}
	return "http://" + host
}

// reasons are the changes of one object.
func (b builder) reasons(part *plantext.Part, a *engine.Action) []plantext.Change {
	if a.Type == typeTask && runsAnother(b, a.Address) {
		return nil // fromRunning says it
	}
	list, out := b.withoutFiles(part, a)
	out = append(out, fromRunning(b, part, a)...)
	for _, r := range list {
		if r.Cause.Kind == engine.CauseFollows && part.Main != nil && a != part.Main && a.Type != typeTask {
			continue
		}
		if a.Type == typeTask && r.Attr == "execution_role" && len(part.Along) > 0 {
			continue // it comes along with the variable
		}
		if a.Type == typeTask && r.Cause.Kind == engine.CauseFollows {
			out = append(out, b.behind(part, a, r)...)
			if here(part, r.Cause.Of) {
				continue // what it follows is named
			}
		}
		if more, ok := beside(b, part, a, r); ok {
			out = append(out, more...)
			continue
		}
		if c, ok := b.change(part, a, r); ok {
			out = append(out, c)
		}
	}
	return out
}

// change is one reason in the words of the files; ok is false if another change says
// the same.
func (b builder) change(part *plantext.Part, a *engine.Action, r engine.Reason) (c plantext.Change, ok bool) {
	if c, ok := comes(b, a, r.Attr); ok {
		return c, true
	}
	if c, ok := woken(a, r); ok {
		return c, true
	}
	if c, ok := b.tasks(part, a, r); ok || b.saidElsewhere(part, a, r) {
		return c, ok
	}
	if strings.HasSuffix(strings.TrimSuffix(r.Attr, "[]"), "].DependsOn") && strings.Contains(r.Before+r.After, ecs.FilesContainer) {
		return c, false // the files themselves are named
	}
	k, known := keyOf(a.Type, r)
	if strings.HasSuffix(r.Attr, "."+versions+"[]") {
		k = b.valueOfSecret(part, a, r)
	}
	if strings.Contains(r.Attr, "]."+secretly+".") {
		r.Before, r.After = "", "" // ARNs, which say nothing to people
	}
	k.of = sidecarOf(b, part, a, r.Attr)
	if _, name, ok := strings.Cut(a.Address.Name, "/"); ok && a.Type == "ssm.parameter" {
		k.path += "." + name
	}
	shared := part.Kind < plantext.Service || part.Kind == plantext.Unmarked
	switch {
	case k.interim != "" && r.Cause.Kind == engine.CauseUnfinished:
		return plantext.Change{Key: k.interim, Text: "goes back to the desired one: the last run did not finish"}, true
	case r.Attr == engine.AttrState || r.Attr == "":
		return plantext.Change{Text: plantext.Words(r.Cause)}, true
	case k.drop:
		return plantext.Change{Text: plantext.Words(r.Cause)}, !follows(r)
	case known && k.path == "" && k.setting == "":
		return c, false
	case shared && strings.HasPrefix(a.Address.Name, "balancer") && b.opens(part):
		return c, false // the listeners say it
	case !known || shared && k.setting == "":
		return b.plain(part, a, r), true
	}
	c = plantext.Change{Key: k.path, At: b.at(part, k), Before: shown(k, r.Before), After: shown(k, r.After), Why: why(r)}
	switch {
	case k.setting != "" && !b.has(part, k):
		c.Key, c.Setting = "x-berth."+k.setting, true
		value, origin := b.setting(k.setting)
		if r.Cause.Kind == engine.CauseFollows {
			c.Why = "" // all of them follow from the setting
		}
		c.At, c.Why = b.origin(origin, c.Why)
		if k.text != "" {
			c.Before, c.After = "", value
		}
	case k.text != "":
		c.Before, c.After, c.Text = "", "", k.text
	}
	if k.unnamed {
		c.Key = ""
	}
	if k.of != "" && !c.Setting {
		c.Key = strings.TrimSuffix("sidecar "+k.of+": "+c.Key, ": ")
	}
	c.Held = r.Cause.Kind == engine.CauseHeld || r.Cause.Kind == engine.CauseLosesData
	if text := b.turned(a, r); text != "" {
		c.Before, c.After, c.Text, c.Why = "", "", text, ""
	}
	if c.Before == "" && c.After == "" && c.Text == "" {
		c.Text, c.Why = b.entry(a, r), ""
	}
	return c, true
}

// follows says whether a reason is the effect of another one, which the plan names.
func follows(r engine.Reason) bool {
	switch r.Cause.Kind {
	case engine.CauseEdited, engine.CauseFollows, engine.CauseDiffers, engine.CauseHeld, engine.CauseUnset:
		return true
	}
	return false
}

// opens says whether the plan makes or deletes listeners in a part.
func (b builder) opens(part *plantext.Part) bool {
	return slices.ContainsFunc(part.Actions, func(a *engine.Action) bool {
		return a.Type == elb.Listener{}.Type() && (a.Verb == engine.VerbCreate || a.Verb == engine.VerbDelete)
	})
}

// plain is a change of an attribute that no key of the files sets.
func (b builder) plain(part *plantext.Part, a *engine.Action, r engine.Reason) plantext.Change {
	name := plantext.Noun(a.Type)
	if part.Kind < plantext.Service && a.Address.Name != "main" {
		name += " " + a.Address.Name
	}
	c := plantext.Change{Key: name + " " + strings.ReplaceAll(r.Attr, "_", " "), Before: r.Before, After: r.After, Why: why(r)}
	if c.Before == "" && c.After == "" {
		c.Text, c.Why = plantext.Words(r.Cause), ""
	}
	return c
}

// why is the cause of a change that nobody made in the files.
func why(r engine.Reason) string {
	if r.Cause.Kind == engine.CauseEdited || r.Cause.Kind == engine.CauseDiffers && r.Cause.More == 0 {
		return ""
	}
	return plantext.Words(r.Cause)
}

func shown(k key, value string) string {
	if k.show == nil || value == "" {
		return value
	}
	return k.show(value)
}

// entry says what happens to a value that is not shown.
func (b builder) entry(a *engine.Action, r engine.Reason) string {
	if r.Cause.More > 0 || r.Cause.Kind != engine.CauseEdited && r.Cause.Kind != engine.CauseDiffers {
		return plantext.Words(r.Cause)
	}
	switch had, has := b.variable(a, r); {
	case has == secretly && had == "":
		return "added, a secret"
	case has != "" && had == "":
		return "added"
	case had != "" && has == "":
		return "removed"
	}
	return "changed"
}

// at is the place of the first of a key's paths that the files have.
func (b builder) at(part *plantext.Part, k key) string {
	if b.Positions == nil {
		return ""
	}
	service := "services." + cmp.Or(k.of, part.Name) + "."
	for _, path := range append([]string{k.path}, k.others...) {
		if path != "" && b.Positions.Has(service+path) {
			return b.Positions.At(service + path).String()
		}
	}
	if k.path == "" {
		return ""
	}
	return b.Positions.At(service + k.path).String()
}

// has says whether the service itself has the key of a setting.
func (b builder) has(part *plantext.Part, k key) bool {
	return b.Positions != nil && k.path != "" && b.Positions.Has("services."+cmp.Or(k.of, part.Name)+"."+k.path)
}

// setting is the value of a setting and its origin.
func (b builder) setting(name string) (value, origin string) {
	v := reflect.ValueOf(b.App.Settings)
	for i := range v.NumField() {
		if v.Type().Field(i).Tag.Get("setting") == name {
			return fmt.Sprint(v.Field(i).FieldByName("Value").Interface()), v.Field(i).FieldByName("Origin").String()
		}
	}
	return "", ""
}

// origin is the place of a setting in the files, or where else its value comes from.
func (b builder) origin(origin, why string) (at, from string) {
	if strings.Contains(origin, ":") && !strings.Contains(origin, " ") {
		return origin, why
	}
	if strings.HasPrefix(origin, "preset ") && b.Positions != nil && b.Positions.Has("x-berth.preset") {
		return b.Positions.At("x-berth.preset").String(), join(why, origin)
	}
	return "", join(why, origin)
}

func join(parts ...string) string {
	return strings.Join(slices.DeleteFunc(parts, func(s string) bool { return s == "" }), "; ")
}

// distinct leaves out changes that another one of the same key includes: the one
// that says more stays.
func distinct(list []plantext.Change) []plantext.Change {
	var out []plantext.Change
	for _, c := range list {
		i := slices.IndexFunc(out, func(o plantext.Change) bool { return includes(o, c) || includes(c, o) })
		switch {
		case i < 0:
			out = append(out, c)
		case includes(c, out[i]):
			out[i] = c
		}
	}
	return out
}

// includes says whether one change says everything that another one does.
func includes(a, b plantext.Change) bool {
	if b.Text == "changed" && a.At == b.At && a.Key == b.Key && a.Key != "" && a.Why == "" {
		return true // whatever it follows
	}
	if b.Before == "" {
		b.Before = a.Before
	}
	if b.Text != "" && a.Text == "" {
		b.Text, b.Before, b.After = "", a.Before, a.After
	}
	return a == b
}

// settings moves the changes of settings that concern several parts into a part of
// their own, each once.
func (b builder) settings() []plantext.Part {
	out := plantext.Part{Kind: plantext.Settings}
	seen, times := map[plantext.Change]bool{}, map[plantext.Change]int{}
	for _, part := range b.parts {
		for _, c := range part.Changes {
			times[c]++
		}
	}
	for _, part := range b.parts {
		before := len(part.Changes)
		part.Changes = slices.DeleteFunc(part.Changes, func(c plantext.Change) bool {
			moves := c.Setting && times[c] > 1
			if moves && !seen[c] {
				seen[c] = true
				out.Changes = append(out.Changes, c)
			}
			return moves
		})
		part.Minor = before > 0 && len(part.Changes) == 0 && len(part.Facts) == 0 && !part.Rolls && part.Main == nil
	}
	if len(out.Changes) == 0 {
		return nil
	}
	slices.SortFunc(out.Changes, func(x, y plantext.Change) int { return strings.Compare(x.Key, y.Key) })
	out.Changes = distinct(out.Changes)
	return []plantext.Part{out}
}

func cpus(units string) string {
	n, err := strconv.Atoi(units)
	if err != nil {
		return units
	}
	return strings.TrimSuffix(capacity.Size{CPU: n}.String(), " vCPU")
}

func mebibytes(text string) string {
	n, err := strconv.Atoi(text)
	if err != nil {
		return text
	}
	return capacity.Size{Memory: n}.String()
}

func version(text string) string { return "version " + text }

func seconds(text string) string { return text + "s" }

// subnets is the value of network.tasks by whether tasks have public addresses.
func subnets(public string) string {
	if public == "true" {
		return "public"
	}
	return "private"
}
