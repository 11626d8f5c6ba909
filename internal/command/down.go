package command

import (
	"context"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/berthdev/berth/internal/aws/ecs"
	"github.com/berthdev/berth/internal/aws/efs"
	"github.com/berthdev/berth/internal/aws/elasticache"
	"github.com/berthdev/berth/internal/aws/gate"
	"github.com/berthdev/berth/internal/aws/iam"
	"github.com/berthdev/berth/internal/aws/logs"
	"github.com/berthdev/berth/internal/aws/rds"
	"github.com/berthdev/berth/internal/aws/route53"
	"github.com/berthdev/berth/internal/aws/s3files"
	"github.com/berthdev/berth/internal/aws/ssm"
	"github.com/berthdev/berth/internal/cloudflare"
	"github.com/berthdev/berth/internal/command/cli"
	"github.com/berthdev/berth/internal/deploy"
	"github.com/berthdev/berth/internal/engine"
	"github.com/berthdev/berth/internal/plantext"
)

func newDown(o *cli.Options) *cobra.Command {
	v := &changer{Opener: o.Opener()}
	req := deploy.Request{Down: true}
	c := &cobra.Command{
		Use:        "down",
		SuggestFor: []string{"destroy", "delete", "remove", "rm", "stop"},
		Short:      "Delete the project from AWS",
		Long: `down deletes what up made, and the environment too unless another project uses
it. It lists what it deletes and what it leaves, and asks first.
Log groups, secrets, file systems, last snapshots of databases and DNS zones
that berth made stay; --delete-data deletes them, too.`,
		Example: `  berth down
  berth plan --down            what down would delete, and leave
  berth -e staging down --yes
  berth down --delete-data     asks for the project's name`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			req.Timeout = o.Timeout
			return v.down(c.Context(), req)
		},
	}
	c.Flags().BoolVar(&req.DeleteData, "delete-data", false, "also delete log groups, secrets, file systems, snapshots and DNS zones; asks for the project's name")
	c.Flags().BoolVar(&req.RemoveOrphans, "remove-orphans", false, "also delete services that are not in the file, if no record says which source deployed them")
	takeOverFlag(c, &req)
	duplicates(c, &req)
	cli.VerboseFlag(c, &v.verbose)
	return c
}

func (v *changer) down(ctx context.Context, req deploy.Request) error {
	s, err := v.Open(ctx)
	if err != nil {
		return err
	}
	return v.change(ctx, s, req, approval{question: fmt.Sprintf("Delete all of this from %s?", s.Source.App.Name)})
}

// sayKept says why the environment stays, if it does.
func sayKept(c *cli.Console, p *deploy.Plan) {
	if p.KeepsEnvironment != "" {
		c.Say("the environment stays: %s", p.KeepsEnvironment)
	}
}

// sayRefused names the resource types that could not be read: the lists that follow
// lack them.
func sayRefused(c *cli.Console, p *deploy.Plan) {
	if p.Observed == nil {
		return
	}
	for _, typ := range slices.Sorted(maps.Keys(p.Observed.Unread)) {
		c.Say("not read: %s: %s", typ, gate.Text(p.Observed.Unread[typ]))
	}
	if len(p.Observed.Unread) > 0 && p.Request.Down {
		c.Say("  the file, the last release and AWS's index of tags mention no such object")
	}
}

// sayLeft lists what a teardown leaves by design, as far as it exists.
func sayLeft(ctx context.Context, c *cli.Console, s *cli.Session, p *deploy.Plan) {
	left := []string{"the state in " + fromHere(s.Releases().Store.Where())}
	for _, a := range p.Actions {
		if a.Foreign() {
			left = append(left, a.Type+" "+a.ID+", which is not berth's")
		}
	}
	if leaves(p, logs.LogGroup{}.Type()) {
		left = append(left, "log groups under /berth/"+s.Source.App.Environment+"/"+s.Source.App.Name+"/")
	}
	if n := len(p.Observed.Objects(ssm.Secret{}.Type())); leaves(p, ssm.Secret{}.Type()) || n > 0 && p.KeepsEnvironment != "" {
		left = append(left, plantext.Counted(n, "secret")+" of "+s.Source.App.Environment)
	}
	left = append(left, dataLeft(p)...)
	left = append(left, databasesLeft(p)...)
	copies, err := p.Copies(ctx)
	for _, l := range copies {
		left = append(left, l.Detail)
	}
	if leaves(p, iam.ServiceLinkedRole{}.Type()) {
		left = append(left, "the account's service-linked roles")
	}
	if len(p.Observed.Objects(ecs.TaskDefinition{}.Type())) > 0 {
		left = append(left, "task definitions that ECS is still deleting")
	}
	c.Say("left in AWS: %s", strings.Join(left, "; "))
	if err != nil {
		c.Say("could not find out whether snapshots of databases are left: %s", gate.Text(err))
	}
}

// fromHere is a path below the working directory without that directory; any other text
// stays as it is.
func fromHere(path string) string {
	here, err := os.Getwd()
	if err != nil || !filepath.IsAbs(path) {
		return path
	}
	if short, err := filepath.Rel(here, path); err == nil && filepath.IsLocal(short) {
		return short
	}
	return path
}

// leaves says whether a plan leaves objects of a type.
func leaves(p *deploy.Plan, typ string) bool {
	return slices.ContainsFunc(p.Actions, func(a *engine.Action) bool {
		return a.Type == typ && a.Verb == engine.VerbLeave && !a.Foreign()
	})
}

// dataLeft names the file systems and zones that a teardown leaves.
func dataLeft(p *deploy.Plan) (left []string) {
	for _, a := range p.Actions {
		if a.Verb != engine.VerbLeave {
			continue
		}
		switch a.Type {
		case efs.FileSystem{}.Type():
			left = append(left, "file system "+a.ID)
		case s3files.FileSystem{}.Type():
			left = append(left, "file system "+a.ID+" of "+a.Address.Name)
		case route53.HostedZone{}.Type(), cloudflare.NewZone{}.Type():
			left = append(left, "zone "+a.Address.Name)
		}
	}
	return left
}

// databasesLeft names the databases that a teardown leaves, and passwords.
func databasesLeft(p *deploy.Plan) (left []string) {
	passwords := 0
	for _, a := range p.Actions {
		switch {
		case a.Verb != engine.VerbLeave || a.Stored():
		case a.Type == (ssm.Password{}).Type():
			passwords++
		case a.Type == (rds.Instance{}).Type(), a.Type == (elasticache.ReplicationGroup{}).Type():
			left = append(left, "database "+a.ID+" with its network")
		}
	}
	if passwords > 0 {
		left = append(left, fmt.Sprintf("passwords of databases: %d", passwords))
	}
	return left
}
