package command

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"github.com/berthdev/berth/internal/terminal"
)

// jsonVersion is the version of what --json prints. A change that breaks readers
// increments it.
const jsonVersion = 1

// printJSON writes a struct or a map with strings for keys as indented JSON, with
// its version in front. Lists are never null. Its fields are only ever added to, and
// docs/json.md describes them.
func (c *console) printJSON(v any) error {
	text, err := jsonOf(v)
	if err != nil {
		return err
	}
	var out bytes.Buffer
	if err := json.Indent(&out, text, "", "  "); err != nil {
		return fmt.Errorf("writing JSON: %w", err)
	}
	c.print("%s", out.Bytes())
	return nil
}

// jsonOf is an object as JSON on one line, with its version.
func jsonOf(v any) ([]byte, error) {
	var text bytes.Buffer
	enc := json.NewEncoder(&text)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(listsFilled(v)); err != nil {
		return nil, fmt.Errorf("writing JSON: %w", err)
	}
	data := bytes.TrimSpace(text.Bytes())
	var have struct {
		Version any `json:"version"`
	}
	if err := json.Unmarshal(data, &have); err != nil {
		return nil, fmt.Errorf("writing JSON: not an object: %w", err)
	}
	if have.Version != nil {
		return data, nil
	}
	head := fmt.Appendf(nil, `{"version":%d`, jsonVersion)
	if !bytes.Equal(data, []byte("{}")) {
		head = append(head, ',')
	}
	return append(head, data[1:]...), nil
}

// place says where a verb looked, in what it prints as JSON.
type place struct {
	Project     string `json:"project"`
	Environment string `json:"environment"`
	Account     string `json:"account"`
	Region      string `json:"region"`
}

func (s *session) place() place {
	id, a := s.Target.Identity, s.Source.App
	return place{Project: a.Name, Environment: a.Env, Account: id.Account, Region: id.Region}
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
