package project

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Concern is why a notice matters to the user: what there is to decide.
type Concern string

// The concerns, in the order in which notices are shown. A notice without one is
// further: it explains what berth does, and asks for nothing.
const (
	// Exposed: something is open to the internet, or is not although it seems so.
	Exposed Concern = "exposed"
	// Data can be lost.
	Data Concern = "data"
	// Cost: it is charged for, and need not be.
	Cost Concern = "cost"
	// Credential: a value looks like one, and people can read it.
	Credential Concern = "credential"
	// Failure: what the files ask for is likely not to work.
	Failure Concern = "failure"
	// Files: a file that berth reads or does not read, which can be a surprise.
	Files Concern = "files"
	// Further is everything else.
	Further Concern = ""
)

// Concerns are those that are always shown, in their order.
func Concerns() []Concern { return []Concern{Exposed, Data, Cost, Credential, Failure, Files} }

// The kinds of objects that notices are about.
const (
	OfService = "service"
	OfNetwork = "network"
	OfVolume  = "volume"
)

// Notice is something that the user should know and that does not stop berth.
type Notice struct {
	At Position
	// Also are the places of others that were said together with it.
	Also    []Position
	Concern Concern
	// Kind and Names are the objects that it is about; both are empty if it is about
	// none.
	Kind  string
	Names []string
	// Text says it, without the objects.
	Text string
	// Subject is what Text says something of, such as a variable: Text begins with it.
	// Notices that differ only in it are said together; Many is then what follows the
	// subjects. Without Many they are not.
	Subject, Many string
}

// String is "compose.yaml:12: service web: text".
func (n Notice) String() string {
	text := n.Text
	if len(n.Names) > 0 {
		kind := n.Kind
		if len(n.Names) > 1 {
			kind += "s"
		}
		text = kind + " " + strings.Join(n.Names, ", ") + ": " + text
	}
	if at := n.At.String(); at != "" {
		return at + ": " + text
	}
	return text
}

// equal says whether two notices say the same of the same place.
func (n Notice) equal(o Notice) bool { return n.At == o.At && n.String() == o.String() }

// SortNotices sorts by place, then by text. It says once, at the first place, what is
// said of several services, networks or volumes, or of several subjects.
func SortNotices(list []Notice) []Notice {
	slices.SortStableFunc(list, func(a, b Notice) int {
		return cmp.Or(ByPlace(a.At, b.At), cmp.Compare(a.String(), b.String()))
	})
	list = slices.CompactFunc(list, Notice.equal)
	list = together(list, func(n Notice) string {
		if len(n.Names) == 0 {
			return ""
		}
		return n.Kind + "\n" + n.Text
	})
	return together(list, func(n Notice) string {
		if n.Many == "" {
			return ""
		}
		return n.Kind + strings.Join(n.Names, ", ") + "\n" + n.Many
	})
}

// Important are the notices with a concern, by concern: what is said of several
// objects and several subjects is one notice, whichever of them it is about. further
// is how many others there are.
func Important(list []Notice) (important []Notice, further int) {
	list = SortNotices(slices.Clone(list))
	for _, c := range Concerns() {
		for _, n := range list {
			if n.Concern == c {
				important = append(important, n)
			}
		}
	}
	return together(important, func(n Notice) string {
		if n.Many == "" {
			return ""
		}
		return fmt.Sprint(n.Concern, "\n", n.Kind, "\n", n.Many)
	}), len(list) - len(important)
}

// together joins notices with the same key into the first of them; those with an empty
// key stay.
func together(list []Notice, of func(Notice) string) []Notice {
	at := map[string]int{}
	var out []Notice
	for _, n := range list {
		key := of(n)
		i, known := at[key]
		if key == "" || !known {
			at[key] = len(out)
			out = append(out, n)
			continue
		}
		out[i] = out[i].with(n)
	}
	return out
}

// with is a notice of the objects and the subjects of two.
func (n Notice) with(o Notice) Notice {
	n.Names = union(n.Names, o.Names)
	n.Also = append(append(slices.Clone(n.Also), o.At), o.Also...)
	if n.Many != "" && n.Subject != o.Subject {
		subjects := union(strings.Split(n.Subject, ", "), strings.Split(o.Subject, ", "))
		n.Subject = strings.Join(subjects, ", ")
		n.Text = n.Subject + " " + n.Many
	}
	return n
}

// union are the words of two lists, sorted, each once.
func union(a, b []string) []string {
	out := append(slices.Clone(a), b...)
	slices.Sort(out)
	return slices.Compact(out)
}
