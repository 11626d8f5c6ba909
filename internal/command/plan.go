package command

import (
	"context"
	"errors"

	"github.com/spf13/cobra"

	"github.com/berthdev/berth/internal/app"
	"github.com/berthdev/berth/internal/command/cli"
	"github.com/berthdev/berth/internal/deploy"
)

func newPlan(o *cli.Options) *cobra.Command {
	v := &planVerb{o.Opener()}
	req := deploy.Request{ReadOnly: true}
	var exitCode, verbose bool
	c := &cobra.Command{
		Use:     "plan [SERVICE...]",
		Aliases: []string{"diff"}, SuggestFor: []string{"preview", "dry-run", "changes"},
		Short: "Show what up would do, and why",
		Long: `plan reads AWS and shows what up would do: by service, with what is public, and
with the changed keys of the files. It changes nothing and takes no lock.

With -f and Kubernetes manifests it shows what the operator would do with the
ECSClusters among them, without Kubernetes: docs/operator.md.`,
		Example: `  berth plan
  berth plan --verbose         every resource with its reasons, every notice
  berth plan --deep            compares all attributes, not only what lists show
  berth plan --show-values     with the values of variables that change
  berth plan --down --delete-data
                               what down would delete, data included, and leave
  berth plan --exit-code       exit code 2 when there is something to do
  kubectl get awsprovider,ecscluster -A -o yaml | berth plan -f -`,
		RunE: func(c *cobra.Command, args []string) error {
			if req.ShowValues && v.JSON {
				return &cli.RemedyError{Err: errors.New("--show-values with --json: a saved plan has no values"), Advice: "leave out one of them"}
			}
			manifests := &manifestsVerb{v.Opener}
			objects, ok, err := manifests.objects()
			if err != nil {
				return err
			}
			if ok {
				return manifests.plan(c.Context(), objects, exitCode)
			}
			req.Services = args
			if req.DeleteData && !req.Down {
				return &cli.RemedyError{Err: errors.New("--delete-data needs --down"), Advice: "`berth plan --down --delete-data`"}
			}
			return v.plan(c.Context(), req, exitCode, verbose)
		},
	}
	c.Flags().BoolVar(&req.ShowValues, "show-values", false, "show variables' values that do not look like credentials (not with --json)")
	c.Flags().BoolVar(&req.Deep, "deep", false, "read every attribute")
	cli.VerboseFlag(c, &verbose)
	c.Flags().BoolVar(&exitCode, "exit-code", false, "exit with 2 when changes are pending")
	c.Flags().BoolVar(&req.RemoveOrphans, "remove-orphans", false, "also plan the removal of services that are not in the file, if no record says which source deployed them")
	takeOverFlag(c, &req)
	c.Flags().BoolVar(&req.Down, "down", false, "show what down would do")
	c.Flags().BoolVar(&req.DeleteData, "delete-data", false, "with --down: show what down --delete-data would delete and leave")
	c.Flags().StringArrayVar(&req.Adopt, "adopt", nil, "plan to take over the existing object for this ADDRESS")
	duplicates(c, &req)
	return c
}

// planVerb shows what up or down would do.
type planVerb struct{ *cli.Opener }

func (v *planVerb) plan(ctx context.Context, req deploy.Request, exitCode, verbose bool) error {
	s, err := v.Open(ctx)
	if err != nil {
		return err
	}
	if !verbose {
		cli.HoldNotices(v.Console)
	}
	v.PrintNotices(s.Source.Notices)
	if v.JSON {
		v.Say("%s", s.Header())
	}
	p, err := s.Plan(ctx, req, v.Observer())
	cli.SayNotices(v.Console)
	if err != nil {
		return err
	}
	sayUnread(v.Console, p.Unread)
	saySource(v.Console, p, s.Stack())
	sayRefused(v.Console, p)
	if v.JSON {
		err = v.PrintJSON(planView{p.Save(), belongingOf(p), missingOf(p), cli.Notices(v.Console)})
	} else {
		v.Print("%s\n", s.Header())
		v.PrintPlan(p, verbose)
		sayKept(v.Console, p)
		sayRecords(v.Console, s.Hosts().Delegations(ctx, p.Graph, p.Objects()))
		for _, h := range s.Source.App.Placeholders {
			v.Say("comes later: %s: %s (%s)", h.Where, h.What, h.Comes)
		}
	}
	sayMissing(v.Console, p, s.Source.App.Env)
	if err == nil && exitCode && !p.Empty() {
		return &cli.ExitError{Code: cli.ExitChanges}
	}
	return err
}

// sayUnread prints the problems with the files of builds, for verbs that go on in
// spite of them.
func sayUnread(c *cli.Console, p *app.Problems) {
	if p == nil {
		return
	}
	for _, problem := range p.List {
		problem.What += " (up refuses it)"
		c.Say("note: %s", problem.String())
	}
}

// planView is plan --json.
type planView struct {
	deploy.SavedPlan
	Belonging belonging `json:"belonging"`
	// Missing are the secrets without which up would not begin.
	Missing []missingSecret `json:"missing_secrets"`
	Notices []cli.Notice    `json:"notices"`
}

// belonging says which source the stack belongs to.
type belonging struct {
	// OtherSource is the source that the stack belongs to, if it is not the plan's
	// own. up and down then need --take-over.
	OtherSource string `json:"other_source,omitempty"`
	// Unknown says that no record names the source. NotInFile is then what exists
	// but is not in the file: deleting it needs --remove-orphans.
	Unknown   bool     `json:"unknown"`
	NotInFile []string `json:"not_in_file"`
	// Damaged says that the record which named the source was damaged: every
	// deletion then needs --take-over.
	Damaged bool `json:"damaged,omitempty"`
}

func belongingOf(p *deploy.Plan) belonging {
	return belonging{OtherSource: p.Claim.Theirs, Unknown: p.Claim.Unknown, NotInFile: p.Claim.Strangers, Damaged: p.Claim.Damaged}
}

type missingSecret struct {
	// Name is the secret's name, path or ARN.
	Name   string   `json:"name"`
	UsedBy []string `json:"used_by"`
	// Where is the file:line of the first use.
	Where string `json:"where"`
}

func missingOf(p *deploy.Plan) []missingSecret {
	out := []missingSecret{}
	for _, n := range p.Missing {
		out = append(out, missingSecret{n.From, n.Users, n.Where})
	}
	return out
}

// sayMissing names the secrets without which up would not begin.
func sayMissing(c *cli.Console, p *deploy.Plan, env string) {
	for _, line := range deploy.MissingTexts(p.Missing) {
		c.Say("%s", line)
	}
	if len(p.Missing) > 0 {
		c.Say("  %s", deploy.MissingRemedy(p.Missing, env))
	}
}
