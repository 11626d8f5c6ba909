package app

import (
	"slices"
	"strings"

	"github.com/berthdev/berth/internal/app/build"
)

// Build is where an image is built from, and how.
type Build = build.Build

// BuildContext is where a build's files are.
type BuildContext = build.Context

// BuildSecret is a secret that a build reads.
type BuildSecret = build.Secret

// BuildSSH is a key or an agent that a build uses.
type BuildSSH = build.SSH

// Ulimit is a resource limit; -1 is none.
type Ulimit = build.Ulimit

// Built is one image to build, with the workloads that run it.
type Built struct {
	*Build
	// Users are the services and jobs, sorted by name.
	Users []string
}

// Builds are the images to build, each once, in the order of their first users.
func (a *App) Builds() []Built {
	users := map[string]int{}
	var out []Built
	workloads := a.Containers()
	slices.SortFunc(workloads, func(x, y Workload) int { return strings.Compare(x.Name, y.Name) })
	for _, w := range workloads {
		if w.Build == nil {
			continue
		}
		key := w.Build.Key()
		i, known := users[key]
		if !known {
			i = len(out)
			users[key] = i
			out = append(out, Built{Build: w.Build})
		}
		out[i].Users = append(out[i].Users, w.Name)
	}
	return out
}

// BuildOf is the build of a workload; nil if the image is pulled or the workload
// does not exist.
func (a *App) BuildOf(name string) *Build {
	for _, w := range a.Containers() {
		if w.Name == name {
			return w.Build
		}
	}
	return nil
}
