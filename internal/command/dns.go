package command

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/berthdev/berth/internal/blueprint"
	"github.com/berthdev/berth/internal/hosts"
	"github.com/berthdev/berth/internal/run"
)

func newDNS(g *globals) *cobra.Command {
	var watch bool
	var every time.Duration
	sync := &cobra.Command{
		Use:   "sync",
		Short: "Make the names of services lead to the tasks that run now",
		Long: `sync makes the records of the hosts hold exactly the public addresses of the
tasks that work. It is for x-berth.ingress: direct, where a task that AWS
replaces gets another address at any time; with a load balancer there is nothing
to do. up does it at its end; --watch goes on until it is interrupted.`,
		Example: `  berth dns sync               once, from a scheduled job
  berth dns sync --watch       all the time, from a small service`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error { return g.dnsSync(c.Context(), watch, every) },
	}
	sync.Flags().BoolVar(&watch, "watch", false, "go on until interrupted")
	sync.Flags().DurationVar(&every, "every", 20*time.Second, "the time between two looks of --watch")
	c := &cobra.Command{Use: "dns", Short: "Look after the host names of services"}
	c.AddCommand(sync)
	return c
}

// fastestSync keeps watchers within Route 53's five calls a second.
const fastestSync = 5 * time.Second

func (g *globals) dnsSync(ctx context.Context, watch bool, every time.Duration) error {
	if every < fastestSync {
		return fmt.Errorf("--every %s: want at least %s", every, fastestSync)
	}
	s, err := g.open(ctx)
	if err != nil {
		return err
	}
	if !s.App.Direct() || len(s.App.HostNames()) == 0 {
		return &remedyError{
			err:    errors.New("there is nothing to sync: no host leads to tasks directly"),
			remedy: "x-berth: {ingress: direct} and x-berth.host ask for it; a load balancer needs no sync",
		}
	}
	save := s.saving()
	if watch {
		g.say("%s", s.header())
		s.Hosts().Watch(ctx, every, func(changes []hosts.Change, err error) {
			g.printNames(changes)
			if err != nil {
				g.say("%s: %v; trying again", s.Clock.Now().Format(time.TimeOnly), err)
			}
		})
		return save()
	}
	changes, err := s.Hosts().Sync(ctx)
	if err = errors.Join(err, save()); err != nil {
		return err
	}
	if g.json {
		return g.printJSON(map[string]any{"changes": append([]hosts.Change{}, changes...)})
	}
	g.printNames(changes)
	if len(changes) == 0 {
		g.say("all names lead to the tasks that run")
	}
	return nil
}

func (g *globals) printNames(changes []hosts.Change) {
	for _, c := range changes {
		g.print("%s", c)
	}
}

// sayRecords tells which records somebody has to make, and what is without TLS
// until then.
func (g *globals) sayRecords(records []hosts.ManualRecord) {
	var todo []hosts.ManualRecord
	pending := false
	for _, r := range records {
		switch {
		case r.State == hosts.RecordOK:
		case r.For == hosts.ForDelegation:
			g.say("set these name servers at the registrar of %s:", r.Name)
			for _, v := range r.Values {
				g.say("  %s", v)
			}
			pending = true
		default:
			todo = append(todo, r)
			pending = pending || r.For == hosts.ForCertificate
		}
	}
	if len(todo) > 0 {
		g.say("make these records where the domain's DNS is run; an ALIAS may be called ANAME:")
	}
	for _, r := range todo {
		g.say("  %s", r.Name)
		for _, v := range r.Values {
			g.say("    %s %s", r.Kind, v)
		}
	}
	if len(todo) > 0 || pending {
		g.say("`berth infra status` checks them")
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

// sayNames tells after an up what is still to be done for the hosts.
func (g *globals) sayNames(ctx context.Context, s *session, p *run.Prepared, out *run.Outcome) {
	for _, c := range out.Names {
		g.say("%s", c)
	}
	records, err := s.Hosts().ManualRecords(ctx, p.Facts.Names, p.Graph, out.Result.Lives)
	if err != nil {
		g.say("the records of the hosts cannot be checked: %v", err)
		return
	}
	g.sayRecords(records)
	if plain := s.Hosts().Plain(p.Facts.Names, p.Graph, out.Result.Lives); len(plain) > 0 {
		g.say("without TLS until AWS has issued the certificate: %s", strings.Join(plain, ", "))
		g.say("run `berth up` again once the records can be seen: it switches them to HTTPS")
	}
}

// withoutTLS shows the hosts as they answer until their certificate is issued.
func withoutTLS(urls []blueprint.URL, plain []string) []blueprint.URL {
	for i, u := range urls {
		rest, secure := strings.CutPrefix(u.URL, "https://")
		name, _, _ := strings.Cut(rest, "/")
		if secure && slices.Contains(plain, name) {
			urls[i].URL, urls[i].Port = "http://"+rest, 80
		}
	}
	return urls
}
