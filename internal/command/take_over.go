package command

import (
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/berthdev/berth/internal/run"
)

// takeOverFlag adds --take-over to a verb.
func takeOverFlag(c *cobra.Command, req *run.Request) {
	c.Flags().BoolVar(&req.TakeOver, "take-over", false, "make a stack of this name that another source deployed this project's")
}

// saySource says at the top of a plan that the stack is somebody else's, or
// nobody knows whose, and what that means.
func (g *globals) saySource(s *session, p *run.Prepared) {
	switch c := p.Claim; {
	case c.Theirs != "" && p.Request.TakeOver:
		g.say("taking %s over from %s", s.Stack(), c.Theirs)
	case c.Theirs != "":
		g.say("ATTENTION: %s belongs to another source:\n  its source:  %s\n  this source: %s", s.Stack(), c.Theirs, c.Mine)
		g.say("  up and down change and delete nothing of it without --take-over;\n  the plan is what they would do with it")
	case c.Unknown:
		g.say("ATTENTION: no record says which source deployed what is there of %s", s.Stack())
		if c.Damaged {
			g.say("  the one that did was damaged: nothing of it is deleted without --take-over")
		}
		if len(c.Strangers) > 0 {
			g.say("  there and not in this file: %s\n  --remove-orphans lets up and down delete that", strings.Join(c.Strangers, ", "))
		}
	}
}

// consentSource asks for the project's name before another source's stack
// changes hands. Who answers --yes to everything has to say --take-over.
func (g *globals) consentSource(s *session, p *run.Prepared) error {
	err := s.CheckSource(p)
	var other *run.OtherSourceError
	if !errors.As(err, &other) || g.yes || !g.interactive() {
		return err
	}
	_, _ = fmt.Fprintf(g.streams.Err, "%s.\nType the project's name, %s, to take it over: ", other, s.App.Name)
	answer, err := readLine(g.streams.In)
	if err != nil {
		return fmt.Errorf("reading the answer: %w", err)
	}
	if strings.TrimSpace(answer) != s.App.Name {
		return &exitError{code: exitFailed, err: errors.New("nothing was changed")}
	}
	p.Request.TakeOver = true
	return nil
}
