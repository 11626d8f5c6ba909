package app

import (
	"cmp"
	"fmt"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/berthdev/berth/internal/app/aliases"
	"github.com/berthdev/berth/internal/project"
)

// maxProject keeps names within AWS's limits: a project's is a part of the names of
// roles and log groups.
const maxProject = 40

var projectName = regexp.MustCompile(`^[a-z0-9]([a-z0-9_-]*[a-z0-9])?$`)

// namesOf makes an App with its names, and checks them: they become names in AWS
// and in DNS.
func namesOf(r reading, o Options) *App {
	x := r.project.XBerth
	a := &App{Name: r.project.Compose.Name, Env: r.project.Environment, Source: r.project.Source()}
	a.Shared = x.Environment != ""
	a.Environment = cmp.Or(x.Environment, a.Name+"-"+a.Env)
	// One file describes several environments: dev and prod of a shared name must
	// differ, or they would be one stack.
	if a.Shared && a.Env != project.DefaultEnvironment && !strings.HasSuffix(x.Environment, "-"+a.Env) {
		a.Environment = x.Environment + "-" + a.Env
	}
	a.Region = cmp.Or(o.Region, x.Region)
	if len(a.Name) > maxProject || !projectName.MatchString(a.Name) {
		r.refuse("name", fmt.Sprintf("the project cannot be called %q", a.Name), "the name is part of names in DNS and AWS",
			fmt.Sprintf("use up to %d lower-case letters, digits, hyphens and underscores, a letter or digit at both ends; -p sets it", maxProject))
	}
	lower := map[string]string{}
	for _, name := range sorted(r.project.Compose.Services) {
		path := project.Child("services", name)
		if !aliases.IsLabel(name) {
			r.refuse(path, fmt.Sprintf("a service cannot be called %s", name), "the name is a label of its DNS name", aliases.LabelRemedy())
		}
		if other, taken := lower[strings.ToLower(name)]; taken {
			r.refuse(path, fmt.Sprintf("services %s and %s have the same name in DNS", other, name), "DNS ignores upper and lower case", "rename one of them")
		}
		lower[strings.ToLower(name)] = name
	}
	if len(r.project.Compose.Services) == 0 {
		r.problems.Add(Problem{At: project.Position{File: filepath.Base(first(r.project.Files))}, What: "there is no service to deploy", Remedy: "add one, or enable its profile with --profile"})
	}
	return a
}

func first(list []string) string {
	if len(list) == 0 {
		return ""
	}
	return list[0]
}
