package project

import (
	"cmp"
	"regexp"
	"slices"
	"strings"
)

// Notice is something that the user should know and that does not stop berth.
type Notice struct {
	At Position
	// Text begins with what it is about if that is one object: "service web: ".
	Text string
	// Subject is what Text says something of, such as a variable: Text goes on with
	// it behind the object. Notices of one object are said together if they differ
	// only in it; Many is then what follows the subjects. Without Many they are not.
	Subject, Many string
}

// String is "compose.yaml:12: text".
func (n Notice) String() string {
	if at := n.At.String(); at != "" {
		return at + ": " + n.Text
	}
	return n.Text
}

// SortNotices sorts by place, then by text. It says once, at the first place in a
// file, what is said of several services, networks or volumes, or of several
// subjects.
func SortNotices(list []Notice) []Notice {
	slices.SortStableFunc(list, func(a, b Notice) int {
		return cmp.Or(ByPlace(a.At, b.At), cmp.Compare(a.Text, b.Text))
	})
	list = slices.Compact(list)
	list = together(list, func(n Notice) (key, part string) {
		o := objectsOf(n.Text)
		if o.names == "" {
			return "", ""
		}
		return o.kind + "\n" + o.rest, o.names
	}, func(n *Notice, names []string) {
		o := objectsOf(n.Text)
		n.Text = o.kind + "s " + strings.Join(names, ", ") + ": " + o.rest
	})
	return together(list, func(n Notice) (key, part string) {
		if n.Many == "" {
			return "", ""
		}
		o := objectsOf(n.Text)
		return o.kind + o.names + "\n" + n.Many, n.Subject
	}, func(n *Notice, subjects []string) {
		before := strings.TrimSuffix(n.Text, objectsOf(n.Text).rest)
		n.Subject = strings.Join(subjects, ", ")
		n.Text = before + n.Subject + " " + n.Many
	})
}

// together joins notices of one file with the same key into the first of them.
// part is what they differ in: names, with commas between several. Notices with an
// empty key stay.
func together(list []Notice, of func(Notice) (key, part string), join func(first *Notice, parts []string)) []Notice {
	type group struct {
		first int
		parts []string
	}
	groups := map[string]*group{}
	var out []Notice
	for _, n := range list {
		key, part := of(n)
		key = n.At.File + "\n" + key
		parts := strings.Split(part, ", ")
		switch g := groups[key]; {
		case part == "":
			out = append(out, n)
		case g == nil:
			groups[key] = &group{first: len(out), parts: parts}
			out = append(out, n)
		default:
			g.parts = append(g.parts, parts...)
		}
	}
	for _, g := range groups {
		slices.Sort(g.parts)
		if g.parts = slices.Compact(g.parts); len(g.parts) > 1 {
			join(&out[g.first], g.parts)
		}
	}
	return out
}

// objects are the objects that a text is about.
type objects struct{ kind, names, rest string }

var aboutObjects = regexp.MustCompile(`^(service|network|volume)s? ([a-zA-Z0-9._-]+(?:, [a-zA-Z0-9._-]+)*): `)

func objectsOf(text string) objects {
	m := aboutObjects.FindStringSubmatch(text)
	if m == nil {
		return objects{rest: text}
	}
	return objects{kind: m[1], names: m[2], rest: text[len(m[0]):]}
}
