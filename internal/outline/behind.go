package outline

import (
	"slices"
	"strings"

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
	var out []plantext.Change
	for _, d := range values.All(r.Attr, stripped(object.Attrs[r.Attr]), stripped(attrs[i].Value)) {
		if d.Path == r.Attr || isReference(d.Before) || isReference(d.After) {
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
