package terminal

import (
	"fmt"
	"io"
	"strings"

	"github.com/charmbracelet/x/ansi"

	"github.com/berthdev/berth/internal/concurrent"
)

// Screen is the part of a terminal that is drawn again and again: the lines above the
// cursor that were drawn last. It is right in a window whose size changes.
type Screen struct {
	Out io.Writer
	// Size returns the terminal's columns and rows.
	Size func() (columns, rows int)
	// widths are those of the lines on the screen.
	widths []int
}

// Replace draws lines in place of those on the screen. It writes once, so that the
// terminal shows no state in between.
func (s *Screen) Replace(lines []string) error {
	var text strings.Builder
	text.WriteString(s.erased())
	for _, line := range lines {
		text.WriteString(line + "\n")
		s.widths = append(s.widths, ansi.StringWidth(line))
	}
	_, err := io.WriteString(s.Out, text.String())
	return err
}

// ReplaceFitted is Replace of lines that are cut to the terminal's size: a line that is
// too long ends with an ellipsis, and the last row says how many more there are.
func (s *Screen) ReplaceFitted(lines []string) error {
	columns, rows := s.Size()
	if len(lines) > rows-1 {
		lines = append(lines[:max(rows-2, 0)], fmt.Sprintf("... and %d lines more", len(lines)-rows+2))
	}
	for i, line := range lines {
		lines[i] = ansi.Truncate(line, columns, "…")
	}
	return s.Replace(lines)
}

// Above writes text that stays, in place of the lines on the screen.
func (s *Screen) Above(text string) {
	erased := s.erased()
	_, _ = io.WriteString(s.Out, erased+Wrap(text, s.columns())+"\n")
}

// Forget leaves the lines on the screen where they are.
func (s *Screen) Forget() { s.widths = nil }

// erased is what erases the lines on the screen. If the window has become narrower
// since they were drawn, the terminal has wrapped those that no longer fit, and
// they take more rows.
func (s *Screen) erased() string {
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
func (s *Screen) columns() (columns int) {
	_ = concurrent.Safely(func() error { // the lines may stay, the run must not end
		columns, _ = s.Size()
		return nil
	})
	return columns
}
