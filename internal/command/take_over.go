package command

import (
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/berthdev/berth/internal/command/cli"
	"github.com/berthdev/berth/internal/deploy"
	"github.com/berthdev/berth/internal/engine"
)

// takeOverFlag adds --take-over to a verb.
func takeOverFlag(c *cobra.Command, req *deploy.Request) {
	c.Flags().BoolVar(&req.TakeOver, "take-over", false, "take over a stack of this name that another source deployed")
}

// saySource says at the top of a plan that the stack belongs to another source, or
// that its source is unknown, and what that means.
func saySource(c *cli.Console, p *deploy.Plan, stack engine.Owner) {
	cli.SayElsewhere(c, p.Elsewhere)
	switch claim := p.Claim; {
	case claim.Theirs != "" && p.Request.TakeOver:
		c.Say("taking %s over from %s", stack, claim.Theirs)
	case claim.Theirs != "":
		c.Say("ATTENTION: %s belongs to another source:\n  its source:  %s\n  this source: %s", stack, claim.Theirs, claim.Mine)
		c.Say("  without --take-over, up and down change and delete nothing of it;\n  the plan shows what they would do with it")
	case claim.Unknown:
		c.Say("ATTENTION: no record says which source deployed %s", stack)
		if claim.Damaged {
			c.Say("  its record was damaged: nothing of it is deleted without --take-over")
		}
		if len(claim.Strangers) > 0 {
			c.Say("  in AWS but not in this file: %s\n  with --remove-orphans, up and down delete these", strings.Join(claim.Strangers, ", "))
		}
	}
}

// consentSource asks for the project's name before another source's stack
// changes hands. With --yes the user has to say --take-over instead.
func (v *changer) consentSource(s *cli.Session, p *deploy.Plan) error {
	err := p.CheckSource()
	var other *deploy.OtherSourceError
	if !errors.As(err, &other) || v.Yes || !v.Interactive() {
		return err
	}
	name := s.Source.App.Name
	if err := v.TypeName(s, fmt.Sprintf("%s.\nType the project's name, %s, to take it over: ", other, name)); err != nil {
		return err
	}
	p.TakeOver()
	return nil
}
