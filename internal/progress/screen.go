package progress

import (
	"io"
	"strings"

	"github.com/charmbracelet/x/ansi"

	"github.com/berthdev/berth/internal/concurrent"
	"github.com/berthdev/berth/internal/terminal"
)

// screen is the part of the terminal that a live tree draws on: the lines above the
// cursor that it has drawn last.
type screen struct {
	out io.Writer
	// size returns the terminal's columns and rows.
	size func() (columns, rows int)
	// widths are those of the lines on the screen.
	widths []int
}

// replace draws lines in place of those on the screen. It writes once, so that the
// terminal shows no state in between.
func (s *screen) replace(lines []string) {
	var text strings.Builder
	text.WriteString(s.erased())
	for _, line := range lines {
		text.WriteString(line + "\n")
		s.widths = append(s.widths, ansi.StringWidth(line))
	}
	_, _ = io.WriteString(s.out, text.String())
}

// above writes text that stays, in place of the lines on the screen.
func (s *screen) above(text string) {
	erased := s.erased()
	_, _ = io.WriteString(s.out, erased+terminal.Wrap(text, s.columns())+"\n")
}

// forget leaves the lines on the screen where they are.
func (s *screen) forget() { s.widths = nil }

// erased is what erases the lines on the screen. If the window has become narrower
// since they were drawn, the terminal has wrapped those that no longer fit, and
// they take more rows.
func (s *screen) erased() string {
	if len(s.widths) == 0 {
		return ""
	}
	columns, rows := s.columns(), 0
	for _, width := range s.widths {
		rows++
		if columns > 0 {
			rows += max(width-1, 0) / columns
		}
	}
	s.widths = nil
	return ansi.CursorUp(rows) + "\r" + ansi.EraseScreenBelow
}

// columns is the terminal's width; 0 if it is not known.
func (s *screen) columns() (columns int) {
	_ = concurrent.Safely(func() error { // the lines may stay, the run must not end
		columns, _ = s.size()
		return nil
	})
	return columns
}
