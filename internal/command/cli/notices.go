package cli

import (
	"fmt"
	"slices"

	"github.com/berthdev/berth/internal/app"
	"github.com/berthdev/berth/internal/plantext"
	"github.com/berthdev/berth/internal/project"
	"github.com/berthdev/berth/internal/terminal"
)

// noticed are the notices of a call of berth.
type noticed struct {
	// all are those so far; held are those that wait for SayNotices.
	all, held []app.Notice
	holds     bool
}

// HoldNotices keeps notices until SayNotices, which then shows those that ask for a
// decision. With --json, nothing is kept back.
func HoldNotices(c *Console) { c.holds = !c.JSON }

// PrintNotices writes notices, sorted by their place in the files.
func (c *Console) PrintNotices(list []app.Notice) {
	c.all = append(c.all, list...)
	if c.holds {
		c.held = append(c.held, list...)
		return
	}
	for _, n := range project.SortNotices(slices.Clone(list)) {
		c.Say("note: %s", terminal.Line(n.String()))
	}
}

// SayNotices writes the notices that were held: those that ask for a decision, by what
// there is to decide, and how many others there are. Later ones are not held.
func SayNotices(c *Console) {
	list, further := project.Important(c.held)
	for _, n := range list {
		c.Say("note: %s", terminal.Line(n.String()))
	}
	word, them := "further notice", "them"
	if len(list) == 0 {
		word = "notice"
	}
	if further == 1 {
		them = "it"
	}
	if further > 0 {
		c.Say("%s: --verbose shows %s", plantext.Counted(further, word), them)
	}
	c.held, c.holds = nil, false
}

// Notice is a notice as JSON.
type Notice struct {
	// Concern is what there is to decide: exposed, data, cost, credential, failure
	// or files.
	Concern string `json:"concern,omitempty"`
	// Kind and Names are the objects that it is about, such as service and [web].
	Kind  string   `json:"kind,omitempty"`
	Names []string `json:"names"`
	Text  string   `json:"text"`
	// Places are file:line of all that it is about.
	Places []string `json:"places"`
}

// Notices are all notices so far, as JSON.
func Notices(c *Console) []Notice {
	out := []Notice{}
	for _, n := range project.SortNotices(slices.Clone(c.all)) {
		v := Notice{Concern: string(n.Concern), Kind: n.Kind, Names: n.Names, Text: n.Text}
		for _, at := range append([]project.Position{n.At}, n.Also...) {
			if text := fmt.Sprint(at); text != "" && !slices.Contains(v.Places, text) {
				v.Places = append(v.Places, text)
			}
		}
		out = append(out, v)
	}
	return out
}
