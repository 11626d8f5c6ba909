package deploy

import (
	"context"

	"github.com/berthdev/berth/internal/app"
	"github.com/berthdev/berth/internal/blueprint"
	"github.com/berthdev/berth/internal/project"
)

// Source is what to deploy. Load reads one from Compose files; a program that
// has an app already fills in App alone.
type Source struct {
	App *app.App
	// Notices say what the author of the files should know about them.
	Notices []app.Notice
	// Project is the files themselves; nil if the app comes from elsewhere.
	Project *project.Project
	// Commit and Dirty describe the git checkout, for the release's record.
	Commit string
	Dirty  bool
}

// Load reads Compose files and finds out what they mean. The problems of the files
// come as one *app.Problems: all of them, not only the first.
func Load(ctx context.Context, files project.Options, o app.Options) (Source, error) {
	p, err := project.Load(ctx, files)
	if err != nil {
		return Source{}, app.WithRefusals(err)
	}
	a, notices, err := app.From(p, o)
	if err != nil {
		return Source{}, err
	}
	return Source{
		App: a, Notices: append(notices, blueprint.Notices(a)...), Project: p,
		Commit: p.Git.Commit, Dirty: p.Git.Dirty,
	}, nil
}

// variable returns a variable of the files, for the secrets of builds.
func (s Source) variable(name string) (string, bool) {
	if s.Project == nil {
		return "", false
	}
	v, ok := s.Project.Compose.Environment[name]
	return v, ok
}
