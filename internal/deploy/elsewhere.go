package deploy

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/berthdev/berth/internal/aws/tagindex"
	"github.com/berthdev/berth/internal/concurrent"
	"github.com/berthdev/berth/internal/engine"
	"github.com/berthdev/berth/internal/project"
	"github.com/berthdev/berth/internal/suggest"
)

// Elsewhere says that the project has never been deployed in this environment, but
// is deployed in others, or has files of others: the environment's name may be a
// mistake.
type Elsewhere struct {
	// Env is the environment of this plan, Others are those that there are.
	Env     string
	Project string
	Others  []string
	// Meant is the one of them, or of those that the folder has files of, that Env
	// is probably a mistyped form of. File is the file, if it is one of those.
	Meant, File string
}

// lookElsewhere begins to find out whether the stack is new while others of the
// project exist, beside what else is read; the returned function waits for the
// answer, which is nil if there is nothing to say of it. It costs one call of a stack's
// first plan.
func lookElsewhere(ctx context.Context, s *session, seen sighting, req Request) func() *Elsewhere {
	if req.Down || seen[s.stack()].Exists {
		return func() *Elsewhere { return nil }
	}
	answer := make(chan []string, 1)
	go func() {
		var others []string
		// Without the permission to read the index there is nothing to say.
		_ = concurrent.Safely(func() (err error) {
			others, err = s.project.elsewhere(ctx)
			return err
		})
		answer <- others
	}()
	return func() *Elsewhere {
		return s.project.newElsewhere(<-answer)
	}
}

// newElsewhere is nil if the project is deployed in no other environment, and the
// name of this one is not almost that of one which the folder has files of.
func (p *Project) newElsewhere(others []string) *Elsewhere {
	a := p.Source.App
	e := &Elsewhere{Env: a.Env, Project: a.Name, Others: others, Meant: mistyped(a.Env, others)}
	if files := p.Source.Project; e.Meant == "" && files != nil {
		e.Meant, e.File = meantFile(a.Env, project.Environments(files.Dir))
	}
	if len(others) == 0 && e.Meant == "" {
		return nil
	}
	return e
}

// meantFile is the environment that another one is probably a mistyped form of, by the
// files that there are of environments; empty if the other one has a file itself.
func meantFile(env string, files map[string]string) (meant, file string) {
	if files[env] != "" || env == project.DefaultEnvironment {
		return "", ""
	}
	meant = mistyped(env, slices.Sorted(maps.Keys(files)))
	return meant, files[meant]
}

// LookElsewhere says what a plan would say of the environment, for commands that
// write into one without a plan. It is nil if the project is deployed here, or if the
// index of tags cannot be read.
func (p *Project) LookElsewhere(ctx context.Context) *Elsewhere {
	stacks, err := tagindex.Stacks(ctx, p.Target.Clients.Tagging)
	here := slices.ContainsFunc(stacks, func(s tagindex.Stack) bool { return s.Owner == p.Stack() })
	others := otherEnvironments(p, stacks)
	if err != nil || here {
		return nil
	}
	return p.newElsewhere(others)
}

// String is the notice: what is new, and what there is.
func (e *Elsewhere) String() string {
	text := fmt.Sprintf("environment %s does not exist yet", e.Env)
	if len(e.Others) > 0 {
		text += fmt.Sprintf("; %s is deployed in: %s", e.Project, join(e.Others))
	}
	switch {
	case e.File != "":
		text += fmt.Sprintf(", and no file is called after it; %s is there: did you mean %s?", e.File, e.Meant)
	case e.Meant != "":
		text += fmt.Sprintf("; did you mean %s?", e.Meant)
	}
	return text
}

// elsewhere are the other environments that the project is deployed in, by AWS's
// index of tags.
func (p *Project) elsewhere(ctx context.Context) ([]string, error) {
	stacks, err := tagindex.Stacks(ctx, p.Target.Clients.Tagging)
	if err != nil {
		return nil, err
	}
	return otherEnvironments(p, stacks), nil
}

// otherEnvironments are the environments of the project's stacks but this one.
func otherEnvironments(p *Project, stacks []tagindex.Stack) []string {
	var out []string
	for _, s := range stacks {
		if s.Owner.Project == p.Source.App.Name && s.Owner != p.Stack() {
			out = append(out, EnvOf(s.Owner))
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// EnvOf is the environment of a stack as users call it: what -e takes or, where
// projects share one, its name.
func EnvOf(o engine.Owner) string {
	if env, ok := strings.CutPrefix(o.Environment, o.Project+"-"); ok {
		return env
	}
	return o.Environment
}

// mistyped is the name of an environment that another one is probably a mistyped
// form of; empty if there is none. Numbered names (pr-12, pr-13) and short words (eu, us) differ on
// purpose.
func mistyped(word string, names []string) string {
	parts := words(word)
	for _, n := range names {
		others := words(n)
		if len(parts) != len(others) {
			continue
		}
		wrong, typos := 0, 0
		for i := range parts {
			if parts[i] == others[i] {
				continue
			}
			wrong++
			if typo(parts[i], others[i]) {
				typos++
			}
		}
		if wrong == 1 && typos == 1 {
			return n
		}
	}
	return ""
}

func words(name string) []string {
	return strings.FieldsFunc(name, func(r rune) bool { return r == '-' || r == '_' })
}

// typo reports whether one word is another with a letter too many, too few, wrong
// or swapped; in long words two.
func typo(a, b string) bool {
	const short, long = 3, 8
	letters := func(s string) string { return strings.TrimRight(s, "0123456789") }
	if len(a) < short || len(b) < short || letters(a) == letters(b) {
		return false
	}
	most := 1
	if len(b) >= long {
		most = 2
	}
	return suggest.Distance(a, b) <= most
}

// CheckEnvironment refuses a plan for an environment whose name looks like a
// mistyped one, unless the request has NewEnvironment. The error is a
// *MistypedEnvironmentError.
func (p *Plan) CheckEnvironment() error {
	if p.Elsewhere == nil || p.Elsewhere.Meant == "" || p.Request.NewEnvironment {
		return nil
	}
	return &MistypedEnvironmentError{*p.Elsewhere}
}

// MistypedEnvironmentError says that a new environment has almost the name of one
// that exists.
type MistypedEnvironmentError struct{ Elsewhere }

func (e *MistypedEnvironmentError) Error() string { return e.String() }

// Remedy is what the user can do.
func (e *MistypedEnvironmentError) Remedy() string {
	meant := "-e " + e.Meant
	if e.Meant == project.DefaultEnvironment {
		meant = "no -e"
	}
	return fmt.Sprintf("pass %s, or --new-environment if %s is to be another environment", meant, e.Env)
}
