package app

import (
	"fmt"
	"slices"
	"strings"

	"github.com/berthdev/berth/internal/app/aliases"
	"github.com/berthdev/berth/internal/app/capacity"
	"github.com/berthdev/berth/internal/app/gateway"
	"github.com/berthdev/berth/internal/app/keys"
	"github.com/berthdev/berth/internal/app/sidecar"
	"github.com/berthdev/berth/internal/project"
)

// DefaultEnvironment is the environment without -e.
const DefaultEnvironment = project.DefaultEnvironment

// Options are what the command line adds to the files.
type Options struct {
	// Region is --region; empty takes the file's.
	Region string
	// Preset is --preset; empty takes the file's.
	Preset string
}

// Problems are all problems of a project, as one error.
type Problems = project.Problems

// Problem is one of them.
type Problem = project.Problem

// Position is a place in a file.
type Position = project.Position

// Notice is something that the user should know and that does not stop berth.
type Notice = project.Notice

// Source says where a project's files come from.
type Source = project.Source

// ReadSource reads what Source.String wrote.
func ReadSource(text string) Source { return project.ReadSource(text) }

// From makes an App from a project. If there are problems, the App is nil and the
// error a *Problems with all of them, including those of reading the files.
// Notices are returned in both cases.
func From(p *project.Project, o Options) (a *App, notices []Notice, err error) {
	notices = slices.Clone(p.Notices)
	r := reading{
		project: p, keys: keys.NewTable(), capacity: capacity.Fargate(),
		problems: &Problems{List: slices.Clone(p.Problems)}, notices: &notices,
	}
	a = translate(r, o)
	notices = project.SortNotices(notices)
	if err := r.problems.Err(); err != nil {
		return nil, notices, err
	}
	return a, notices, nil
}

// translate makes the App, stage by stage. Each takes the results of earlier ones;
// the checks at the end are about the whole App.
func translate(r reading, o Options) *App {
	a := namesOf(r, o)
	a.Settings = settingsOf(r, o)
	r.eachKey()
	models := gateway.Replace(r.project)
	r.project = models.Project
	tell(r, models.Problems, models.Notices)
	a.Networks = networksOf(r)
	sidecars := sidecar.Of(r.project)
	tell(r, sidecars.Problems, sidecars.Notices)
	jobs := jobsOf(r, sidecars)
	further := aliases.Find(r.project, aliases.Services{Task: sidecars.Task, Jobs: jobs, Paths: models.Paths})
	tell(r, further.Problems, further.Notices)
	w := newWorkloads(r, a, models, sidecars, jobs, further)
	for _, name := range sorted(r.project.Compose.Services) {
		s := r.project.Compose.Services[name]
		if s.Provider != nil {
			r.refuse(project.Child("services", name)+".provider", fmt.Sprintf("service %s: the provider %s is not supported", name, s.Provider.Type),
				"berth runs containers, not other providers of Compose", "run a container instead")
			continue
		}
		w.translate(name, s)
	}
	for _, name := range sorted(r.project.Compose.DisabledServices) {
		off := r.project.Compose.DisabledServices[name]
		about(r, project.OfService, name, project.Child("services", name), "it is switched off; --profile %s switches it on", strings.Join(off.Profiles, " or --profile "))
	}
	w.join()
	w.binds.refuse(r)
	a.Volumes, a.Backup = volumesOf(r, a, sidecars, w.mounters)
	check(r, a)
	return a
}
