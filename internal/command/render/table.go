package render

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"github.com/berthdev/berth/internal/terminal"
)

// Lines are the lines that Table writes, for a terminal of any width.
func Lines(rows [][]string) []string {
	var buffer bytes.Buffer
	_ = Table(&buffer, rows) // a buffer takes everything
	return strings.Split(strings.TrimRight(buffer.String(), "\n"), "\n")
}

// Table writes rows in aligned columns, without trailing blanks. On a terminal, cells
// that do not fit are broken into several lines.
func Table(w io.Writer, rows [][]string) error {
	if columns := terminal.Columns(w); columns > 0 {
		rows = fitted(rows, columns)
	}
	var text strings.Builder
	tw := tabwriter.NewWriter(&text, 0, 4, 2, ' ', 0)
	for _, row := range rows {
		for i, cell := range row {
			if i > 0 {
				_, _ = fmt.Fprint(tw, "\t")
			}
			_, _ = fmt.Fprint(tw, terminal.Line(strings.ReplaceAll(cell, "\t", " ")))
		}
		_, _ = fmt.Fprintln(tw)
	}
	if err := tw.Flush(); err != nil {
		return fmt.Errorf("writing a table: %w", err)
	}
	for line := range strings.Lines(text.String()) {
		if _, err := fmt.Fprintln(w, strings.TrimRight(line, " \n")); err != nil {
			return fmt.Errorf("writing a table: %w", err)
		}
	}
	return nil
}
