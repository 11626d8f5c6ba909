package plantext

import (
	"strings"
	"time"

	"github.com/berthdev/berth/internal/clock"
	"github.com/berthdev/berth/internal/engine"
)

// Overview renders a plan by its parts, for people: one line for each part that is
// new or goes, and below a part that changes, what changes in the words of the
// files. Then comes what stays although it might go, the totals, and what happens
// to data. No line is longer than that many columns, of which it takes 40 to 120.
func Overview(p *engine.Plan, parts []Part, columns int) []Line {
	o := overview{plan: p, columns: columnsOf(parts), width: Width(columns)}
	for _, part := range parts {
		if part.Rolls {
			o.moves = max(o.moves, part.Moves)
		}
	}
	for kind := Environment; kind <= Unmarked; kind++ {
		o.group(kind, parts)
	}
	o.left(parts)
	if len(o.lines) > 0 {
		o.add(Plain, "", "")
	}
	o.totals(parts)
	return append(o.lines, StakeLines(p, columns)...)
}

// Text is the text of lines, each with its newline.
func Text(lines []Line) string {
	var b strings.Builder
	for _, l := range lines {
		b.WriteString(l.String() + "\n")
	}
	return b.String()
}

// overview collects the lines of a plan.
type overview struct {
	plan    *engine.Plan
	columns columns
	width   int
	lines   []Line
	// moves is how long the traffic of the slowest of the parts moves.
	moves time.Duration
}

// The bounds of the width of a plan; below leastTable, what is known of a part is below
// its name and not beside it.
const (
	leastWidth = 40
	leastTable = 72
	mostWidth  = 120
)

// Width is the width of a plan on a terminal of that many columns.
func Width(columns int) int { return max(leastWidth, min(mostWidth, columns)) }

// folded breaks a text into lines that fit behind an indent.
func (o *overview) folded(text string, indent int) []string { return folded(text, indent, o.width) }

func (o *overview) add(t Tone, head, rest string) {
	if t == Danger {
		head, rest = head+rest, "" // the whole line
	}
	o.lines = append(o.lines, Line{t, head, strings.TrimRight(rest, " ")})
}

// titles are the titles of the groups.
var titles = map[Kind]string{
	Environment: "environment", Project: "project", Settings: "settings",
	Service: "services", Job: "jobs", Database: "databases", Volume: "volumes",
	Unmarked: "without an owner's mark",
}

// group adds the parts of one kind.
func (o *overview) group(kind Kind, parts []Part) {
	begun := false
	for _, p := range parts {
		sign := p.sign()
		if p.Kind != kind || sign == "" {
			continue
		}
		if !begun {
			title := titles[kind]
			if kind == Environment || kind == Project {
				title += " " + p.Name
			}
			if len(o.lines) > 0 {
				o.add(Plain, "", "")
			}
			o.add(Title, title, "")
			begun = true
		}
		if kind == Environment || kind == Project || kind == Settings || kind == Unmarked {
			o.shared(p, sign)
			continue
		}
		o.part(p, sign)
	}
}

// shared adds a part that several others share.
func (o *overview) shared(p Part, sign string) {
	for _, fact := range p.Facts {
		for i, line := range o.folded(fact.Text, 4) {
			head := "    "
			if i == 0 {
				head = "  " + Symbol(fact.Verb) + " "
			}
			o.add(toneOf(Symbol(fact.Verb)), head, line)
		}
	}
	if len(p.Facts) == 0 && len(p.Changes) == 0 && sign == "=" {
		o.add(Plain, "  = ", cut(waiting(p), o.width-4))
	}
	for _, c := range p.Changes {
		o.change(c, 4)
	}
}

// part adds a service, job, database or volume.
func (o *overview) part(p Part, sign string) {
	tone := toneOf(sign)
	head := "  " + sign + " " + p.Name
	switch sign {
	case "+":
		o.created(p, tone, head)
	case "-":
		o.tell(tone, head, "", goes(p))
	case ">":
		if len(p.Causes) == 0 && p.Main.Verb == engine.VerbCreate {
			o.row(p, tone, head, again(p))
			return
		}
		o.tell(tone, head, p.Size, again(p))
	case "=":
		o.tell(tone, head, "", waiting(p))
	default:
		o.tell(tone, head, p.size(sign), effect(p))
	}
	for _, c := range p.Changes {
		o.change(c, 6)
	}
}

// tell adds the line of a part with what happens to it, which may need further
// lines.
func (o *overview) tell(tone Tone, head, size, text string) {
	if o.width < leastTable {
		o.stacked(tone, head, size, text)
		return
	}
	head = pad(cut(head, o.width), o.columns.name+4)
	if size != "" {
		size = pad(size, o.columns.size) + "  "
	}
	indent := runes(head) + 2 + runes(size)
	lines := o.folded(text, indent)
	if o.width-indent < leastText {
		o.add(tone, head, "  "+size)
		indent = 8
		lines = append([]string{""}, o.folded(text, indent)...)
	}
	for i, line := range lines {
		switch {
		case i > 0:
			o.add(Plain, "", strings.Repeat(" ", indent)+line)
		case line != "":
			o.add(tone, head, "  "+size+line)
		}
	}
}

// effect says what a change does to what runs.
func effect(p Part) string {
	switch {
	case p.Rolls && p.Main != nil && p.Rollout != "":
		return p.Rollout + ", about " + clock.Roughly(p.Main.Estimate+p.Moves)
	case p.Rolls && p.Main != nil && len(p.Changes) == 0:
		return "rolls, about " + clock.Roughly(p.Main.Estimate) + " (settings)"
	case p.Rolls && p.Main != nil:
		return "rolls, about " + clock.Roughly(p.Main.Estimate)
	case p.Scale > 0:
		return "starts " + Counted(p.Scale, "more task")
	case p.Scale < 0:
		return "stops " + Counted(-p.Scale, "task")
	case p.Main != nil && p.Main.Verb == engine.VerbReplace:
		return "replaced, about " + clock.Roughly(p.Main.Estimate)
	case p.Main != nil && p.Main.Verb == engine.VerbLeave:
		return "not changed"
	case p.Kind == Service:
		return "nothing restarts"
	case p.Scheduled:
		return "from its next run on"
	}
	text := "changes in place"
	if p.Main != nil && p.Main.Estimate > 0 {
		text += ", about " + clock.Roughly(p.Main.Estimate)
	}
	return text
}

// again says why a job runs.
func again(p Part) string {
	switch {
	case p.Main.Verb == engine.VerbCreate:
		return "runs once"
	case len(p.Causes) > 0:
		return "runs again: " + listed(fewer(p.Causes)) + " changed"
	}
	for _, r := range p.Main.Reasons {
		if r.Cause.Kind == engine.CauseFailed {
			return "runs again: " + Words(r.Cause)
		}
	}
	return "runs again: it has not succeeded since its last change"
}

func stops(scale int) string {
	if scale == -1 {
		return "stops"
	}
	return "stop"
}

func waiting(p Part) string {
	if a := p.waits(); a != nil {
		return "waits: " + Words(a.Reasons[0].Cause)
	}
	return "nothing changes but berth's record of it"
}

// goes says what becomes of a part that is deleted.
func goes(p Part) string {
	text := "deleted"
	if p.Main == nil {
		return "what is left of it is deleted"
	}
	if p.Loses {
		text += " for good, with its data"
	}
	if p.Scale < 0 {
		text += ", " + Counted(-p.Scale, "task") + " " + stops(p.Scale)
	}
	for _, r := range p.Main.Reasons {
		switch r.Cause.Kind {
		case engine.CauseTeardown:
		case engine.CauseLeaves:
			text += "; " + Words(r.Cause)
		default:
			text += ": " + Words(r.Cause)
		}
	}
	return text
}

// change adds one change below its part.
func (o *overview) change(c Change, indent int) {
	text := c.Key
	value := c.Text
	switch {
	case c.Before != "" && c.After != "":
		value = c.Before + " -> " + c.After
	case c.After != "":
		value = "-> " + c.After
	case c.Before != "":
		value = c.Before + " -> none"
	}
	if text != "" && value != "" {
		text += ": "
	}
	text += value
	if c.Why != "" {
		text += " (" + c.Why + ")"
	}
	if c.At != "" {
		text = c.At + " " + text
	}
	space := strings.Repeat(" ", indent)
	for i, line := range o.folded(text, indent) {
		if i > 0 {
			line = "  " + line
		}
		if c.Held {
			o.add(Danger, space+line, "")
			continue
		}
		o.add(Plain, "", space+line)
	}
}
