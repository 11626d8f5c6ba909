package project

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/compose-spec/compose-go/v2/cli"
	"github.com/compose-spec/compose-go/v2/dotenv"
	"github.com/compose-spec/compose-go/v2/types"

	"github.com/berthdev/berth/internal/regular"
)

// The bounds of the input. Real Compose files are far below them.
const (
	maxFile  = 1 << 20
	maxFiles = 100
	maxTotal = 8 << 20
)

// environmentName matches the allowed values of -e, which become part of AWS names.
var environmentName = regexp.MustCompile(`^[a-z][a-z0-9-]{0,19}$`)

// sources are the files to read, and their variables.
type sources struct {
	dir     string
	compose []string
	env     types.Mapping
	notices []Notice
	// overlay is the file that would be read after all others if it were there.
	overlay string
	// stdin is the name by which standard input is in compose; empty if it is not.
	stdin string
}

// stdinName is the name of the file "-" in messages. A file of this name cannot be
// read beside it.
const stdinName = "standard input"

// IsCompose says whether a text of unknown kind is a Compose file: whether it has one
// of the keys that such files begin with.
func IsCompose(text []byte) bool {
	return regexp.MustCompile(`(?m)^[{\s]*"?(services|name|include|x-[a-z-]+)"?\s*:`).Match(text)
}

// berthOverlay is the word in the name of an overlay that every environment
// reads and docker compose never does: compose.berth.yaml beside compose.yaml.
const berthOverlay = "berth"

// findSources finds the files of an environment.
func findSources(o Options) (*sources, error) {
	if name, _, ok := strings.Cut(o.Environment, "="); ok {
		return nil, &Problems{List: []Problem{{
			What:   fmt.Sprintf("an environment cannot be called %q: -e is the environment", o.Environment),
			Remedy: "a variable of a one-off task is `berth run --var " + name + "=...`; one of the files stands in .env",
		}}}
	}
	if !environmentName.MatchString(o.Environment) {
		return nil, &Problems{List: []Problem{{
			What:   fmt.Sprintf("an environment cannot be called %q", o.Environment),
			Why:    "the name becomes part of AWS names",
			Remedy: "use up to 20 lower-case letters, digits and hyphens, beginning with a letter",
		}}}
	}
	start, err := filepath.Abs(o.Dir)
	if err != nil {
		return nil, fmt.Errorf("the current folder: %w", err)
	}
	s := &sources{dir: start}
	if len(o.Files) > 0 {
		s.listed(start, o)
	} else if err := s.found(start, o); err != nil {
		return nil, err
	}
	s.addOverlays()
	return s, s.readEnv(o)
}

// addOverlays adds to each file berth's own overlay of it, right behind it.
func (s *sources) addOverlays() {
	var all []string
	for _, f := range s.compose {
		named := f
		if f == s.stdin {
			named = filepath.Join(s.dir, cli.DefaultFileNames[0])
		}
		s.overlay = overlayOf(named, berthOverlay)
		all = append(all, f)
		over := firstOf(s.overlay, overlayOf(otherEnding(named), berthOverlay))
		if over == "" || slices.Contains(s.compose, over) {
			continue
		}
		s.overlay = over
		all = append(all, over)
		s.notices = append(s.notices, Notice{Concern: Files, Text: filepath.Base(over) + " is read: what it says is for AWS, in every environment"})
	}
	s.compose = all
}

// listed takes the files of -f. As in Compose the first one's folder is the
// project's, and no overlay of an environment is added.
func (s *sources) listed(start string, o Options) {
	for i, f := range o.Files {
		if f == "-" {
			s.stdin = filepath.Join(start, stdinName)
			s.compose = append(s.compose, s.stdin)
			continue
		}
		if !filepath.IsAbs(f) {
			f = filepath.Join(start, f)
		}
		s.compose = append(s.compose, filepath.Clean(f))
		if i == 0 && o.Dir == "" {
			s.dir = filepath.Dir(f)
		}
	}
	over := overlayOf(s.compose[0], o.Environment)
	if !o.implicit && isPresent(over) && !slices.Contains(s.compose, over) {
		s.notices = append(s.notices, Notice{Concern: Files, Text: fmt.Sprintf("%s is not read: with -f berth reads the listed files alone; add -f %[1]s", filepath.Base(over))})
	}
}

// NoFileError says that no file was named, and that there is none with a default name.
type NoFileError struct{ *Problems }

// Unwrap returns the *Problems.
func (e *NoFileError) Unwrap() error { return e.Problems }

// found looks for the default names in a folder and those above it, and adds
// the overlay of the environment that -e names. Without -e there is none:
// compose.dev.yaml and compose.override.yaml are, by convention, for the
// developer's computer.
func (s *sources) found(start string, o Options) error {
	for dir := start; ; dir = filepath.Dir(dir) {
		main := firstFile(dir, cli.DefaultFileNames)
		if main == "" {
			if dir == filepath.Dir(dir) {
				return &NoFileError{&Problems{List: []Problem{{
					What:   "there is no Compose file in " + start + " or a folder above it",
					Why:    "berth looks for " + strings.Join(cli.DefaultFileNames, ", "),
					Remedy: "change to the project's folder, or name it with -C DIR or -f FILE",
				}}}}
			}
			continue
		}
		s.dir, s.compose = dir, []string{main}
		over := firstOf(overlayOf(main, o.Environment), overlayOf(otherEnding(main), o.Environment))
		switch {
		case over == "":
		case o.implicit:
			s.notices = append(s.notices, Notice{Concern: Files, Text: fmt.Sprintf("%s is not read: without -e it counts as this computer's; -e %s reads it", filepath.Base(over), o.Environment)})
		default:
			s.compose = append(s.compose, over)
			s.notices = append(s.notices, Notice{Concern: Files, Text: fmt.Sprintf("%s is read: the environment is %s", filepath.Base(over), o.Environment)})
		}
		if local := firstFile(dir, cli.DefaultOverrideFileNames); local != "" {
			s.notices = append(s.notices, Notice{Concern: Files, Text: fmt.Sprintf("%s is not read: it is for this computer; what AWS needs goes into %s",
				filepath.Base(local), filepath.Base(overlayOf(main, berthOverlay)))})
		}
		return nil
	}
}

// readEnv reads the variables: those of the shell come before those of the .env
// file of the environment that -e names, and these before those of .env.
func (s *sources) readEnv(o Options) error {
	s.env = types.NewMapping(o.Env)
	files := o.EnvFiles
	if len(files) == 0 {
		for _, f := range []string{".env", ".env." + o.Environment} {
			path := filepath.Join(s.dir, f)
			if o.implicit && f != ".env" {
				if isPresent(path) {
					s.notices = append(s.notices, Notice{Concern: Files, Text: fmt.Sprintf("%s is not read: without -e it counts as this computer's; -e %s reads it", f, o.Environment)})
				}
				continue
			}
			if isFolder(path) { // for example from python -m venv .env; Compose ignores it, too
				s.notices = append(s.notices, Notice{Concern: Files, Text: f + " is a folder, so berth reads no variables from it"})
				continue
			}
			// Anything else is read or refused: if a broken link were skipped, every
			// variable would lose its value.
			if _, err := os.Lstat(path); !errors.Is(err, fs.ErrNotExist) {
				files = append(files, path)
			}
		}
	}
	problems := &Problems{}
	for i, f := range files {
		if !filepath.IsAbs(f) {
			files[i] = filepath.Join(s.dir, f)
		}
		if err := checkSmallFile(files[i]); err != nil {
			remedy := "correct --env-file, or the file"
			if len(o.EnvFiles) == 0 {
				remedy = "replace it by a file, or remove it; --env-file FILE reads another file"
			}
			problems.Add(Problem{At: Position{File: shortPath(s.dir, files[i])}, What: "the file of variables cannot be read", Why: err.Error(), Remedy: remedy})
		}
	}
	if err := problems.Err(); err != nil {
		return err
	}
	values, err := dotenv.GetEnvFromFile(s.env, files)
	if err != nil {
		return &Problems{List: []Problem{{
			At: Position{File: s.unreadable(files)}, What: "the variables cannot be read", Why: variablesError(err).Error(),
			Remedy: "write one NAME=VALUE per line; quote values that contain spaces or $",
		}}}
	}
	for k, v := range values {
		if _, set := s.env[k]; !set {
			s.env[k] = v
		}
	}
	for _, f := range files {
		s.sayDollars(f)
	}
	if s.env["COMPOSE_FILE"] != "" && len(o.Files) == 0 {
		s.notices = append(s.notices, Notice{Concern: Files, Text: "berth ignores COMPOSE_FILE: it is for docker compose; name files with -f, or an environment with -e"})
	}
	return nil
}

// unreadable is the first file of variables that cannot be read.
func (s *sources) unreadable(files []string) string {
	for i, f := range files {
		if _, err := dotenv.GetEnvFromFile(s.env, files[:i+1]); err != nil {
			if rel, err := filepath.Rel(s.dir, f); err == nil && filepath.IsLocal(rel) {
				return rel
			}
			return f
		}
	}
	return ""
}

// overlayOf is the name of a file's overlay: compose.prod.yaml of compose.yaml.
func overlayOf(file, environment string) string {
	ext := filepath.Ext(file)
	return strings.TrimSuffix(file, ext) + "." + environment + ext
}

func otherEnding(file string) string {
	if ext := filepath.Ext(file); ext == ".yaml" {
		return strings.TrimSuffix(file, ext) + ".yml"
	}
	return strings.TrimSuffix(file, filepath.Ext(file)) + ".yaml"
}

func firstFile(dir string, names []string) string {
	for _, n := range names {
		if f := filepath.Join(dir, n); isPresent(f) {
			return f
		}
	}
	return ""
}

func firstOf(files ...string) string {
	for _, f := range files {
		if isPresent(f) {
			return f
		}
	}
	return ""
}

func isFolder(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
}

// checkSmallFile says why a file cannot be read; the error does not name the file.
func checkSmallFile(path string) error {
	data, err := regular.Read(path, maxFile)
	if err != nil {
		return err
	}
	return checkText(data)
}

// isPresent says whether anything exists at a path. It may be something that
// cannot be read: then reading it reports why.
func isPresent(path string) bool {
	_, err := os.Stat(path)
	return !errors.Is(err, fs.ErrNotExist)
}
