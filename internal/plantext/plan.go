package plantext

import (
	"fmt"
	"strings"

	"github.com/berthdev/berth/internal/clock"
	"github.com/berthdev/berth/internal/engine"
)

// renderWidth is the width of a plan by resource in columns.
const renderWidth = 80

// Plan renders a plan as text of at most 80 columns: the actions grouped by owner,
// each with its symbol and its reasons, and a summary. The text ends with a newline.
func Plan(p *engine.Plan) string {
	var b strings.Builder
	var owner *engine.Owner
	common := commonCauses(p)
	for _, a := range p.Actions {
		if a.Verb == engine.VerbNone {
			continue
		}
		if o := a.Owner(); owner == nil || *owner != o {
			if owner != nil {
				b.WriteByte('\n')
			}
			owner = &o
			b.WriteString(ownerTitle(o, common[o]) + "\n")
		}
		renderAction(&b, a, common[a.Owner()])
	}
	if owner != nil {
		b.WriteByte('\n')
	}
	b.WriteString(wrap(Summary(p), renderWidth) + "\n")
	return b.String()
}

// Resources is Plan as lines with their tones.
func Resources(p *engine.Plan) []Line {
	var out []Line
	for line := range strings.Lines(Plan(p)) {
		line = strings.TrimSuffix(line, "\n")
		l := Line{Rest: line}
		symbol, rest, ok := strings.Cut(strings.TrimLeft(line, " "), " ")
		if indent := len(line) - len(strings.TrimLeft(line, " ")); ok && indent > 1 && indent < 6 {
			l = Line{Tone: toneOf(symbol), Head: line[:indent] + symbol, Rest: " " + rest}
			if symbol == "-/+" {
				l.Tone = Danger
			}
		}
		out = append(out, l)
	}
	return out
}

// commonCauses are the causes that all actions of an owner share, by owner, if the
// actions are all creations or all deletions. Such a cause is written once, after the
// owner.
func commonCauses(p *engine.Plan) map[engine.Owner]engine.Cause {
	type kind struct {
		verb  engine.Verb
		cause engine.Cause
	}
	kinds := map[engine.Owner]map[kind]bool{}
	for _, a := range p.Actions {
		if a.Verb == engine.VerbNone || a.Verb == engine.VerbLeave {
			continue
		}
		k := kind{verb: a.Verb}
		if len(a.Reasons) == 1 && a.Reasons[0].Attr == "" && (a.Verb == engine.VerbCreate || a.Verb == engine.VerbDelete) {
			k.cause = a.Reasons[0].Cause
		}
		if kinds[a.Owner()] == nil {
			kinds[a.Owner()] = map[kind]bool{}
		}
		kinds[a.Owner()][k] = true
	}
	common := map[engine.Owner]engine.Cause{}
	for o, of := range kinds {
		for k := range of {
			if len(of) == 1 {
				common[o] = k.cause
			}
		}
	}
	return common
}

// wrap breaks a line at commas, and indents the further lines.
func wrap(line string, columns int) string {
	var b strings.Builder
	width := 0
	for i, part := range strings.SplitAfter(line, ", ") {
		if n := len(strings.TrimSpace(part)); i > 0 && width+n > columns {
			b.WriteString("\n      ")
			width = 6
		}
		b.WriteString(part)
		width += len(part)
	}
	return strings.ReplaceAll(b.String(), " \n", "\n")
}

// Summary renders a plan in one line: the number of actions of each verb, and how
// long they typically take.
func Summary(p *engine.Plan) string {
	var parts []string
	for _, c := range []struct {
		verb engine.Verb
		text string
	}{
		{engine.VerbCreate, "to create"}, {engine.VerbUpdate, "to change"}, {engine.VerbReplace, "to replace"},
		{engine.VerbDelete, "to delete"}, {engine.VerbWait, "to wait for"}, {engine.VerbRecord, "to record"},
		{engine.VerbLeave, "to leave"},
	} {
		if n := p.Count(c.verb); n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, c.text))
		}
	}
	if p.Unchanged > 0 {
		parts = append(parts, fmt.Sprintf("%d unchanged", p.Unchanged))
	}
	if p.Empty() {
		parts = append([]string{"nothing to do"}, parts...)
	}
	line := "Plan: " + strings.Join(parts, ", ")
	if p.Estimate > 0 {
		line += "; about " + clock.Roughly(p.Estimate)
	}
	return line
}

// Symbol returns the sign of a verb in a rendered plan: + create, ~ change in place,
// -/+ replace, - delete, "..." wait, "=" only record, "!" leave.
func Symbol(v engine.Verb) string {
	switch v {
	case engine.VerbCreate:
		return "+"
	case engine.VerbUpdate:
		return "~"
	case engine.VerbReplace:
		return "-/+"
	case engine.VerbDelete:
		return "-"
	case engine.VerbWait:
		return "..."
	case engine.VerbRecord:
		return "="
	case engine.VerbLeave:
		return "!"
	default:
		return " "
	}
}

func ownerTitle(o engine.Owner, cause engine.Cause) string {
	title := "stack " + o.Project + " in environment " + o.Environment
	switch {
	case o == (engine.Owner{}):
		title = "without an owner's mark"
	case o.IsEnvironment():
		title = "environment " + o.Environment
	}
	if cause != (engine.Cause{}) {
		title += ": " + Words(cause)
	}
	return fit(title)
}

func renderAction(b *strings.Builder, a *engine.Action, common engine.Cause) {
	line := fmt.Sprintf("%5s %s", Symbol(a.Verb), a.Title())
	if a.ID != "" && !a.Address.IsZero() {
		line = withID(line, a.ID)
	}
	if a.Verb == engine.VerbCreate && len(a.Reasons) == 1 && a.Reasons[0].Attr == "" {
		why := Words(a.Reasons[0].Cause)
		switch whole := line + "  (" + why + ")"; {
		case a.Reasons[0].Cause == common:
			b.WriteString(fit(line) + "\n")
		case len([]rune(whole)) <= renderWidth:
			b.WriteString(whole + "\n")
		default:
			b.WriteString(fit(line) + "\n")
			writeWords(b, why)
		}
		return
	}
	b.WriteString(fit(line) + "\n")
	for _, r := range a.Reasons {
		if r.Attr == "" && r.Cause == common {
			continue // written after the owner
		}
		if r.Before == "" && r.After == "" {
			writeWords(b, Reason(r))
			continue
		}
		for _, l := range recordOf(r).lines() {
			b.WriteString(fit("        "+l) + "\n")
		}
	}
}

// writeWords writes a reason without values below its action, on as many lines as it
// needs.
func writeWords(b *strings.Builder, text string) {
	const first, further = "        ", "          "
	line := first
	for i, word := range strings.Fields(text) {
		switch longer := line + " " + word; {
		case i == 0:
			line += word
		case len([]rune(longer)) <= renderWidth:
			line = longer
		default:
			b.WriteString(fit(line) + "\n")
			line = further + word
		}
	}
	b.WriteString(fit(line) + "\n")
}

// withID adds an object's id, or the last part of its ARN, to a line.
func withID(line, id string) string {
	if at := strings.LastIndexByte(id, '/'); strings.HasPrefix(id, "arn:") && at >= 0 {
		id = id[at+1:]
	}
	if line == id || strings.HasSuffix(line, "/"+id) {
		return line // the name is the id
	}
	return line + "  " + id
}

// Reason renders a reason on one line of any width.
func Reason(r engine.Reason) string { return recordOf(r).String() }

// String renders the reason on one line of any width.
func (r ReasonRecord) String() string { return strings.Join(r.lines(), " ") }

// lines renders a reason: on one line if the values fit, else on three.
func (r ReasonRecord) lines() []string {
	if r.Attr == "" {
		return []string{r.Why}
	}
	if r.Before == "" && r.After == "" {
		return []string{r.Attr + ": " + r.Why}
	}
	value := orNone(r.Before) + " -> " + orNone(r.After)
	if r.Before == "" {
		value = "-> " + orNone(r.After)
	}
	one := fmt.Sprintf("%s: %s (%s)", r.Attr, value, r.Why)
	if len([]rune(one)) <= renderWidth-8 || r.Before == "" {
		return []string{one}
	}
	return []string{r.Attr + ": (" + r.Why + ")", "  " + orNone(r.Before), "  -> " + orNone(r.After)}
}

// orNone is a value, or "(none)" for an empty one.
func orNone(s string) string {
	if s == "" {
		return "(none)"
	}
	return s
}

// fit cuts a line to the width.
func fit(line string) string {
	if r := []rune(line); len(r) > renderWidth {
		return string(r[:renderWidth-3]) + "..."
	}
	return line
}
