package progress

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/charmbracelet/x/ansi"

	"github.com/berthdev/berth/internal/clock"
)

const (
	// long is how long an action that is no service's takes before it gets a line.
	long = 20 * time.Second
	// narrow is the number of columns below which a line says what remains and
	// not how long it has taken.
	narrow = 60
	// widest is the longest text between a name and its times: in a wide window
	// they would be far apart.
	widest = 72
)

// text is what the tree shows in a window with so many columns and room for so many
// lines.
func (t *tree) text(last bool, columns, room int) []string {
	width, now := max(columns-1, 20), t.o.Clock.Now()
	below := t.below(last, width, now)
	if len(below) > room {
		below = below[len(below)-room:]
	}
	lines := t.lines(last, now)
	shown, rest := fit(lines, room-len(below))
	names := 0
	for _, l := range shown {
		names = max(names, ansi.StringWidth(l.name))
	}
	names = min(names, max(width/3, 12))
	out := make([]string, 0, room)
	for _, l := range shown {
		out = append(out, t.line(l, names, width))
	}
	if rest != "" {
		out = append(out, ansi.Truncate("  "+rest, width, "…"))
	}
	return append(out, below...)
}

// line is one line of the tree, before it is fitted into the window.
type line struct {
	mark, color string
	name, says  string
	took, left  string
	state       rowState
}

// lines are those of the services, then of other actions that take long.
func (t *tree) lines(last bool, now time.Time) []line {
	var out []line
	for _, r := range t.services {
		out = append(out, t.describe(r, last, now))
	}
	for _, r := range t.others {
		if now.Sub(r.began) >= long && !last {
			l := t.describe(r, last, now)
			l.name = "  " + l.name
			out = append(out, l)
		}
	}
	return out
}

func (t *tree) describe(r *row, last bool, now time.Time) line {
	l := line{name: r.Name, says: r.detail, state: r.state}
	switch r.state {
	case rowNext:
		l.mark, l.color, l.says = "·", faint, t.waitsFor(r)
	case rowActive:
		l.mark, l.color = spinner[t.frame%len(spinner)], cyan
		l.says, l.took = r.present(), clock.Span(now.Sub(r.began))
	case rowDone:
		l.mark, l.color = "✓", green
		l.says, l.took = cmp.Or(r.Ended, pastOf(r.verb)), clock.Span(r.took)
	case rowFailed:
		l.mark, l.color, l.says, l.took = "✗", red, "failed", clock.Span(r.took)
	case rowLeft:
		l.mark, l.color = "–", faint
	}
	if rest := r.Ends - now.Sub(t.start); rest > 0 && !last && (r.state == rowNext || r.state == rowActive) {
		l.left = "~" + clock.Span(rest) + " left"
	}
	return l
}

// present says what is under way, and how far.
func (r *row) present() string {
	if r.Doing != "" && r.detail != "" {
		return r.Doing + ": " + r.detail
	}
	return cmp.Or(r.Doing, r.detail, presentOf(r.verb))
}

// waitsFor says what a service that has not begun waits for: of the actions under
// way that it needs, the one that began first.
func (t *tree) waitsFor(r *row) string {
	var first *row
	for _, o := range slices.Concat(t.others, t.services) {
		if o.state == rowActive && slices.Contains(r.Needs, o.Address) && (first == nil || o.began.Before(first.began)) {
			first = o
		}
	}
	if first == nil {
		return "waiting"
	}
	return "waits for " + first.Name
}

// fit drops the lines that there is no room for, and says what it dropped: first
// what is done, then what has not begun.
func fit(lines []line, room int) (shown []line, rest string) {
	if len(lines) <= room {
		return lines, ""
	}
	if room <= 0 {
		return nil, ""
	}
	room-- // for the rest
	shown = slices.Clone(lines)
	dropped := map[rowState]int{}
	for _, state := range []rowState{rowDone, rowLeft, rowNext, rowActive, rowFailed} {
		for i := len(shown) - 1; i >= 0 && len(shown) > room; i-- {
			if shown[i].state == state {
				shown = slices.Delete(shown, i, i+1)
				dropped[state]++
			}
		}
	}
	var parts []string
	for _, p := range []struct {
		state rowState
		word  string
	}{{rowFailed, "failed"}, {rowActive, "under way"}, {rowNext, "waiting"}, {rowDone, "done"}, {rowLeft, "not done"}} {
		if n := dropped[p.state]; n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, p.word))
		}
	}
	return shown, "and " + strings.Join(parts, ", ")
}

// line fits one line into a window: the mark, the name, what it says, and at the
// right how long it has taken and what remains.
func (t *tree) line(l line, names, width int) string {
	const times = 7
	left := 0
	if t.o.Estimate > 0 {
		left = 13 // for "~1h30m left" and the like, which a run without an estimate does not say
	}
	name := ansi.Truncate(l.name, names, "…")
	head := "  " + name + strings.Repeat(" ", names-ansi.StringWidth(name)) + "  "
	tail := fmt.Sprintf(" %*s  %-*s", times, l.took, left, l.left)
	if width < narrow {
		tail = fmt.Sprintf(" %*s", times, cmp.Or(strings.TrimSuffix(l.left, " left"), l.took))
	}
	room := min(width-ansi.StringWidth(head)-ansi.StringWidth(tail), widest)
	says := ansi.Truncate(l.says, max(room, 0), "…")
	says += strings.Repeat(" ", max(room-ansi.StringWidth(says), 0))
	text := strings.TrimRight(head[1:]+says+tail, " ")
	return t.paint(l.color, l.mark) + ansi.Truncate(text, width-1, "…")
}

// below are the lines at the end: how far the run is, and that it stops.
func (t *tree) below(last bool, width int, now time.Time) []string {
	ran := now.Sub(t.start)
	foot := fmt.Sprintf("%d of %d done, ", t.done, t.o.Total)
	if t.failed > 0 {
		foot += fmt.Sprintf("%d failed, ", t.failed)
	}
	foot += clock.Span(ran)
	if rest := t.o.Estimate - ran; !last && rest > 0 {
		foot += fmt.Sprintf(", about %s to go", clock.Span(rest))
	}
	out := []string{t.paint(faint, ansi.Truncate(foot, width, "…"))}
	if t.stopping != "" {
		out = append(out, strings.Split(ansi.Wordwrap(t.stopping, width, ""), "\n")...)
	}
	return out
}

var spinner = [...]string{"⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"}

// The colours of the tree, as SGR parameters.
const (
	red   = "31"
	green = "32"
	cyan  = "36"
	faint = "2"
)

func (t *tree) paint(color, s string) string {
	if !t.o.Color {
		return s
	}
	return "\x1b[" + color + "m" + s + "\x1b[0m"
}
