package command

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/charmbracelet/x/ansi"
	"github.com/spf13/cobra"

	"github.com/berthdev/berth/internal/app"
	"github.com/berthdev/berth/internal/interrupt"
	"github.com/berthdev/berth/internal/status"
	"github.com/berthdev/berth/internal/terminal"
)

func newLogs(o *options) *cobra.Command {
	v := &logsVerb{o.opener()}
	var follow, timestamps bool
	var since string
	var tail int
	c := &cobra.Command{
		Use:   "logs [SERVICE...]",
		Short: "Show the logs of services and jobs, merged in time order",
		Example: `  berth logs --tail 50
  berth logs --follow api worker
  berth logs --since 1h`,
		RunE: func(c *cobra.Command, args []string) error {
			lines := status.LogOptions{Follow: follow, Tail: tail}
			if since != "" && !c.Flags().Changed("tail") {
				lines.Tail = -1
			}
			return v.logs(c.Context(), args, lines, since, timestamps)
		},
	}
	c.Flags().BoolVar(&follow, "follow", false, "keep showing lines as they arrive")
	c.Flags().BoolVarP(&timestamps, "timestamps", "t", false, "show the time of each line")
	c.Flags().StringVar(&since, "since", "", "only lines since a time (2026-11-21T10:00:00Z) or of the last 10m, 1h30m")
	c.Flags().IntVar(&tail, "tail", 100, "begin with this many lines of each service; -1 shows all")
	return c
}

// logsVerb shows logs.
type logsVerb struct{ *opener }

func (v *logsVerb) logs(ctx context.Context, names []string, o status.LogOptions, since string, timestamps bool) error {
	s, err := v.open(ctx)
	if err != nil {
		return err
	}
	if err := s.CheckNames(names); err != nil {
		return err
	}
	if o.Since, err = parseSince(since, s.Target.Clock.Now()); err != nil {
		return err
	}
	v.quietly(func() {
		err = s.Logs(ctx, names, o, v.printer(workloads(s.Source.App, names), timestamps))
	})
	if o.Follow && errors.Is(err, interrupt.Err) {
		return &exitError{code: interrupt.ExitCode}
	}
	return err
}

// workloads are the names of the services and jobs that were asked for, or of
// all, in the order of the app.
func workloads(a *app.App, names []string) []string {
	var out []string
	for _, w := range a.Workloads() {
		if len(names) == 0 || slices.Contains(names, w.Name) {
			out = append(out, w.Name)
		}
	}
	return out
}

func parseSince(text string, now time.Time) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	if d, err := time.ParseDuration(text); err == nil && d >= 0 {
		return now.Add(-d), nil
	}
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04:05", "2006-01-02T15:04", time.DateOnly} {
		if t, err := time.Parse(layout, text); err == nil {
			return t, nil
		}
	}
	return time.Time{}, &remedyError{
		err:    fmt.Errorf("--since %q: not a time", text),
		remedy: "write a duration (10m, 1h30m) or a time (2026-11-21T10:00:00Z)",
	}
}

// printer writes lines as "service | text", each service in its colour.
func (v *logsVerb) printer(names []string, timestamps bool) func(status.Line) error {
	width := 0
	for _, n := range names {
		width = max(width, len(n))
	}
	color, out := v.color(v.streams.Out), terminal.Raw(v.streams.Out)
	return func(l status.Line) error {
		if v.json {
			data, err := json.Marshal(l)
			if err != nil {
				return fmt.Errorf("writing JSON: %w", err)
			}
			_, err = fmt.Fprintf(v.streams.Out, "%s\n", data)
			return err
		}
		name := fmt.Sprintf("%-*s |", width, l.Service)
		if color {
			i := slices.Index(names, l.Service)
			name = fmt.Sprintf("\x1b[%dm%s\x1b[0m", 31+(i+5)%6, name)
		}
		if timestamps {
			name += " " + l.Time.UTC().Format(time.RFC3339)
		}
		_, err := fmt.Fprintf(out, "%s %s\n", name, terminal.Clean(printable(l.Text)))
		return err
	}
}

// printable takes colours and control characters out of a line, so that a log
// cannot drive the terminal; tabs stay.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && r != '\t' {
			return -1
		}
		return r
	}, ansi.Strip(s))
}
