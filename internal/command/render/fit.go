package render

import (
	"slices"
	"strings"

	"github.com/charmbracelet/x/ansi"

	"github.com/berthdev/berth/internal/terminal"
)

const (
	// between is the room between two columns of a table.
	between = 2
	// leastCell is how narrow a column may become.
	leastCell = 10
)

// fitted are the rows of a table that is no wider than the terminal: its widest columns
// are narrowed, and cells that do not fit go on in further rows. A terminal that is too
// narrow even then breaks the lines by itself.
func fitted(rows [][]string, columns int) [][]string {
	widths := widthsOf(rows)
	excess := between * (len(widths) - 1)
	for _, w := range widths {
		excess += w
	}
	excess -= columns
	for excess > 0 {
		i := slices.Index(widths, slices.Max(widths))
		if i < 0 || widths[i] <= leastCell {
			break
		}
		widths[i]--
		excess--
	}
	var out [][]string
	for _, row := range rows {
		out = append(out, broken(row, widths)...)
	}
	return out
}

func widthsOf(rows [][]string) []int {
	var widths []int
	for _, row := range rows {
		for i, cell := range row {
			if i == len(widths) {
				widths = append(widths, 0)
			}
			widths[i] = max(widths[i], ansi.StringWidth(cell))
		}
	}
	return widths
}

// broken is a row as the rows that its cells need.
func broken(row []string, widths []int) [][]string {
	cells, lines := make([][]string, len(row)), 1
	for i, cell := range row {
		cells[i] = pieces(cell, widths[i])
		lines = max(lines, len(cells[i]))
	}
	out := make([][]string, lines)
	for n := range out {
		out[n] = make([]string, len(row))
		for i := range row {
			if n < len(cells[i]) {
				out[n][i] = cells[i][n]
			}
		}
	}
	return out
}

// pieces breaks a text between words, and words that are too long anywhere.
func pieces(text string, width int) []string {
	if ansi.StringWidth(text) <= width {
		return []string{text}
	}
	return strings.Split(ansi.Hardwrap(strings.Join(terminal.Fold(text, width), "\n"), width, false), "\n")
}
