package command

import (
	"context"
	"strings"

	"github.com/berthdev/berth/internal/command/cli"
	"github.com/berthdev/berth/internal/deploy"
	"github.com/berthdev/berth/internal/hosts"
)

// sayRecords says which records the user has to make.
func sayRecords(c *cli.Console, records []hosts.ManualRecord) {
	var todo []hosts.ManualRecord
	pending := false
	for _, r := range records {
		switch {
		case r.State == hosts.RecordOK:
		case r.For == hosts.ForDelegation:
			c.Say("set these name servers at the registrar of %s:", r.Name)
			for _, value := range r.Values {
				c.Say("  %s", value)
			}
			pending = true
		default:
			todo = append(todo, r)
			pending = pending || r.For == hosts.ForCertificate
		}
	}
	if len(todo) > 0 {
		c.Say("make these records at the domain's DNS provider, which may call an ALIAS an ANAME:")
	}
	for _, r := range todo {
		c.Say("  %s", r.Name)
		for _, value := range r.Values {
			c.Say("    %s %s", r.Kind, value)
		}
	}
	if len(todo) > 0 || pending {
		c.Say("`berth infra status` checks them")
	}
}

// recordRows are the records in a table of infra status.
func recordRows(records []hosts.ManualRecord) [][]string {
	rows := [][]string{{"RECORD TO MAKE", "TYPE", "STATE", "VALUE"}}
	for _, r := range records {
		rows = append(rows, []string{r.Name, r.Kind, r.State, strings.Join(r.Values, " ")})
	}
	return rows
}

// sayNames says after an up what the user still has to do for the hosts.
func sayNames(ctx context.Context, c *cli.Console, s *cli.Session, p *deploy.Plan, out *deploy.Outcome) {
	for _, change := range out.Names {
		c.Say("%s", change)
	}
	records, err := s.Hosts().ManualRecords(ctx, p.Facts.Names, p.Graph, out.Result.Objects)
	if err != nil {
		c.Say("the records of the hosts cannot be checked: %v", err)
		return
	}
	sayRecords(c, records)
	if len(out.Plain) > 0 {
		c.Say("without TLS until AWS has issued the certificate: %s", strings.Join(out.Plain, ", "))
		c.Say("run `berth up` again once the records are visible in DNS: it switches these hosts to HTTPS")
	}
}
