package project

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"github.com/compose-spec/compose-go/v2/interpolation"
	"github.com/compose-spec/compose-go/v2/loader"
	"github.com/compose-spec/compose-go/v2/types"
	"github.com/sirupsen/logrus"
)

// Load reads a project. If the files cannot be read because of the input, the error
// is a *Problems with all reasons. The problems of a project that could be read are
// in Project.Problems.
func Load(ctx context.Context, o Options) (p *Project, err error) {
	defer func() {
		// compose-go asserts types without checking, so that some input makes it
		// panic. berth reports that as a problem of the input.
		if r := recover(); r != nil {
			p, err = nil, &Problems{List: []Problem{{What: "the Compose files cannot be read", Why: fmt.Sprint(r), Remedy: "simplify them; docker compose config shows what Compose makes of them"}}}
		}
	}()
	// berth reports what compose-go logs as notices and problems; the log would show
	// parts of values, for example of .env.
	logrus.SetOutput(io.Discard)
	o.implicit = o.Environment == ""
	o.Environment = cmp.Or(o.Environment, DefaultEnvironment)
	src, err := findSources(o)
	if err != nil {
		return nil, err
	}
	git := askGit(ctx, src.dir)
	l := newReader(o, src)
	if err := l.readFiles(); err != nil {
		return nil, err
	}
	compose, err := l.compose(ctx)
	if err != nil {
		return nil, l.failed(err)
	}
	from := git()
	p = &Project{
		Compose: compose, Positions: l.scan.pos, Environment: o.Environment, Dir: src.dir,
		Notices: append(src.notices, l.scan.notices...), Services: map[string]XService{}, Filled: Filled{}, FromFiles: FromFiles{}, Git: from.Git, Problems: from.problem(),
	}
	p.Overlay = l.scan.short(src.overlay)
	for _, f := range l.scan.order {
		p.Files = append(p.Files, l.scan.short(f))
	}
	l.finish(p, o)
	return p, nil
}

// reader reads one project.
type reader struct {
	o    Options
	src  *sources
	scan *scan
	vars *variables
	// interpolate are the options with which compose-go fills in variables.
	interpolate interpolation.Options
}

func newReader(o Options, src *sources) *reader {
	vars := &variables{unset: map[string]bool{}}
	return &reader{o: o, src: src, vars: vars, scan: &scan{
		dir: src.dir, env: src.env, vars: vars, content: map[string][]byte{}, pos: newPositions(),
	}}
}

// readFiles scans the files. compose-go must not read files in which it finds
// problems.
func (l *reader) readFiles() error {
	if l.src.stdin != "" {
		if err := l.scan.keep(l.src.stdin, l.o.Stdin); err != nil {
			return fmt.Errorf("reading standard input: %w", err)
		}
	}
	for _, f := range l.src.compose {
		l.scan.read(f, l.src.dir, Position{})
	}
	return (&Problems{List: l.scan.problems, Positions: l.scan.pos}).Err()
}

// compose lets compose-go read the files. finish does the consistency check,
// env_file and label_file, because it finds all problems and their places.
func (l *reader) compose(ctx context.Context) (p *types.Project, err error) {
	defer func() {
		// compose-go asserts types without checking; the schema reports the place.
		if r := recover(); r != nil {
			p, err = nil, fmt.Errorf("compose-go: %v", r)
		}
	}()
	details := types.ConfigDetails{WorkingDir: l.src.dir, Environment: l.src.env}
	for _, f := range l.src.compose {
		details.ConfigFiles = append(details.ConfigFiles, types.ConfigFile{Filename: f, Content: l.scan.content[f]})
	}
	return loader.LoadWithContext(ctx, details, func(o *loader.Options) {
		l.name(o)
		o.Profiles = l.profiles()
		o.SkipConsistencyCheck, o.SkipResolveEnvironment, o.SkipResolveLabels = true, true, true
		o.ResourceLoaders = []loader.ResourceLoader{localOnly{}}
		o.Interpolate.Substitute = l.vars.substitute
		l.interpolate = *o.Interpolate
	})
}

// name sets the project's name as Compose does: from the flag, else the variable,
// else the key name, else the folder.
func (l *reader) name(o *loader.Options) {
	if name := cmp.Or(l.o.Name, l.src.env["COMPOSE_PROJECT_NAME"]); name != "" {
		o.SetProjectName(name, true)
		return
	}
	o.SetProjectName(loader.NormalizeProjectName(filepath.Base(l.src.dir)), false)
}

func (l *reader) profiles() []string {
	if len(l.o.Profiles) > 0 {
		return l.o.Profiles
	}
	return strings.FieldsFunc(l.src.env["COMPOSE_PROFILES"], func(r rune) bool { return r == ',' || r == ' ' })
}

// localOnly keeps compose-go from loading files from the network. The scan has
// refused them already, with their place; this is a second safeguard.
type localOnly struct{}

func (localOnly) Accept(path string) bool { return isRemote(path) }

func (localOnly) Load(_ context.Context, path string) (string, error) {
	return "", fmt.Errorf("%q is not on this computer", path)
}

func (localOnly) Dir(path string) string { return path }

// failed turns the error with which compose-go refused the files into problems.
func (l *reader) failed(err error) error {
	problems := &Problems{List: l.unsetUses(nil), Positions: l.scan.pos}
	problems.List = append(problems.List, l.schemaProblems(l.scan.order, false)...)
	known := len(problems.List) > 0
	for _, e := range apart(err) {
		text := e.Error()
		// The problems of the schema and the variables say this with the places.
		if known && (strings.Contains(text, "validating ") || strings.Contains(text, unsetOpen)) {
			continue
		}
		problems.Add(l.composeProblem(e))
	}
	return problems.Err()
}

// apart splits errors that compose-go joined.
func apart(err error) []error {
	joined, ok := err.(interface{ Unwrap() []error }) //nolint:errorlint // it is split, not matched
	if !ok {
		return []error{err}
	}
	var out []error
	for _, e := range joined.Unwrap() {
		out = append(out, apart(e)...)
	}
	return out
}

// composeProblem makes a problem of an error of compose-go, and finds its place if
// the error names the path of the key, as most do.
func (l *reader) composeProblem(err error) Problem {
	text := Readable(err.Error())
	if fromVariables(err) {
		text = "a file of variables is not valid: " + variablesError(err).Error()
	}
	p := Problem{What: "the Compose files cannot be read", Why: text, Remedy: "docker compose config shows what Compose makes of them"}
	if len(l.src.compose) == 1 {
		p.At.File = l.scan.short(l.src.compose[0])
	}
	for _, word := range strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(" :,'\"`\n", r) }) {
		if at := l.scan.pos.At(word); strings.Contains(word, ".") && at != (Position{}) {
			p.At = at
			if _, why, ok := strings.Cut(text, "expected type: "); ok {
				p.What, p.Why, p.Remedy = word+" has the wrong type", why, "correct the value"
			}
			break
		}
	}
	return p
}

// finish does what compose-go was told to skip.
func (l *reader) finish(p *Project, o Options) {
	p.Problems = append(p.Problems, l.schemaProblems(l.scan.order, true)...)
	p.Problems = append(p.Problems, l.unsetUses(p.Compose.DisabledServices)...)
	p.Problems = append(p.Problems, profileProblems(p.Compose, o.Profiles)...)
	l.resolveFiles(p)
	p.Problems = append(p.Problems, consistency(p)...)
	p.readXBerth()
}

// unsetUses are the variables without a value in places that need one. Values
// under environment do not: they can be secrets.
func (l *reader) unsetUses(disabled types.Services) []Problem {
	var problems []Problem
	for _, u := range l.scan.uses {
		if !needsValue(u.path, disabled) {
			continue
		}
		for _, name := range plainVariables(u.text) {
			if l.vars.unset[name] {
				problems = append(problems, Problem{
					At: u.at, What: fmt.Sprintf("${%s} has no value", name), Why: "it is used in " + u.path,
					Remedy: fmt.Sprintf("set %s in %s or in the shell, or write a default: ${%[1]s:-value}", name, l.o.variableFiles()),
				})
			}
		}
		required := requiredVariables(u.text)
		for _, name := range slices.Sorted(maps.Keys(required)) {
			if l.vars.unset[name] {
				problems = append(problems, Problem{
					At: u.at, What: fmt.Sprintf("${%s} has no value, and the file requires one", name), Why: required[name],
					Remedy: fmt.Sprintf("set %s in %s or in the shell", name, l.o.variableFiles()),
				})
			}
		}
	}
	return problems
}

func needsValue(path string, disabled types.Services) bool {
	top, rest, _ := strings.Cut(path, ".")
	if top != "services" {
		return !strings.HasPrefix(top, "x-") || top == xBerth
	}
	for name := range disabled {
		if strings.HasPrefix(rest, name+".") {
			return false
		}
	}
	for i, part := range strings.Split(rest, ".") {
		part, _, _ = strings.Cut(part, "[")
		if i > 0 && (part == "environment" || strings.HasPrefix(part, "x-") && part != xBerth) {
			return false
		}
	}
	return true
}

// profileProblems refuses profiles that no service has.
func profileProblems(c *types.Project, asked []string) []Problem {
	known := c.AllServices().GetProfiles()
	slices.Sort(known)
	var problems []Problem
	for _, name := range asked {
		if name == "*" || slices.Contains(known, name) {
			continue
		}
		p := Problem{
			What: fmt.Sprintf("no service has the Compose profile %q", name), Why: "the files have no profiles",
			Remedy: "to choose AWS credentials, use --aws-profile or AWS_PROFILE",
		}
		if len(known) > 0 {
			p.Why = "the profiles of the files are " + strings.Join(known, ", ")
		}
		problems = append(problems, p)
	}
	return problems
}
