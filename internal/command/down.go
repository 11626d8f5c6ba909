package command

import (
	"context"
	"errors"
	"fmt"
	"maps"
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
	c.Flags().BoolVar(&req.RemoveOrphans, "remove-orphans", false, "also delete services that are not in the file when no record says whose they are")
	takeOverFlag(c, &req)
	duplicates(c, &req)
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

// sayRefused names what could not be read and so is missing in what follows.
func (g *globals) sayRefused(p *run.Prepared) {
	if p.World == nil {
		return
	}
	for _, typ := range slices.Sorted(maps.Keys(p.World.Unread)) {
		g.say("not read: %s: %s", typ, gate.Text(p.World.Unread[typ]))
	}
	if len(p.World.Unread) > 0 && p.Request.Down {
		g.say("  neither the file, the last release nor AWS's index of tags tells of any of these")
	}
}

// sayLeft names what a teardown leaves by design, and nothing that is not there.
func (g *globals) sayLeft(ctx context.Context, s *session, p *run.Prepared) {
	left := []string{"the state in " + s.Releases.Store.Where()}
	for _, a := range p.Plan.Actions {
		if a.Foreign() {
			left = append(left, a.Type+" "+a.ID+", which is not berth's")
		}
	}
	if leaves(p, logs.LogGroup{}.Type()) {
		left = append(left, "log groups under /berth/"+s.App.Environment+"/"+s.App.Name+"/")
	}
	if n := len(p.World.Objects(ssm.Secret{}.Type())); leaves(p, ssm.Secret{}.Type()) || n > 0 && p.KeepsEnvironment != "" {
		left = append(left, fmt.Sprintf("%d secrets of %s", n, s.App.Environment))
	}
	left = append(left, dataLeft(p)...)
	left = append(left, databasesLeft(p)...)
	copies, err := s.Copies(ctx, p)
	for _, l := range copies {
		left = append(left, l.Detail)
	}
	if leaves(p, iam.ServiceLinkedRole{}.Type()) {
		left = append(left, "the account's service-linked roles")
	}
	if len(p.World.Objects(ecs.TaskDefinition{}.Type())) > 0 {
		left = append(left, "task definitions that ECS is still deleting")
	}
	g.say("left standing: %s", strings.Join(left, "; "))
	if err != nil {
		g.say("whether snapshots of databases are left could not be read: %s", gate.Text(err))
	}
}

// leaves says whether a plan leaves objects of a type.
func leaves(p *run.Prepared, typ string) bool {
	return slices.ContainsFunc(p.Plan.Actions, func(a *engine.Action) bool {
		return a.Type == typ && a.Verb == engine.VerbLeave && !a.Foreign()
	})
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

// databasesLeft names the databases that a teardown leaves, and passwords.
func databasesLeft(p *run.Prepared) (left []string) {
	passwords := 0
	for _, a := range p.Plan.Actions {
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
