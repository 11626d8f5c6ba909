package engine

import (
	"fmt"
	"strings"
	"time"
)

// renderWidth is how many columns a rendered plan takes.
const renderWidth = 80

// String renders the plan as text of at most 80 columns: the actions grouped
// by owner, each with its symbol and its reasons, and a summary. It ends with
// a line feed.
func (p *Plan) String() string {
	var b strings.Builder
	var owner *Owner
	common := p.common()
	for _, a := range p.Actions {
		if a.Verb == VerbNone {
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
	b.WriteString(wrap(p.Summary()) + "\n")
	return b.String()
}

// common is, by owner, the one reason of all its actions, when all of them are
// creations or all of them deletions: it is said once, beside the owner.
func (p *Plan) common() map[Owner]string {
	type kind struct {
		verb Verb
		why  string
	}
	kinds := map[Owner]map[kind]bool{}
	for _, a := range p.Actions {
		if a.Verb == VerbNone || a.Verb == VerbLeave {
			continue
		}
		k := kind{verb: a.Verb}
		if len(a.Reasons) == 1 && a.Reasons[0].Attr == "" && (a.Verb == VerbCreate || a.Verb == VerbDelete) {
			k.why = a.Reasons[0].Why
		}
		if kinds[a.Owner()] == nil {
			kinds[a.Owner()] = map[kind]bool{}
		}
		kinds[a.Owner()][k] = true
	}
	common := map[Owner]string{}
	for o, of := range kinds {
		for k := range of {
			if len(of) == 1 {
				common[o] = k.why
			}
		}
	}
	return common
}

// wrap breaks a line at commas, and indents what follows.
func wrap(line string) string {
	var b strings.Builder
	width := 0
	for i, part := range strings.SplitAfter(line, ", ") {
		if n := len(strings.TrimSpace(part)); i > 0 && width+n > renderWidth {
			b.WriteString("\n      ")
			width = 6
		}
		b.WriteString(part)
		width += len(part)
	}
	return strings.ReplaceAll(b.String(), " \n", "\n")
}

// Summary is one line: how many actions of each sort, and how long they
// typically take.
func (p *Plan) Summary() string {
	var parts []string
	for _, c := range []struct {
		verb Verb
		text string
	}{
		{VerbCreate, "to create"}, {VerbUpdate, "to change"}, {VerbReplace, "to replace"},
		{VerbDelete, "to delete"}, {VerbWait, "to wait for"}, {VerbRecord, "to note"},
		{VerbLeave, "left standing"},
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
		line += "; about " + Roughly(p.Estimate)
	}
	return line
}

// Symbol is the sign of a verb in a rendered plan: + create, ~ change in
// place, -/+ replace, - delete, "..." wait, "=" only note, "!" leave.
func (v Verb) Symbol() string {
	switch v {
	case VerbCreate:
		return "+"
	case VerbUpdate:
		return "~"
	case VerbReplace:
		return "-/+"
	case VerbDelete:
		return "-"
	case VerbWait:
		return "..."
	case VerbRecord:
		return "="
	case VerbLeave:
		return "!"
	default:
		return " "
	}
}

// Roughly renders a duration for people: "45s", "2m30s", "12m".
func Roughly(d time.Duration) string {
	d = d.Round(time.Second)
	switch m, s := int(d.Minutes()), int(d.Seconds())%60; {
	case m == 0:
		return fmt.Sprintf("%ds", s)
	case m >= 10 || s == 0:
		return fmt.Sprintf("%dm", int(d.Round(time.Minute).Minutes()))
	default:
		return fmt.Sprintf("%dm%02ds", m, s)
	}
}

func ownerTitle(o Owner, why string) string {
	title := "stack " + o.Project + " in environment " + o.Environment
	switch {
	case o == (Owner{}):
		title = "without an owner's mark"
	case o.IsEnvironment():
		title = "environment " + o.Environment
	}
	if why != "" {
		title += ": " + why
	}
	return fit(title)
}

func renderAction(b *strings.Builder, a *Action, common string) {
	line := fmt.Sprintf("%5s %s", a.Verb.Symbol(), a.Title())
	if a.ID != "" && !a.Address.IsZero() {
		line = withID(line, a.ID)
	}
	if a.Verb == VerbCreate && len(a.Reasons) == 1 && a.Reasons[0].Attr == "" {
		why := a.Reasons[0].Why
		switch whole := line + "  (" + why + ")"; {
		case why == common:
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
		if r.Attr == "" && r.Why == common {
			continue // said beside the owner
		}
		if r.Before == "" && r.After == "" {
			writeWords(b, r.String())
			continue
		}
		for _, l := range r.lines() {
			b.WriteString(fit("        "+l) + "\n")
		}
	}
}

// writeWords writes a reason without values below its action, in as many lines
// as it needs.
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

// withID adds an object's id if the line has room for the most of it.
func withID(line, id string) string {
	if at := strings.LastIndexByte(id, '/'); strings.HasPrefix(id, "arn:") && at >= 0 {
		id = id[at+1:]
	}
	return line + "  " + id
}

// String is the reason in one line, without a limit of width.
func (r Reason) String() string { return strings.Join(r.lines(), " ") }

// lines render a reason: in one line where the values fit, else in three.
func (r Reason) lines() []string {
	if r.Attr == "" {
		return []string{r.Why}
	}
	if r.Before == "" && r.After == "" {
		return []string{r.Attr + ": " + r.Why}
	}
	value := quoted(r.Before) + " -> " + quoted(r.After)
	if r.Before == "" {
		value = "-> " + quoted(r.After)
	}
	one := fmt.Sprintf("%s: %s (%s)", r.Attr, value, r.Why)
	if len([]rune(one)) <= renderWidth-8 || r.Before == "" {
		return []string{one}
	}
	return []string{r.Attr + ": (" + r.Why + ")", "  " + quoted(r.Before), "  -> " + quoted(r.After)}
}

func quoted(s string) string {
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
