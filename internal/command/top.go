package command

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"github.com/berthdev/berth/internal/clock"
	"github.com/berthdev/berth/internal/command/cli"
	"github.com/berthdev/berth/internal/command/render"
	"github.com/berthdev/berth/internal/interrupt"
	"github.com/berthdev/berth/internal/terminal"
	"github.com/berthdev/berth/internal/usage"
)

// fastestTop keeps top from paying for figures that cannot have changed: CloudWatch
// has one for each minute.
const fastestTop = 20 * time.Second

func newTop(o *cli.Options) *cobra.Command {
	v := &topVerb{Opener: o.Opener()}
	c := &cobra.Command{
		Use:        "top [SERVICE...]",
		SuggestFor: []string{"stats", "usage", "metrics"},
		Short:      "Show how busy services are: cpu, memory, requests, errors, times",
		Long: `top shows the last minute that CloudWatch has of each service: cpu and memory in
per cent of what the tasks have, requests and answers of 5xx in a minute, and
the time within which 95 per cent of the answers came. Requests are counted at
the application load balancer only. On a terminal the table stays up to date; in
a pipe there is a line for each service and reading. CloudWatch charges for
figures that are read: $0.01 for 1,000, and a service has up to five.`,
		Example: `  berth top
  berth top --once
  berth -e prod top --every 1m web api
  berth top --json             once, as an object`,
		RunE: func(c *cobra.Command, args []string) error { return v.top(c.Context(), args) },
	}
	c.Flags().BoolVar(&v.once, "once", false, "show it once")
	c.Flags().DurationVar(&v.every, "every", 30*time.Second, "how often to read it")
	return c
}

// topOutput is top --json.
type topOutput struct {
	cli.Place
	Services []usage.Service `json:"services"`
}

// topVerb shows how busy services are.
type topVerb struct {
	*cli.Opener
	once  bool
	every time.Duration
}

func (v *topVerb) top(ctx context.Context, names []string) error {
	if v.every < fastestTop {
		return fmt.Errorf("--every %s is too short: the shortest time is %s", v.every, fastestTop)
	}
	s, err := v.Open(ctx)
	if err != nil {
		return err
	}
	if v.once || v.JSON {
		list, err := usage.Read(ctx, s.Project, names...)
		if err != nil {
			return err
		}
		return v.show(s, list)
	}
	v.Quietly(func() { err = v.watch(ctx, s, names) })
	if errors.Is(err, interrupt.Err) || errors.Is(context.Cause(ctx), interrupt.Err) {
		return &cli.ExitError{Code: interrupt.ExitCode}
	}
	return err
}

// show writes one reading: a table, or an object.
func (v *topVerb) show(s *cli.Session, list []usage.Service) error {
	if v.JSON {
		return v.PrintJSON(topOutput{s.Place(), list})
	}
	if len(list) == 0 {
		v.Say("no service of %s is deployed in %s: `berth up` deploys it", s.Source.App.Name, s.Source.App.Env)
		return nil
	}
	return render.Table(v.Streams.Out, topRows(list))
}

// watch shows readings until it is interrupted.
func (v *topVerb) watch(ctx context.Context, s *cli.Session, names []string) error {
	screen := terminal.Screen{Out: terminal.Raw(v.Streams.Out), Size: v.Size}
	for {
		if s.World != nil { // other processes change the file of the modelled AWS
			var err error
			if s, err = v.Open(ctx); err != nil {
				return err
			}
		}
		list, err := usage.Read(ctx, s.Project, names...)
		if err != nil {
			return err
		}
		now := s.Target.Clock.Now()
		if cli.IsTerminal(v.Streams.Out) {
			err = screen.ReplaceFitted(append(render.Lines(topRows(list)), "", fmt.Sprintf("%s, every %s; Ctrl-C ends", now.Format(time.TimeOnly), v.every)))
		} else {
			for _, u := range list {
				v.Print("%s %s", now.Format(time.TimeOnly), terminal.Line(topLine(u)))
			}
			err = v.Unwritten
		}
		if err != nil {
			return err
		}
		if err := (clock.Wall{}).Sleep(ctx, v.every); err != nil {
			return err
		}
	}
}

// topRows is the table of a reading.
func topRows(list []usage.Service) [][]string {
	rows := [][]string{{"SERVICE", "TASKS", "CPU", "MEMORY", "REQUESTS/MIN", "5XX/MIN", "P95"}}
	for _, u := range list {
		rows = append(rows, append([]string{u.Name}, figures(u)...))
	}
	return rows
}

// topLine is a service in one line.
func topLine(u usage.Service) string {
	f := figures(u)
	return fmt.Sprintf("%s tasks %s, cpu %s, memory %s, requests %s/min, 5xx %s/min, p95 %s", u.Name, f[0], f[1], f[2], f[3], f[4], f[5])
}

// figures are the cells of a service: its tasks, cpu, memory, requests, errors and p95; a
// hyphen stands for what CloudWatch has not.
func figures(u usage.Service) []string {
	text := func(v *float64, format string, factor float64) string {
		if v == nil {
			return "-"
		}
		return fmt.Sprintf(format, *v*factor)
	}
	return []string{
		fmt.Sprintf("%d/%d", u.Running, u.Desired), text(u.CPU, "%.0f%%", 1), text(u.Memory, "%.0f%%", 1),
		text(u.Requests, "%.0f", 1), text(u.Errors, "%.0f", 1), text(u.P95, "%.0f ms", 1000),
	}
}
