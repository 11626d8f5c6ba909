package command

import (
	"cmp"
	"context"
	"errors"

	"github.com/berthdev/berth/internal/app"
	"github.com/berthdev/berth/internal/aws/ecr"
	"github.com/berthdev/berth/internal/images"
	"github.com/berthdev/berth/internal/run"
	"github.com/berthdev/berth/internal/sandbox"
	"github.com/berthdev/berth/internal/state"
)

// builds tells the session how to read what the images are made of, and says
// who builds them; nil where nothing is built.
func (g *globals) builds(ctx context.Context, s *session) (ecr.Builder, error) {
	if len(s.App.Builds()) == 0 {
		return nil, nil //nolint:nilnil // without builds there is no builder
	}
	source := images.NewSource(s.App, func(name string) (string, bool) {
		v, ok := s.project.Compose.Environment[name]
		return v, ok
	})
	s.Contents = func(ctx context.Context) (map[string]string, error) {
		c, err := source.Read(ctx)
		if c == nil {
			return nil, err
		}
		g.printNotices(c.Notices)
		return c.Digests, err
	}
	where, err := images.ParseWhere(cmp.Or(g.builder, s.App.Settings.Builder.Value))
	if err != nil {
		return nil, err
	}
	return g.builderAt(ctx, s, source, where), nil
}

// builderAt is who builds at a place. The sandbox has an engine of its own,
// which makes images up.
func (g *globals) builderAt(ctx context.Context, s *session, source *images.Source, where images.Where) ecr.Builder {
	id := s.identity
	bucket := &state.Bucket{API: s.Clients.S3, Account: id.Account, Region: id.Region, Partition: id.Partition}
	account := images.CodeBuild{
		API: s.Clients.CodeBuild, Logs: s.Clients.Logs, Uploads: bucket, Source: source, Clock: s.Clock, Nonce: nonce,
	}
	if where == images.InAccount {
		s.Builds = run.BuildsInAccount
		return account
	}
	if where == images.Auto {
		s.Builds = run.BuildsHereOrThere
	}
	if s.world != nil {
		return images.Sandbox{API: s.Clients.ECR, Clock: s.Clock, Took: s.world.Takes(sandbox.ImageBuilt), Source: source}
	}
	path, why := images.Engine(ctx)
	switch {
	case path != "":
		return images.NewDocker(path, source, images.RegistryLogin(s.Clients.ECR))
	case where == images.Auto:
		s.Builds = run.BuildsInAccount
		return account
	}
	return images.Nobody{Why: why}
}

// sayUnread says what is wrong with the files of builds, for verbs that go on.
func (g *globals) sayUnread(p *app.Problems) {
	if p == nil {
		return
	}
	for _, problem := range p.List {
		problem.What += " (up refuses it)"
		g.say("note: %s", problem.String())
	}
}

// outputOf are the last lines of a build that failed.
func outputOf(err error) []string {
	var failed *images.FailedError
	if errors.As(err, &failed) {
		return failed.Output()
	}
	return nil
}
