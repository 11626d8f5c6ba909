package run

import (
	"context"
	"errors"

	"github.com/berthdev/berth/internal/app"
	"github.com/berthdev/berth/internal/blueprint"
	"github.com/berthdev/berth/internal/engine"
)

// readContents reads what the builds are made of, before AWS is asked for
// anything. A teardown builds nothing.
func (s *Session) readContents(ctx context.Context, p *Prepared) error {
	if p.Request.Down || s.Contents == nil || len(s.App.Builds()) == 0 {
		return nil
	}
	var err error
	p.Facts.Images, err = s.Contents(ctx)
	if p.Request.ReadOnly && errors.As(err, &p.Unread) {
		return nil
	}
	return err
}

// image is what a workload runs: for a build the image by its digest.
func (s *Session) image(result *engine.Result, w app.Workload) string {
	if w.Build == nil {
		return w.Image
	}
	return result.Lives[blueprint.ImageAddress(s.App, w.Build.Key())].Output("uri")
}

// Builds is where images are built.
type Builds int

const (
	// BuildsHere builds where berth runs; what builds in the account needed goes.
	BuildsHere Builds = iota
	// BuildsHereOrThere builds where berth runs, on this machine: another one
	// builds in the account, so what that needs stays.
	BuildsHereOrThere
	// BuildsInAccount builds with CodeBuild.
	BuildsInAccount
)

// keepBuildProject keeps what builds in the account need when another machine
// has made it, so that two machines do not undo each other's work.
func (s *Session) keepBuildProject(p *Prepared) {
	if s.Builds != BuildsHereOrThere {
		return
	}
	if _, there := p.World.Object(blueprint.BuildProject(s.Stack())); there {
		p.Facts.BuildsInAccount = true
	}
}
