package command

import (
	"context"
	"strings"

	"github.com/spf13/cobra"

	"github.com/berthdev/berth/internal/command/cli"
	"github.com/berthdev/berth/internal/command/render"
	"github.com/berthdev/berth/internal/deploy"
	"github.com/berthdev/berth/internal/engine"
	"github.com/berthdev/berth/internal/hosts"
	"github.com/berthdev/berth/internal/plantext"
	"github.com/berthdev/berth/internal/status"
)

func newInfra(o *cli.Options) *cobra.Command {
	v := &infraVerb{o.Opener()}
	c := &cobra.Command{Use: "infra", Short: "Inspect the objects in AWS"}
	c.AddCommand(&cobra.Command{
		Use:   "status",
		Short: "Show every resource with its AWS id, state and drift",
		Long: `status reads every attribute of every resource, as plan --deep does. What is not
as the files ask for comes first, with the reason. Below are the instances that
tasks run on, with what is free of them, and at the end the source addresses of
connections that services open to the internet.`,
		Example: `  berth infra status
  berth infra status --json`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error { return v.status(c.Context()) },
	})
	return c
}

// infraOutput is infra status --json.
type infraOutput struct {
	cli.Place
	Resources []infraItem          `json:"resources"`
	Records   []hosts.ManualRecord `json:"records"`
	// Instances are those that tasks run on; none on Fargate.
	Instances []status.Instance `json:"instances"`
	// Outbound are the fixed addresses from which tasks reach the internet.
	Outbound []string `json:"outbound"`
	// State is what makes the bucket of the state less safe than berth made it.
	State []string `json:"state"`
}

// infraItem is one resource in infra status --json.
type infraItem struct {
	Owner   string `json:"owner"`
	Address string `json:"address"`
	ID      string `json:"id,omitempty"`
	State   string `json:"state"`
	Detail  string `json:"detail,omitempty"`
	// Condition is how the resource stands to what the files ask for.
	Condition condition `json:"condition"`
	// Drift is what changed in AWS since berth last applied the resource. Changes
	// is what the files ask for and AWS does not have yet.
	Drift   []plantext.ReasonRecord `json:"drift"`
	Changes []plantext.ReasonRecord `json:"changes"`
}

// infraVerb shows the objects in AWS.
type infraVerb struct{ *cli.Opener }

func (v *infraVerb) status(ctx context.Context) error {
	s, err := v.Open(ctx)
	if err != nil {
		return err
	}
	p, err := s.Plan(ctx, deploy.Request{Deep: true, ReadOnly: true, Lenient: true}, v.filesOnly())
	if err != nil {
		return err
	}
	sayRefused(v.Console, p)
	for _, what := range p.Unsafe {
		v.Say("warning: %s", what)
	}
	items := inventory(p)
	records, err := s.Hosts().ManualRecords(ctx, p.Facts.Names, p.Graph, p.Objects())
	if err != nil {
		return err
	}
	instances, err := s.Instances(ctx)
	if err != nil {
		return err
	}
	if v.JSON {
		return v.PrintJSON(infraOutput{s.Place(), items, records, instances, outbound(s.Source.App, p), p.Unsafe})
	}
	if err := v.printInventory(items); err != nil {
		return err
	}
	if err := v.printInstances(instances); err != nil {
		return err
	}
	v.printOutbound(s.Source.App, outbound(s.Source.App, p))
	if len(records) == 0 {
		return nil
	}
	v.Print("")
	return render.Table(v.Streams.Out, recordRows(records))
}

// filesOnly shows notices about the files only: the state of AWS is what the verb
// itself prints.
func (v *infraVerb) filesOnly() deploy.Observer {
	show := v.Observer()
	return func(e deploy.Event) {
		if n, ok := e.(deploy.Noticed); !ok || n.Stage == deploy.StageContents {
			show(e)
		}
	}
}

// inventory lists the desired resources, and the observed objects that none of them
// stands for.
func inventory(p *deploy.Plan) []infraItem {
	actions := map[string]*engine.Action{}
	for _, a := range p.Actions {
		actions[a.Address.Owner.String()+" "+a.Title()] = a
	}
	var items []infraItem
	add := func(a engine.Address, l engine.Object, exists bool) {
		i := infraItem{Owner: a.Owner.String(), Address: a.String(), ID: l.ID, State: string(l.State), Detail: l.Detail}
		if !exists {
			i.State = stateMissing
			if p.Observed.Unread[a.Type] != nil {
				i.State = stateUnreadable
			}
		}
		act := actions[a.Owner.String()+" "+a.String()]
		if exists && act != nil && (act.Verb == engine.VerbUpdate || act.Verb == engine.VerbReplace) {
			for _, r := range act.Reasons {
				if r.Cause.Kind == engine.CauseFollows && len(p.Observed.Unread) > 0 {
					continue // the cause may be an object that could not be read
				}
				if r.Asked() {
					i.Changes = append(i.Changes, plantext.ReasonRecords([]engine.Reason{r})...)
				} else {
					i.Drift = append(i.Drift, plantext.ReasonRecords([]engine.Reason{r})...)
				}
			}
		}
		i.Condition = i.conditionOf(false)
		items = append(items, i)
	}
	for _, n := range p.Graph.Nodes() {
		l, ok := p.Observed.Object(n.Address)
		add(n.Address, l, ok)
	}
	for _, l := range p.Observed.Orphans(p.Graph) {
		l.Detail = strings.TrimPrefix(l.Detail+", "+plantext.Words(engine.Cause{Kind: engine.CauseOrphan}), ", ")
		add(l.Address, l, true)
		last := &items[len(items)-1]
		last.Condition = last.conditionOf(true)
	}
	return items
}
