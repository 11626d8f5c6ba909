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
	c.Flags().BoolVar(verbose, "verbose", false, "show every resource, with its reasons")
}

// linesOf are the lines of a plan: by service, or by resource.
func linesOf(p *deploy.Plan, verbose bool) []plantext.Line {
	if verbose {
		return append(plantext.Resources(p.Plan), plantext.StakeLines(p.Plan)...)
	}
	return plantext.Overview(p.Plan, p.Parts())
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
	if err := c.writeLines(c.Streams.Out, linesOf(p, verbose)); err != nil && c.Unwritten == nil {
		c.Unwritten = fmt.Errorf("writing the output: %w", err)
	}
}

// SayPlan writes a plan as talk, before a question.
func (c *Console) SayPlan(p *deploy.Plan, verbose bool) {
	if c.JSON { // talk is JSON, too
		c.Say("%s", plantext.Text(linesOf(p, verbose)))
		return
	}
	c.Say("")
	_ = c.writeLines(c.Streams.Err, linesOf(p, verbose))
	c.Say("")
}
