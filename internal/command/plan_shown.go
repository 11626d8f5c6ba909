package command

import (
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/berthdev/berth/internal/deploy"
	"github.com/berthdev/berth/internal/plantext"
	"github.com/berthdev/berth/internal/terminal"
)

// verboseFlag adds the flag that shows a plan by resource instead of by service.
func verboseFlag(c *cobra.Command, verbose *bool) {
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
func (c *console) writeLines(w io.Writer, lines []plantext.Line) error {
	var text strings.Builder
	colour := c.color(w)
	for _, l := range lines {
		head, rest := terminal.Line(l.Head), terminal.Line(l.Rest)
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

// printPlan writes a plan as data.
func (c *console) printPlan(p *deploy.Plan, verbose bool) {
	if err := c.writeLines(c.streams.Out, linesOf(p, verbose)); err != nil && c.unwritten == nil {
		c.unwritten = fmt.Errorf("writing the output: %w", err)
	}
}

// sayPlan writes a plan as talk, before a question.
func (c *console) sayPlan(p *deploy.Plan, verbose bool) {
	if c.json { // talk is JSON, too
		c.say("%s", plantext.Text(linesOf(p, verbose)))
		return
	}
	c.say("")
	_ = c.writeLines(c.streams.Err, linesOf(p, verbose))
	c.say("")
}
