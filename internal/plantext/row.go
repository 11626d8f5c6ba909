package plantext

import (
	"slices"
	"strings"
)

// columns are the widths of the table of parts.
type columns struct{ name, size, reach int }

const (
	// mostName and mostReach are the widest a column becomes; longer texts move
	// what follows to the right.
	mostName  = 20
	mostReach = 26
	// mostSize is the widest size that has a column; a part with a longer one, such as one
	// that is scaled by the clock, has its facts below it.
	mostSize = 38
	// leastImage is the least room for an image on the line of its part.
	leastImage = 14
	// leastText is the least room for a text beside its part.
	leastText = 24
)

func columnsOf(parts []Part) columns {
	var c columns
	for _, p := range parts {
		sign := p.sign()
		if p.Kind < Service || p.Kind == Unmarked || sign == "" {
			continue
		}
		c.name = max(c.name, min(runes(p.Name), mostName))
		c.size = max(c.size, min(runes(p.size(sign)), mostSize))
		if sign == "+" && len(p.Reach) > 0 {
			c.reach = max(c.reach, min(runes(p.Reach[0]), mostReach))
		}
	}
	return c
}

// created adds a part that is new: its size, where it is reached, and its image.
func (o *overview) created(p Part, tone Tone, head string) {
	if o.width < leastTable || runes(p.Size) > mostSize {
		o.stacked(tone, head, slices.Concat([]string{p.Size}, p.Reach, []string{p.Image})...)
		return
	}
	first := ""
	if len(p.Reach) > 0 {
		first = p.Reach[0]
	}
	o.row(p, tone, head, first)
	space := strings.Repeat(" ", o.columns.name+o.columns.size+8)
	for _, more := range p.Reach[min(1, len(p.Reach)):] {
		o.add(Plain, "", cut(space+more, o.width))
	}
}

// row adds the line of a part: its columns, and its image as far as it fits.
func (o *overview) row(p Part, tone Tone, head, middle string) {
	if o.width < leastTable || runes(p.Size) > mostSize {
		o.stacked(tone, head, p.Size, middle, p.Image)
		return
	}
	c := o.columns
	head = pad(cut(head, o.width), c.name+4)
	rest := "  " + pad(p.Size, c.size) + "  " + middle
	if p.Image == "" {
		o.add(tone, head, cut(rest, o.width-runes(head)))
		return
	}
	rest = "  " + pad(p.Size, c.size) + "  " + pad(middle, c.reach) + "  "
	room := o.width - runes(head) - runes(rest)
	if room < min(leastImage, runes(p.Image)) {
		o.add(tone, head, cut(rest, o.width-runes(head)))
		o.add(Plain, "", strings.Repeat(" ", c.name+6)+ending(p.Image, o.width-c.name-6))
		return
	}
	o.add(tone, head, rest+ending(p.Image, room))
}

// stacked adds the line of a part, and below it what is known of it, for terminals on
// which there is no room beside.
func (o *overview) stacked(tone Tone, head string, facts ...string) {
	o.add(tone, cut(head, o.width), "")
	for _, fact := range facts {
		if fact == "" {
			continue
		}
		for i, line := range o.folded(fact, 6) {
			if i > 0 {
				line = "  " + line
			}
			o.add(Plain, "", "      "+line)
		}
	}
}

func runes(s string) int { return len([]rune(s)) }

// pad fills a text up to a width.
func pad(s string, width int) string { return s + strings.Repeat(" ", max(0, width-runes(s))) }

// cut shortens a text to a width.
func cut(s string, width int) string {
	if r := []rune(s); len(r) > width {
		return string(r[:max(0, width-3)]) + "..."
	}
	return s
}

// ending shortens a text at its beginning, at a slash if possible: the end of an
// image has its tag.
func ending(s string, width int) string {
	if i := strings.LastIndexByte(s, '/'); i > 0 && runes(s) > width && runes(s[i:])+3 <= width {
		return "..." + s[i:]
	}
	if r := []rune(s); len(r) > width {
		return "..." + string(r[len(r)-max(0, width-3):])
	}
	return s
}

// Together is a blank at which a line is not broken.
const Together = "\u00a0"

// folded breaks a text into lines that fit into a width behind an indent; a further line
// is indented by two more where the caller does so.
func folded(text string, indent, width int) []string {
	width -= indent + 2
	var out []string
	line := ""
	for _, word := range strings.FieldsFunc(text, func(r rune) bool { return r == ' ' || r == '\n' }) {
		word = strings.ReplaceAll(word, Together, " ")
		switch {
		case line == "":
			line = cut(word, width)
		case runes(line)+1+runes(word) <= width:
			line += " " + word
		default:
			out = append(out, line)
			line = cut(word, width)
		}
	}
	return append(out, line)
}
