package command

import (
	"context"
	"errors"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/berthdev/berth/internal/app"
	"github.com/berthdev/berth/internal/command/cli"
	"github.com/berthdev/berth/internal/command/render"
	"github.com/berthdev/berth/internal/deploy"
	"github.com/berthdev/berth/internal/project"
)

func newLs(o *cli.Options) *cobra.Command {
	v := &lsVerb{o.Opener()}
	return &cobra.Command{
		Use:     "ls",
		Aliases: []string{"list"}, SuggestFor: []string{"projects", "environments"},
		Short: "Show which projects are deployed in the account and region, and in which environments",
		Long: `ls reads AWS's index of tags, which can be a minute behind, and the records of
the releases. It needs no Compose file; with one, it looks in the region of the
file.`,
		Example: `  berth ls
  berth --aws-profile prod --region eu-west-1 ls --json`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error { return v.ls(c.Context()) },
	}
}

// lsVerb shows what is deployed.
type lsVerb struct{ *cli.Opener }

func (v *lsVerb) ls(ctx context.Context) error {
	target, err := v.anywhere(ctx)
	if err != nil {
		return err
	}
	list, err := deploy.List(ctx, target)
	if err != nil {
		return err
	}
	id := target.Identity
	if v.JSON {
		return v.PrintJSON(map[string]any{"account": id.Account, "region": id.Region, "stacks": append([]deploy.Stack{}, list...)})
	}
	where := "account " + id.Account
	if v.Target.Sandbox {
		where = "the sandbox"
	}
	if len(list) == 0 {
		v.Say("nothing is deployed in %s, region %s", where, id.Region)
		return nil
	}
	v.Say("%s, region %s", where, id.Region)
	rows, now := [][]string{{"PROJECT", "ENVIRONMENT", "RELEASED", "SERVICES", "SOURCE"}}, target.Clock.Now()
	for _, s := range list {
		age := "?"
		if !s.Time.IsZero() {
			age = render.Age(now.Sub(s.Time)) + " ago"
		}
		if s.Run != "" {
			age += ", changing"
		}
		rows = append(rows, []string{s.Project, s.Environment, age, strings.Join(s.Services, ", "), s.Source})
	}
	return render.Table(v.Streams.Out, rows)
}

// anywhere is the account and region, with a project or without.
func (v *lsVerb) anywhere(ctx context.Context) (deploy.Target, error) {
	source, err := v.Source.Load(ctx)
	if _, none := errors.AsType[*project.NoFileError](err); err != nil && !none && v.Source.Region == "" {
		v.Say("note: the Compose file cannot be read, so its region is not known: `berth config` says why; --region chooses one")
	}
	if err != nil {
		dir, err := filepath.Abs(v.Source.Dir)
		if err != nil {
			return deploy.Target{}, err
		}
		source = deploy.Source{App: &app.App{Region: v.Source.Region}, Project: &project.Project{Dir: dir}}
	}
	if v.Target.Sandbox {
		return v.Target.Modelled(&cli.Session{}, source, v.Attempts())
	}
	return v.Target.Amazon(ctx, source, v.Attempts())
}
