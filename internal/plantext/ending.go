package plantext

import (
	"fmt"
	"strings"

	"github.com/berthdev/berth/internal/clock"
	"github.com/berthdev/berth/internal/engine"
)

// left adds the objects that stay although they might go, grouped by the reason.
func (o *overview) left(parts []Part) {
	named := map[*engine.Action]bool{}
	for _, p := range parts {
		named[p.Main] = true
	}
	type key struct{ typ, words string }
	names := map[key][]string{}
	var order []key
	for _, a := range o.plan.Actions {
		if a.Verb != engine.VerbLeave || named[a] {
			continue
		}
		k := key{a.Type, reasonsOf(a)}
		if names[k] == nil {
			order = append(order, k)
		}
		name := a.Address.Name
		if a.Address.IsZero() || a.Foreign() || a.Reasons[0].Cause.Way != (engine.Way{}) {
			name = withID(name, a.ID)
		}
		names[k] = append(names[k], strings.TrimSpace(name))
	}
	if len(order) == 0 {
		return
	}
	if len(o.lines) > 0 {
		o.add(Plain, "", "")
	}
	o.add(Title, "stays", "")
	for _, k := range order {
		noun, words := Noun(k.typ), k.words
		if len(names[k]) > 1 {
			noun, words = plural(noun), several(words)
		}
		text := noun + " " + listed(names[k]) + ": " + words
		for i, line := range o.folded(text, 4) {
			head := "    "
			if i == 0 {
				head = "  ! "
			}
			o.add(Plain, head, line)
		}
	}
}

// reasonsOf are the reasons of an action in one text.
func reasonsOf(a *engine.Action) string {
	var out []string
	for _, r := range a.Reasons {
		out = append(out, Reason(r))
	}
	return strings.Join(out, "; ")
}

// totals adds the last lines: how many parts and resources, and how long.
func (o *overview) totals(parts []Part) {
	if o.plan.Empty() {
		for _, line := range strings.Split(wrap(Summary(o.plan), o.width), "\n") {
			o.add(Plain, "", line)
		}
		return
	}
	counts := map[string]map[Kind]int{}
	for _, p := range parts {
		sign := p.sign()
		if p.Kind < Service || p.Kind == Unmarked || sign == "" {
			continue
		}
		if counts[sign] == nil {
			counts[sign] = map[Kind]int{}
		}
		counts[sign][p.Kind]++
	}
	var said []string
	for _, c := range []struct{ sign, text string }{
		{"+", "to create"}, {"~", "to change"}, {">", "to run"}, {"=", "to wait for"}, {"-", "to delete"}, {"!", "not changed"},
	} {
		if of := counts[c.sign]; len(of) > 0 {
			said = append(said, kinds(of)+" "+c.text)
		}
	}
	if n := o.plan.Count(engine.VerbCreate) + o.plan.Count(engine.VerbUpdate); len(said) == 0 && n > 0 {
		said = append(said, Counted(n, "resource")+" to create or change")
	}
	if gone := o.gone(parts); counts["-"] == nil {
		if gone == 0 {
			said = append(said, "nothing to delete")
		} else {
			said = append(said, Counted(gone, "resource")+" to delete or replace")
		}
	}
	for i, line := range o.folded("Plan: "+strings.Join(said, "; "), 4) {
		if i > 0 {
			line = "      " + line
		}
		o.add(Plain, "", line)
	}
	for _, line := range o.folded(o.amount()+"; --verbose shows every resource", 4) {
		o.add(Plain, "", "      "+line)
	}
}

// gone is how many resources the plan deletes or replaces, but those that another
// change takes along.
func (o *overview) gone(parts []Part) int {
	n := o.plan.Count(engine.VerbDelete) + o.plan.Count(engine.VerbReplace)
	for _, p := range parts {
		for _, a := range p.Along {
			if a.Verb == engine.VerbDelete {
				n--
			}
		}
	}
	return n
}

// amount is how many resources have an action, of how many, and how long it takes.
func (o *overview) amount() string {
	acts := 0
	for _, a := range o.plan.Actions {
		if a.Verb != engine.VerbLeave && a.Verb != engine.VerbNone {
			acts++
		}
	}
	text := Counted(acts, "resource")
	if o.plan.Unchanged > 0 {
		text = fmt.Sprintf("%d of %s", acts, Counted(acts+o.plan.Unchanged, "resource"))
	}
	if o.plan.Estimate > 0 {
		text += ", about " + clock.Roughly(o.plan.Estimate+o.moves)
	}
	return text
}

// kinds is a count of parts by their kind: "2 services, 1 job".
func kinds(of map[Kind]int) string {
	var out []string
	for _, k := range []Kind{Service, Job, Database, Volume} {
		if of[k] > 0 {
			out = append(out, Counted(of[k], strings.TrimSuffix(titles[k], "s")))
		}
	}
	return strings.Join(out, ", ")
}
