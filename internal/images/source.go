package images

import (
	"context"
	"fmt"
	"os"
	"slices"
	"strings"
	"sync"

	"github.com/berthdev/berth/internal/app"
	"github.com/berthdev/berth/internal/regular"
)

// Source is what an app's images are built from: how, by the build's key, and
// the revisions that were last read.
type Source struct {
	app    *app.App
	builds map[string]*app.Build
	// lookup finds the variables that build secrets name.
	lookup func(name string) (value string, ok bool)

	mu      sync.Mutex
	commits map[string]string
}

// NewSource is the source of an app's builds. lookup finds variables; the
// process's own go before them.
func NewSource(a *app.App, lookup func(string) (string, bool)) *Source {
	s := &Source{app: a, builds: map[string]*app.Build{}, lookup: lookup}
	for _, b := range a.Builds() {
		s.builds[b.Key()] = b.Build
	}
	return s
}

// Read reads what the builds are made of and remembers the revisions of git
// repositories, which are what is built.
func (s *Source) Read(ctx context.Context) (*Contents, error) {
	c, err := Read(ctx, s.app)
	if c != nil {
		s.mu.Lock()
		s.commits = c.Commits
		s.mu.Unlock()
	}
	return c, err
}

// location is a context as BuildKit takes it: the folder, or the repository at
// the commit that was read.
func (s *Source) location(dir, url string) string {
	if url == "" {
		return dir
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if commit := s.commits[url]; commit != "" {
		return parseGitURL(url).pinned(commit)
	}
	return url
}

// build is the build of a key.
func (s *Source) build(key string) (*app.Build, error) {
	b, ok := s.builds[key]
	if !ok {
		return nil, fmt.Errorf("no build has the key %s", key)
	}
	return b, nil
}

// variable is the value of an environment variable.
func (s *Source) variable(name string) (string, bool) {
	if v, ok := os.LookupEnv(name); ok {
		return v, true
	}
	if s.lookup == nil {
		return "", false
	}
	return s.lookup(name)
}

// secrets are the values of a build's secrets, to keep them out of what is
// shown; longest first.
func (s *Source) secrets(b *app.Build) ([]string, error) {
	var values []string
	for _, secret := range b.Secrets {
		value := ""
		if secret.File != "" {
			data, err := regular.Read(secret.File, maxSecret)
			if err != nil {
				return nil, fmt.Errorf("reading the secret %s: %w", secret.ID, err)
			}
			value = string(data)
		} else {
			v, ok := s.variable(secret.Env)
			if !ok {
				return nil, &unsetError{secret: secret.ID, variable: secret.Env}
			}
			value = v
		}
		// Each line alone is as secret as all of them.
		for line := range strings.Lines(value) {
			if line = strings.TrimSpace(line); len(line) > 3 {
				values = append(values, line)
			}
		}
	}
	slices.SortFunc(values, func(x, y string) int { return len(y) - len(x) })
	return values, nil
}

// unsetError says that a build's secret has no value.
type unsetError struct{ secret, variable string }

func (e *unsetError) Error() string {
	return fmt.Sprintf("the secret %s comes from the variable %s, which is not set", e.secret, e.variable)
}

// Remedy is what the user can do.
func (e *unsetError) Remedy() string { return "set " + e.variable + " where berth runs, or in .env" }
