package command

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/charmbracelet/x/ansi"
	"github.com/spf13/cobra"

	"github.com/berthdev/berth/internal/app"
	"github.com/berthdev/berth/internal/command/cli"
	"github.com/berthdev/berth/internal/command/render"
	"github.com/berthdev/berth/internal/interrupt"
	"github.com/berthdev/berth/internal/status"
	"github.com/berthdev/berth/internal/terminal"
)

func newLogs(o *cli.Options) *cobra.Command {
	v := &logsVerb{o.Opener()}
	var follow, timestamps bool
	var since string
	tail := tailLines(100)
	c := &cobra.Command{
		Use:   "logs [SERVICE...]",
		Short: "Show the logs of services and jobs, merged in time order",
		Long: `logs shows the last lines of each service and job, merged in time order. As with
docker compose, -f after logs means --follow; the Compose file is -f before it.
The log of a service has the lines of its sidecars, as SERVICE/SIDECAR; the name
of a sidecar shows its lines alone.`,
		Example: `  berth logs --tail 50
  berth logs -f api worker     as they arrive, until Ctrl-C
  berth logs --since 2d
  berth -f other.yaml logs -f  of another Compose file`,
		RunE: func(c *cobra.Command, args []string) error {
			lines := status.LogOptions{Follow: follow, Tail: int(tail)}
			if since != "" && !c.Flags().Changed("tail") {
				lines.Tail = -1
			}
			return v.logs(c.Context(), args, lines, since, timestamps)
		},
	}
	c.Flags().BoolVar(&follow, "follow", false, "keep showing lines as they arrive (-f after logs)")
	c.Flags().BoolVarP(&timestamps, "timestamps", "t", false, "show the time of each line")
	c.Flags().StringVar(&since, "since", "", "only lines since a time (2026-11-21T10:00:00Z) or of the last 10m, 1h30m, 2d")
	c.Flags().VarP(&tail, "tail", "n", "begin with this many lines of each service, or all")
	return c
}

// logsVerb shows logs.
type logsVerb struct{ *cli.Opener }

func (v *logsVerb) logs(ctx context.Context, names []string, o status.LogOptions, since string, timestamps bool) error {
	s, err := v.Open(ctx)
	if err != nil {
		return err
	}
	if err := s.CheckNames(names); err != nil {
		return fileAfterLogs(err, names)
	}
	if o.Since, err = parseSince(since, s.Target.Clock.Now()); err != nil {
		return err
	}
	v.Quietly(func() {
		err = s.Logs(ctx, names, o, v.printer(workloads(s.Source.App, names), timestamps))
	})
	if o.Follow && errors.Is(err, interrupt.Err) {
		return &cli.ExitError{Code: interrupt.ExitCode}
	}
	return err
}

// workloads are the labels of the lines of the services, jobs and sidecars that were
// asked for, or of all, in the order of the app.
func workloads(a *app.App, names []string) []string {
	var out []string
	for _, w := range a.Workloads() {
		all := len(names) == 0 || slices.Contains(names, w.Name)
		if all {
			out = append(out, w.Name)
		}
		for _, s := range w.Sidecars {
			if all || slices.Contains(names, s.Name) {
				out = append(out, w.Name+"/"+s.Name)
			}
		}
	}
	return out
}

// fileAfterLogs says of a Compose file among the names that -f after logs follows.
func fileAfterLogs(err error, names []string) error {
	for _, n := range names {
		if ext := filepath.Ext(n); ext == ".yaml" || ext == ".yml" {
			return &cli.RemedyError{Err: fmt.Errorf("%s is no service: -f after logs means --follow", n), Advice: "berth -f " + n + " logs"}
		}
	}
	return err
}

// tailLines is the value of --tail: a number of lines, or all (-1).
type tailLines int

// Set implements pflag.Value.
func (l *tailLines) Set(text string) error {
	if text == "all" {
		text = "-1"
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < -1 {
		return errors.New("write a number of lines, or all")
	}
	*l = tailLines(n)
	return nil
}

// String implements pflag.Value.
func (l *tailLines) String() string {
	if *l < 0 {
		return "all"
	}
	return strconv.Itoa(int(*l))
}

// Type implements pflag.Value.
func (*tailLines) Type() string { return "lines" }

// withDays turns the days at the beginning of a duration, as in 2d12h, into hours.
func withDays(text string) string {
	days, rest, ok := strings.Cut(text, "d")
	n, err := strconv.Atoi(days)
	if !ok || err != nil || n < 0 || n > 36500 {
		return text
	}
	return strconv.Itoa(n*24) + "h" + rest
}

func parseSince(text string, now time.Time) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	if d, err := time.ParseDuration(withDays(text)); err == nil && d >= 0 {
		return now.Add(-d), nil
	}
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04:05", "2006-01-02T15:04", time.DateOnly} {
		if t, err := time.Parse(layout, text); err == nil {
			return t, nil
		}
	}
	return time.Time{}, &cli.RemedyError{
		Err:    fmt.Errorf("--since %q: not a time", text),
		Advice: "write a duration (10m, 1h30m, 2d) or a time (2026-11-21T10:00:00Z)",
	}
}

// printer writes lines as "service | text" or "service/sidecar | text", each service in its colour.
func (v *logsVerb) printer(names []string, timestamps bool) func(status.Line) error {
	width := 0
	for _, n := range names {
		width = max(width, len(n))
	}
	color, out := v.Color(v.Streams.Out), terminal.Raw(v.Streams.Out)
	return func(l status.Line) error {
		if v.JSON {
			data, err := render.JSON(l)
			if err != nil {
				return err
			}
			_, err = fmt.Fprintf(v.Streams.Out, "%s\n", data)
			return err
		}
		label := l.Service
		if l.Container != "" {
			label += "/" + l.Container
		}
		name := fmt.Sprintf("%-*s |", width, label)
		if color {
			i := slices.Index(names, label)
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
