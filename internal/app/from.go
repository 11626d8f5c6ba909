package app

import (
	"cmp"
	"fmt"
	"maps"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/berthdev/berth/internal/project"
	"github.com/compose-spec/compose-go/v2/types"
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

// Problems are all that keeps a project from being run, as one error.
type Problems = project.Problems

// Problem is one of them.
type Problem = project.Problem

// Position is where something stands in a file.
type Position = project.Position

// Notice tells something that the user should know and that stops nothing.
type Notice = project.Notice

// From says what a project means. The error is a *Problems with all problems
// of all files, those of reading them too; the App is nil then. Notices are
// given in both cases.
func From(p *project.Project, o Options) (a *App, notices []Notice, err error) {
	t := &translator{
		project: p, options: o, keys: newKeyTable(),
		problems: &Problems{List: slices.Clone(p.Problems)},
		notices:  slices.Clone(p.Notices),
		app:      &App{Name: p.Compose.Name, Env: p.Environment, Source: source(p)},
		jobs:     map[string]bool{}, models: map[string]string{}, paths: map[string]string{}, mounters: map[string]mounter{},
		binds: binds{sections: map[string]map[string]string{}, names: map[string]string{}},
	}
	t.names()
	t.settings()
	t.eachKey()
	t.gateways()
	t.networks()
	t.findJobs()
	t.furtherNames()
	for _, name := range sorted(t.project.Compose.Services) {
		s := t.project.Compose.Services[name]
		if s.Provider != nil {
			t.refuse(project.Child("services", name)+".provider", fmt.Sprintf("service %s: the provider %s is not possible", name, s.Provider.Type),
				"berth runs containers and no other programs of Compose", "run a container in its place")
			continue
		}
		t.service(name, s)
	}
	t.refuseBinds()
	t.volumes()
	t.listeners()
	t.routes()
	t.crossChecks()
	t.comesLater()
	notices = project.SortNotices(t.notices)
	if err := t.problems.Err(); err != nil {
		return nil, notices, err
	}
	return t.app, notices, nil
}

// translator makes an App of one project.
type translator struct {
	project  *project.Project
	options  Options
	keys     keyTable
	app      *App
	problems *Problems
	notices  []Notice
	// jobs are the names of the services that are jobs.
	jobs map[string]bool
	// models are the models of Bedrock behind the services that stand for one,
	// and paths the places of such services in the files.
	models, paths map[string]string
	// aliases are the further names of services, sorted.
	aliases map[string][]string
	// mounters are the workloads as volumes see them.
	mounters map[string]mounter
	// binds are the mounts of this computer's files.
	binds binds
}

// workload is one service on its way into the App.
type workload struct {
	*translator
	Workload
	compose types.ServiceConfig
	x       project.XService
	job     bool
	// Hosts become those of the service.
	Hosts []Host
	// path is services.NAME.
	path string
	// docker is what the Dockerfile of a build tells, once it was read.
	docker *dockerfile
}

// service translates one Compose service into a Service or a Job.
func (t *translator) service(name string, c types.ServiceConfig) {
	path := orElse(t.paths[name], project.Child("services", name))
	w := &workload{translator: t, compose: c, x: t.project.Services[name], job: t.jobs[name], path: path}
	w.Name, w.Origin = name, t.at(path).String()
	w.Model, w.Aliases = t.models[name], t.aliases[name]
	w.ownNames()
	if m := w.x.Database(); m != nil {
		w.database(m)
		return
	}
	w.image()
	w.process()
	w.environment()
	w.resources()
	w.security()
	w.storage()
	w.logging()
	w.labels()
	w.Networks = t.networksOf(name, c)
	w.health()
	w.hosts()
	w.ports()
	w.hostPort()
	w.dependencies()
	w.policies()
	w.existing()
	if w.job {
		w.checkJob()
		t.app.Jobs = append(t.app.Jobs, Job{Workload: w.Workload})
		return
	}
	t.app.Services = append(t.app.Services, w.service())
}

// at is the place of a path in the files.
func (t *translator) at(path string) project.Position { return t.project.Positions.At(path) }

func (t *translator) refuse(path, what, why, remedy string) {
	t.problems.Add(Problem{At: t.at(path), What: what, Why: why, Remedy: remedy})
}

func (t *translator) notice(path, format string, args ...any) {
	t.notices = append(t.notices, Notice{At: t.at(path), Text: fmt.Sprintf(format, args...)})
}

// refuse and the ones below are about one key of the service, "" for itself.
func (w *workload) refuse(key, what, why, remedy string) {
	w.translator.refuse(w.path+dotted(key), "service "+w.Name+": "+what, why, remedy)
}

func (w *workload) notice(key, format string, args ...any) {
	w.translator.notice(w.path+dotted(key), "service "+w.Name+": "+format, args...)
}

func (w *workload) has(key string) bool { return w.project.Positions.Has(w.path + dotted(key)) }

func dotted(key string) string {
	if key == "" {
		return ""
	}
	return "." + key
}

// source is where the files come from, so that projects of one name can be
// told apart.
func source(p *project.Project) Source {
	if p.Git.Path == "" || plainRemote(p.Git.Remote) == "" {
		if real, err := filepath.EvalSymlinks(p.Dir); err == nil {
			return Source{Path: real} // one folder, whatever leads to it
		}
		return Source{Path: p.Dir}
	}
	return Source{Remote: p.Git.Remote, Path: p.Git.Path}
}

// maxProject and maxService keep names within what AWS takes: a service is a
// label of a DNS name, a project a part of paths of roles and log groups.
const (
	maxProject = 40
	maxService = 63
)

var (
	projectName = regexp.MustCompile(`^[a-z0-9]([a-z0-9_-]*[a-z0-9])?$`)
	serviceName = regexp.MustCompile(`^[a-zA-Z0-9]([a-zA-Z0-9_-]*[a-zA-Z0-9])?$`)
)

// names checks the names that become names in AWS and in DNS.
func (t *translator) names() {
	a, x := t.app, t.project.XBerth
	a.Shared = x.Environment != ""
	a.Environment = cmp.Or(x.Environment, a.Name+"-"+a.Env)
	// One file serves several environments: dev and prod of a shared name are
	// two, or they would hold one stack.
	if a.Shared && a.Env != project.DefaultEnvironment && !strings.HasSuffix(x.Environment, "-"+a.Env) {
		a.Environment = x.Environment + "-" + a.Env
	}
	a.Region = cmp.Or(t.options.Region, x.Region)
	if len(a.Name) > maxProject || !projectName.MatchString(a.Name) {
		t.refuse("name", fmt.Sprintf("the project's name %q cannot be used", a.Name), "it is a part of names in DNS and AWS",
			fmt.Sprintf("use up to %d lower-case letters, digits, hyphens and underscores, a letter or digit at both ends; -p sets it", maxProject))
	}
	lower := map[string]string{}
	for _, name := range slices.Sorted(maps.Keys(t.project.Compose.Services)) {
		path := project.Child("services", name)
		if len(name) > maxService || !serviceName.MatchString(name) {
			t.refuse(path, fmt.Sprintf("service %s cannot have this name", name), "it is a label of its DNS name",
				fmt.Sprintf("use up to %d letters, digits, hyphens and underscores, a letter or digit at both ends", maxService))
		}
		if other, taken := lower[strings.ToLower(name)]; taken {
			t.refuse(path, fmt.Sprintf("services %s and %s have one name in DNS", other, name), "DNS does not tell upper from lower case", "rename one of them")
		}
		lower[strings.ToLower(name)] = name
	}
	if len(t.project.Compose.Services) == 0 {
		t.problems.Add(Problem{At: project.Position{File: filepath.Base(first(t.project.Files))}, What: "there is no service to deploy", Remedy: "add one, or switch on its profile with --profile"})
	}
}

func first(list []string) string {
	if len(list) == 0 {
		return ""
	}
	return list[0]
}
