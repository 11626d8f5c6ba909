package command

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"github.com/berthdev/berth/internal/terminal"
)

// printJSON writes data as indented JSON. Its fields are only ever added to.
func (c *console) printJSON(v any) error {
	enc := json.NewEncoder(c.streams.Out)
	enc.SetIndent("", "  ")
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return fmt.Errorf("writing JSON: %w", err)
	}
	return nil
}

// table writes rows in aligned columns, without trailing blanks.
func table(w io.Writer, rows [][]string) error {
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

// shortARN is the last part of an ARN, which tells objects apart; other ids
// stay as they are. JSON shows them whole.
func shortARN(id string) string {
	if !strings.HasPrefix(id, "arn:") {
		return id
	}
	if i := strings.LastIndexByte(id, '/'); i >= 0 {
		return id[i+1:]
	}
	return id[strings.LastIndexByte(id, ':')+1:]
}
