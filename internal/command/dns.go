package command

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"github.com/berthdev/berth/internal/command/cli"
	"github.com/berthdev/berth/internal/hosts"
)

func newDNS(o *cli.Options) *cobra.Command {
	v := &dnsVerb{o.Opener()}
	var watch bool
	var every time.Duration
	sync := &cobra.Command{
		Use:   "sync",
		Short: "Point the host names of services to the tasks that run now",
		Long: `sync sets the records of the hosts to the public addresses of the tasks that
work. It is for x-berth.ingress: direct, where AWS can replace a task at any
time and the new task has another address; with a load balancer there is
nothing to sync. up does the same at its end; --watch repeats it until it is
interrupted.`,
		Example: `  berth dns sync               once, from a scheduled job
  berth dns sync --watch       repeatedly, from a small service`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error { return v.dnsSync(c.Context(), watch, every) },
	}
	sync.Flags().BoolVar(&watch, "watch", false, "repeat until interrupted")
	sync.Flags().DurationVar(&every, "every", 20*time.Second, "how often --watch syncs")
	c := &cobra.Command{Use: "dns", Short: "Manage the host names of services"}
	c.AddCommand(sync)
	return c
}

// fastestSync keeps watchers within Route 53's five calls a second.
const fastestSync = 5 * time.Second

// dnsVerb keeps the records of hosts up to date.
type dnsVerb struct{ *cli.Opener }

func (v *dnsVerb) dnsSync(ctx context.Context, watch bool, every time.Duration) error {
	if every < fastestSync {
		return fmt.Errorf("--every %s is too short: the shortest time is %s", every, fastestSync)
	}
	s, err := v.Open(ctx)
	if err != nil {
		return err
	}
	if !s.Source.App.Direct() || len(s.Source.App.HostNames()) == 0 {
		return &cli.RemedyError{
			Err:    errors.New("there is nothing to sync: no host points directly to tasks"),
			Advice: "set x-berth.ingress to direct and x-berth.host to a name; with a load balancer no sync is needed",
		}
	}
	save := s.Saving()
	if watch {
		v.Say("%s", s.Header())
		s.Hosts().Watch(ctx, every, func(changes []hosts.Change, err error) {
			v.printNames(changes)
			if err != nil {
				v.Say("%s: %v; trying again", s.Target.Clock.Now().Format(time.TimeOnly), err)
			}
		})
		return save()
	}
	changes, err := s.Hosts().Sync(ctx)
	if err = errors.Join(err, save()); err != nil {
		return err
	}
	if v.JSON {
		return v.PrintJSON(struct {
			cli.Place
			Changes []hosts.Change `json:"changes"`
		}{s.Place(), changes})
	}
	v.printNames(changes)
	if len(changes) == 0 {
		v.Say("all host names point to the tasks that run")
	}
	return nil
}

func (v *dnsVerb) printNames(changes []hosts.Change) {
	for _, c := range changes {
		v.Print("%s", c)
	}
}
