package command

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/berthdev/berth/internal/aws/efs"
	"github.com/berthdev/berth/internal/aws/elasticache"
	"github.com/berthdev/berth/internal/aws/rds"
	"github.com/berthdev/berth/internal/aws/route53"
	"github.com/berthdev/berth/internal/aws/s3files"
	"github.com/berthdev/berth/internal/aws/ssm"
	"github.com/berthdev/berth/internal/cloudflare"
	"github.com/berthdev/berth/internal/engine"
	"github.com/berthdev/berth/internal/run"
)

func newDown(g *globals) *cobra.Command {
	req := run.Request{Down: true}
	c := &cobra.Command{
		Use:   "down",
		Short: "Take the project off AWS",
		Long: `down deletes what up has made, and the environment with it unless another
project uses it. It names what it deletes and what it leaves, and asks.
Log groups, secrets, file systems, last snapshots of databases and DNS zones that
berth made stay; --delete-data takes them too.`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			req.Timeout = g.timeout
			return g.down(c.Context(), req)
		},
	}
	c.Flags().BoolVar(&req.DeleteData, "delete-data", false, "also delete log groups, secrets, file systems, snapshots and DNS zones; asks for the project's name")
	return c
}

func (g *globals) down(ctx context.Context, req run.Request) error {
	s, err := g.open(ctx)
	if err != nil {
		return err
	}
	return g.change(ctx, s, req, approval{question: fmt.Sprintf("Delete all of this from %s?", s.App.Name)})
}

// sayKept says why the environment stays, if it does.
func (g *globals) sayKept(p *run.Prepared) {
	if p.KeepsEnvironment != "" {
		g.say("the environment stays: %s", p.KeepsEnvironment)
	}
}

// sayLeft names what a teardown leaves by design.
func (g *globals) sayLeft(s *session, p *run.Prepared) {
	left := []string{"the state in " + s.Releases.Store.Where()}
	if !p.Request.DeleteData {
		left = append(left, "log groups under /berth/"+s.App.Environment+"/"+s.App.Name+"/")
	}
	if n := len(p.World.Lives(ssm.Secret{}.Type())); n > 0 && (!p.Request.DeleteData || p.KeepsEnvironment != "") {
		left = append(left, fmt.Sprintf("%d secrets of %s", n, s.App.Environment))
	}
	left = append(left, dataLeft(p)...)
	left = append(left, databasesLeft(p)...)
	left = append(left, "the account's service-linked roles", "task definitions that ECS is still deleting")
	g.say("left standing: %s", strings.Join(left, "; "))
}

// dataLeft names the file systems and zones that a teardown leaves.
func dataLeft(p *run.Prepared) (left []string) {
	for _, a := range p.Plan.Actions {
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

// databasesLeft names what a teardown leaves of databases.
func databasesLeft(p *run.Prepared) (left []string) {
	passwords := 0
	for _, a := range p.Plan.Actions {
		switch {
		case a.Type == (ssm.Password{}).Type() && a.Verb == engine.VerbLeave:
			passwords++
		case a.Type != (rds.Instance{}).Type() && a.Type != (elasticache.ReplicationGroup{}).Type():
		case a.Verb == engine.VerbLeave && a.Stored():
			left = append(left, "snapshot "+a.ID)
		case a.Verb == engine.VerbLeave:
			left = append(left, "database "+a.ID+" with its network")
		case a.Verb == engine.VerbDelete && !p.Request.DeleteData:
			left = append(left, "snapshot "+rds.FinalSnapshot(a.ID))
		}
	}
	if passwords > 0 {
		left = append(left, fmt.Sprintf("passwords of databases: %d", passwords))
	}
	return left
}

// confirmName asks for the project's name before data is deleted.
func (g *globals) confirmName(name string) error {
	if g.yes {
		return nil
	}
	if !g.interactive() {
		return &remedyError{err: errors.New("nobody can confirm that data is deleted"), remedy: "pass --yes"}
	}
	_, _ = fmt.Fprintf(g.streams.Err, "This deletes data. Type the project's name, %s, to go on: ", name)
	answer, err := readLine(g.streams.In)
	if err != nil {
		return fmt.Errorf("reading the answer: %w", err)
	}
	if strings.TrimSpace(answer) != name {
		return &exitError{code: exitFailed, err: errors.New("nothing was changed")}
	}
	return nil
}
