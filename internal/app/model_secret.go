package app

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/berthdev/berth/internal/app/variable"
	"github.com/berthdev/berth/internal/project"
)

// Secret is one environment variable whose value comes from AWS.
type Secret struct {
	// Name is the variable.
	Name string
	// From is the ARN of a parameter or a secret, the path of a parameter
	// (with a leading slash), or the name of a secret that berth keeps.
	From string
	// NoValue says that the file gives the variable no value, not even ${NAME}: it does
	// not exist if the secret is marked as empty.
	NoValue bool
	// Origin is its file:line.
	Origin string
}

// Variable is an environment variable whose value contains secrets, or may.
type Variable = variable.Variable

// Part is a piece of a Variable's value.
type Part = variable.Part

// File is a file that is in the container when it starts: a Compose secret or
// config.
type File struct {
	// Key is its key in the files: configs.NAME or secrets.NAME.
	Key string
	// Path is absolute and clean, and not in the root folder.
	Path string
	// Secret is where the content comes from, like Secret.From; if it is empty, the
	// content is Content.
	Secret  string
	Content string
	// Mode is the file's permissions, UID and GID the numbers of its owner.
	Mode     int
	UID, GID int
	// Origin is its file:line.
	Origin string
}

// Folder is the folder of the file.
func (f File) Folder() string { return f.Path[:max(1, strings.LastIndexByte(f.Path, '/'))] }

// Existing says whether a secret is one that berth did not make: From is a path
// or an ARN.
func Existing(from string) bool {
	return strings.HasPrefix(from, "/") || strings.HasPrefix(from, "arn:")
}

// Need is a secret that the app uses.
type Need struct {
	// From is like Secret.From.
	From string
	// Optional says that a literal is used if the secret is not set.
	Optional bool
	// Whole says that an empty value is of no use: it is a password that AWS asks for.
	Whole bool
	// Users are the services and jobs that use it, sorted.
	Users []string
	// Where is the file:line of the first use.
	Where string
}

// Needs are the secrets that the app uses, sorted by From.
func (a *App) Needs() []Need {
	var all []Need
	for _, w := range a.Workloads() {
		for _, c := range w.Containers() {
			all = append(all, c.needs(w.Name)...)
		}
	}
	for _, d := range a.Databases {
		all = append(all, d.needs()...)
	}
	found := map[string]*Need{}
	for _, n := range all {
		if n.From == "" {
			continue
		}
		have := found[n.From]
		if have == nil {
			found[n.From] = &n
			continue
		}
		have.Optional, have.Whole = have.Optional && n.Optional, have.Whole || n.Whole
		if !slices.Contains(have.Users, n.Users[0]) {
			have.Users = append(have.Users, n.Users[0])
		}
	}
	var out []Need
	for _, name := range slices.Sorted(maps.Keys(found)) {
		n := *found[name]
		slices.Sort(n.Users)
		out = append(out, n)
	}
	return out
}

func (w Workload) needs(user string) []Need {
	by := []string{user}
	var out []Need
	for _, s := range w.Secrets {
		out = append(out, Need{From: s.From, Users: by, Where: s.Origin})
	}
	for _, v := range w.Variables {
		for _, p := range v.Parts {
			out = append(out, Need{From: p.Secret, Optional: p.Optional, Users: by, Where: v.Origin})
		}
	}
	for _, f := range w.Files {
		out = append(out, Need{From: f.Secret, Users: by, Where: f.Origin})
	}
	return append(out, Need{From: w.PullCredentials, Whole: true, Users: by, Where: cmp.Or(w.Places["pull_credentials"], w.Origin)})
}

// Decide returns a copy of the app in which every variable that may be a secret is
// one, or a literal, by which secrets are set. Variables then has only those that
// combine secrets and text. The notices are about literals that look like
// credentials.
func (a *App) Decide(isSet func(name string) bool) (*App, []Notice) {
	out := *a
	out.Services, out.Jobs, out.Databases = slices.Clone(a.Services), slices.Clone(a.Jobs), slices.Clone(a.Databases)
	for i := range out.Databases {
		out.Databases[i].Password = out.Databases[i].Password.decide(isSet)
	}
	var notices []Notice
	for i := range out.Services {
		out.Services[i].eachContainer(func(w *Workload) { notices = append(notices, w.decide(isSet)...) })
	}
	for i := range out.Jobs {
		out.Jobs[i].eachContainer(func(w *Workload) { notices = append(notices, w.decide(isSet)...) })
	}
	return &out, notices
}

func (w *Workload) decide(isSet func(name string) bool) (notices []Notice) {
	env, secrets := maps.Clone(w.Env), slices.Clone(w.Secrets)
	if env == nil {
		env = map[string]string{}
	}
	var mixed []Variable
	for _, v := range w.Variables {
		v = v.Decided(isSet)
		switch {
		case len(v.Parts) == 1 && v.Parts[0].Secret != "":
			secrets = append(secrets, Secret{Name: v.Name, From: v.Parts[0].Secret, Origin: v.Origin})
		case slices.ContainsFunc(v.Parts, func(p Part) bool { return p.Secret != "" }):
			mixed = append(mixed, v)
		default:
			env[v.Name] = v.Text()
			if v.Suspicious {
				notices = append(notices, credentialNotice(project.ParsePosition(v.Origin), w.Name, v.Name, ""))
			}
		}
	}
	slices.SortStableFunc(secrets, func(a, b Secret) int { return cmp.Compare(a.Name, b.Name) })
	w.Env, w.Secrets, w.Variables = env, secrets, mixed
	return notices
}

// ParsePosition reads an Origin: FILE:LINE.
func ParsePosition(origin string) Position { return project.ParsePosition(origin) }
