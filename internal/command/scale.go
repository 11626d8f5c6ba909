package command

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/berthdev/berth/internal/command/cli"
	"github.com/berthdev/berth/internal/deploy"
	"github.com/berthdev/berth/internal/plantext"
	"github.com/berthdev/berth/internal/scale"
	"github.com/berthdev/berth/internal/why"
)

func newScale(o *cli.Options) *cobra.Command {
	v := &scaleVerb{Opener: o.Opener(), doing: "scaling", ended: "scaled"}
	return &cobra.Command{
		Use:   "scale SERVICE=COUNT...",
		Short: "Set the number of tasks of services, until the file changes it",
		Long: `scale changes the number of tasks of what runs, and waits until as many run. The
number stays, also after up, until deploy.replicas changes in the file; plan
says so. A service that is scaled with its load keeps its range: scale refuses
it.`,
		Example: `  berth scale web=3
  berth -e prod scale web=6 api=2 --yes`,
		Args: cobra.MinimumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			counts, err := countsOf(args)
			if err != nil {
				return err
			}
			return v.run(c.Context(), o.Timeout, func(ctx context.Context, p *deploy.Project) (*scale.Plan, error) {
				return scale.To(ctx, p, counts, v.Observer())
			})
		},
	}
}

// countsOf reads SERVICE=COUNT.
func countsOf(args []string) (map[string]int, error) {
	out := map[string]int{}
	for _, arg := range args {
		name, text, ok := strings.Cut(arg, "=")
		n, err := strconv.Atoi(text)
		if !ok || name == "" || err != nil {
			return nil, &cli.RemedyError{Err: fmt.Errorf("%q does not say how many tasks", arg), Advice: "write SERVICE=COUNT, such as web=3"}
		}
		if _, twice := out[name]; twice {
			return nil, fmt.Errorf("%s is there twice", name)
		}
		out[name] = n
	}
	return out, nil
}

// scaleVerb changes numbers of tasks.
type scaleVerb struct {
	*cli.Opener
	// doing and ended are the command's word as it goes on and when it has ended.
	doing, ended string
}

// scaleOutput is the stable form of scale, pause and resume with --json.
type scaleOutput struct {
	cli.Place
	Changes []scale.Change `json:"changes"`
}

func (v *scaleVerb) run(ctx context.Context, timeout time.Duration, plan func(context.Context, *deploy.Project) (*scale.Plan, error)) error {
	s, err := v.Open(ctx)
	if err != nil {
		return err
	}
	v.Say("%s", s.Header())
	p, err := plan(ctx, s.Project)
	if err != nil {
		return err
	}
	texts := changesText(p.Changes)
	if err := v.Agree(s, "Change "+texts+"?"); err != nil {
		return err
	}
	names, addresses := p.Services()
	took, err := carryOut(v.Opener, s, work{
		names: names, addresses: addresses, doing: v.doing, ended: v.ended,
		apply: func(observe deploy.Observer) ([]why.Answer, error) { return p.Apply(ctx, timeout, observe) },
	})
	if err != nil {
		return err
	}
	v.Say("%s %s in %s", v.ended, texts, took)
	for _, c := range p.Changes {
		if c.Asleep {
			v.Say("%s starts at the next time of x-berth.sleep or autoscaling.schedule, which let no task run now", c.Service)
		}
	}
	if v.JSON {
		return v.PrintJSON(scaleOutput{s.Place(), p.Changes})
	}
	return nil
}

// changesText is "web from 2 to 3 tasks, api from 1 to 2 tasks".
func changesText(changes []scale.Change) string {
	words := make([]string, len(changes))
	for i, c := range changes {
		words[i] = fmt.Sprintf("%s from %d to %s", c.Service, c.From, plantext.Counted(c.To, "task"))
	}
	return strings.Join(words, ", ")
}
