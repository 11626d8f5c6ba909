package cli

import (
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/berthdev/berth/internal/deploy"
	"github.com/berthdev/berth/internal/plantext"
	"github.com/berthdev/berth/internal/terminal"
)

// VerboseFlag adds the flag that shows a plan by resource instead of by service.
func VerboseFlag(c *cobra.Command, verbose *bool) {
	c.Flags().BoolVar(verbose, "verbose", false, "show every resource, with its reasons, and every notice")
}

// linesOf are the lines of a plan for a width: by service, or by resource.
func linesOf(p *deploy.Plan, verbose bool, columns int) []plantext.Line {
	if verbose {
		return append(wrapped(plantext.Resources(p.Plan), columns), plantext.StakeLines(p.Plan, columns)...)
	}
	return plantext.Overview(p.Plan, p.Parts(), columns)
}

// wrapped breaks the lines that do not fit.
func wrapped(lines []plantext.Line, columns int) []plantext.Line {
	var out []plantext.Line
	for _, l := range lines {
		for i, text := range strings.Split(terminal.Wrap(l.String(), plantext.Width(columns)), "\n") {
			if rest, ok := strings.CutPrefix(text, l.Head); ok && i == 0 {
				out = append(out, plantext.Line{Tone: l.Tone, Head: l.Head, Rest: rest})
				continue
			}
			out = append(out, plantext.Line{Rest: text})
		}
	}
	return out
}

// colours are the tones' colours, as SGR parameters.
var colours = map[plantext.Tone]string{
	plantext.New: "32", plantext.Changes: "33", plantext.Danger: "31", plantext.Aside: "2", plantext.Title: "1",
}

// writeLines writes lines to one of the console's streams, in colour if it is a
// terminal.
func (c *Console) writeLines(w io.Writer, lines []plantext.Line) error {
	var text strings.Builder
	colour := c.Color(w)
	for _, l := range lines {
		head, rest := terminal.Line(c.InFull(l.Head)), terminal.Line(c.InFull(l.Rest))
		if colour && colours[l.Tone] != "" && head != "" {
			head = "\x1b[" + colours[l.Tone] + "m" + head + "\x1b[0m"
		}
		text.WriteString(head + rest + "\n")
	}
	if colour {
		w = terminal.Raw(w) // the lines are clean, and the colours must pass
	}
	_, err := io.WriteString(w, text.String())
	return err
}

// PrintPlan writes a plan as data.
func (c *Console) PrintPlan(p *deploy.Plan, verbose bool) {
	if err := c.writeLines(c.Streams.Out, linesOf(p, verbose, Columns(c.Streams.Out))); err != nil && c.Unwritten == nil {
		c.Unwritten = fmt.Errorf("writing the output: %w", err)
	}
}

// SayPlan writes a plan as talk, before a question.
func (c *Console) SayPlan(p *deploy.Plan, verbose bool) {
	if c.JSON { // talk is JSON, too
		c.Say("%s", plantext.Text(linesOf(p, verbose, Columns(nil))))
		return
	}
	c.Say("")
	_ = c.writeLines(c.Streams.Err, linesOf(p, verbose, Columns(c.Streams.Err)))
	c.Say("")
}
