package outline

import (
	"slices"
	"strings"

	"github.com/berthdev/berth/internal/aws/ecs"
	"github.com/berthdev/berth/internal/engine"
	"github.com/berthdev/berth/internal/plantext"
	"github.com/berthdev/berth/internal/values"
)

// behind are the changes of an attribute for which the plan only says that it follows
// another object: what else differs in it, such as a variable beside a new image.
// Values of variables are not shown, because any of them may be a credential.
func (b builder) behind(part *plantext.Part, a *engine.Action, r engine.Reason) []plantext.Change {
	n := b.node(a)
	object, ok := b.Observed.Object(a.Address)
	if n == nil || !ok {
		return nil
	}
	attrs := engine.AttrsOf(n.Resource)
	i := slices.IndexFunc(attrs, func(attr engine.Attr) bool { return attr.Name == r.Attr })
	if i < 0 || !values.IsJSON(attrs[i].Value) {
		return nil
	}
	return b.between(part, a, r.Attr, object.Attrs[r.Attr], attrs[i].Value)
}

// fromRunning are the changes of what the tasks of a service run, if that is not the
// latest revision of its task definition: the plan has only the difference between the
// latest one and what is wanted.
func fromRunning(b builder, part *plantext.Part, a *engine.Action) []plantext.Change {
	if a.Type != (ecs.Service{}).Type() || !runsAnother(b, a.Address) {
		return nil
	}
	of := a.Address
	of.Type = typeTask
	running, latest := b.Running[of], map[string]string{}
	if !slices.ContainsFunc(part.Actions, func(other *engine.Action) bool { return other.Address == of }) {
		object, _ := b.Observed.Object(of)
		latest = object.Attrs
	}
	definition := &engine.Action{Verb: engine.VerbUpdate, Type: typeTask, Address: of}
	n := b.node(definition)
	if n == nil {
		return nil
	}
	var out []plantext.Change
	for _, attr := range engine.AttrsOf(n.Resource) {
		after, ok := latest[attr.Name]
		if !ok {
			after = attr.Value
		}
		if before, ok := running.Attrs[attr.Name]; ok && before != after && !isReference(after) && !attr.Create && !attr.Silent {
			out = append(out, b.between(part, definition, attr.Name, before, after)...)
		}
	}
	return out
}

// runsAnother says whether the tasks of a service run another revision than the latest
// one, and which one is known.
func runsAnother(b builder, a engine.Address) bool {
	a.Type = typeTask
	_, ok := b.Running[a]
	return ok
}

// between are the changes between two values of an attribute.
func (b builder) between(part *plantext.Part, a *engine.Action, attr, before, after string) []plantext.Change {
	var out []plantext.Change
	whole := !values.IsJSON(before)
	for _, d := range values.All(attr, stripped(before), stripped(after)) {
		if d.Path == attr && !whole || isReference(d.Before) || isReference(d.After) {
			continue
		}
		hidden := engine.Reason{Attr: d.Path, Before: d.Before, After: d.After, Cause: engine.Cause{Kind: engine.CauseEdited}}
		if strings.Contains(d.Path, ".Environment.") {
			hidden.Before, hidden.After = "", ""
		}
		if c, ok := b.change(part, a, hidden); ok {
			out = append(out, c)
		}
	}
	out = distinct(out)
	if more := len(out) - mostBehind; more > 1 {
		out = append(out[:mostBehind], plantext.Change{Text: "and " + plantext.Counted(more, "more change")})
	}
	return out
}

// mostBehind is how many of these changes are named.
const mostBehind = 6

// isReference says whether a value is one that is known only once another object
// exists: "(ecr.image/web.uri)".
func isReference(value string) bool {
	return strings.HasPrefix(value, "(") && strings.HasSuffix(value, ")")
}

// here says whether an address is that of an action of the part.
func here(part *plantext.Part, address string) bool {
	return slices.ContainsFunc(part.Actions, func(a *engine.Action) bool { return a.Address.String() == address })
}
