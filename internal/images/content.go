package images

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"github.com/berthdev/berth/internal/app"
	"github.com/berthdev/berth/internal/regular"
)

// The bounds of the files beside a context. A secret of BuildKit's has at most
// 500 KB: MaxSecretSize in its session/secrets/secretsprovider/store.go.
const (
	maxDockerfile = 4 << 20
	maxIgnored    = 4 << 20
	maxSecret     = 500 << 10
)

// Contents are what the builds of an app are made of.
type Contents struct {
	// Digests are by app.Build.Key: 40 hexadecimal digits that change when
	// anything changes that the image depends on; empty for a build that cannot
	// be read.
	Digests map[string]string
	// Commits are of the git repositories, by the URL as it is written.
	Commits map[string]string
	Notices []app.Notice
}

// Read reads everything that the app's builds depend on. If a folder or a file is
// missing, the error is an *app.Problems.
func Read(ctx context.Context, a *app.App) (*Contents, error) {
	r := &reader{app: a, out: &Contents{Digests: map[string]string{}, Commits: map[string]string{}}}
	for _, b := range a.Builds() {
		if _, err := r.build(ctx, b.Build, nil); err != nil {
			return nil, err
		}
	}
	if len(r.problems.List) > 0 {
		return r.out, &r.problems
	}
	return r.out, nil
}

type reader struct {
	app      *app.App
	out      *Contents
	problems app.Problems
}

func (r *reader) refuse(b *app.Build, what, why, remedy string) {
	r.problems.List = append(r.problems.List, app.Problem{At: b.At, What: what, Why: why, Remedy: remedy})
}

// material is everything that an image depends on, in a form that is the same on
// every machine. It excludes how the image is built (caches, memory).
type material struct {
	// Version changes when berth builds the same files differently.
	Version    int
	Dockerfile string
	Target     string
	Args       map[string]string
	Labels     map[string]string
	Platforms  []string
	// Context and Contexts are digests of folders, commits, or references.
	Context      string
	Contexts     map[string]string
	Secrets, SSH []string
	Network      string
	ExtraHosts   []string
	Entitlements []string
	Attestations []string
}

// build is the digest of one build; path are the builds that led to it.
func (r *reader) build(ctx context.Context, b *app.Build, path []string) (string, error) {
	key := b.Key()
	if slices.Contains(path, key) {
		r.refuse(b, "the builds use each other in a circle", "each needs the other to be built first", "remove one of the additional_contexts")
		return "", nil
	}
	if d, known := r.out.Digests[key]; known {
		return d, nil
	}
	m := material{
		Version: 1, Target: b.Target, Args: b.Args, Labels: b.Labels, Platforms: b.Platforms, Network: b.Network,
		ExtraHosts: b.ExtraHosts, Entitlements: b.Entitlements, Attestations: []string{b.Provenance, b.SBOM},
	}
	before := len(r.problems.List)
	r.out.Digests[key] = ""
	m.Dockerfile = r.dockerfile(b)
	var err error
	if m.Context, err = r.context(ctx, b, b.Context, b.Dir, b.URL, ignoreFile(b), b.Only); err != nil {
		return "", err
	}
	if m.Contexts, err = r.contexts(ctx, b, append(path, key)); err != nil {
		return "", err
	}
	for _, s := range b.Secrets {
		m.Secrets = append(m.Secrets, s.ID)
		if s.File == "" {
			continue
		}
		switch _, err := regular.Read(s.File, maxSecret); {
		case errors.Is(err, fs.ErrNotExist):
			r.refuse(b, "the build's secret "+s.ID+" does not exist", s.File+": "+err.Error(), "create it, or point the secret elsewhere")
		case err != nil:
			r.refuse(b, "the build's secret "+s.ID+" cannot be read", s.File+": "+err.Error(), "point the secret at a file")
		}
	}
	for _, s := range b.SSH {
		m.SSH = append(m.SSH, s.ID)
	}
	if len(r.problems.List) > before {
		return "", nil
	}
	text, err := json.Marshal(m)
	if err != nil {
		return "", fmt.Errorf("computing the digest of the build %s: %w", b.Context, err)
	}
	sum := sha256.Sum256(text)
	r.out.Digests[key] = hex.EncodeToString(sum[:])[:40]
	return r.out.Digests[key], nil
}

// dockerfileOf is the text of a build's Dockerfile; nil for the one that is in a
// git repository.
func dockerfileOf(b *app.Build) ([]byte, error) {
	text := []byte(b.Inline)
	if b.Inline == "" && b.Path == "" {
		return nil, nil
	}
	if b.Inline == "" {
		var err error
		if text, err = regular.Read(b.Path, maxDockerfile); err != nil {
			return nil, fmt.Errorf("reading the Dockerfile: %w", err)
		}
	}
	if b.Append != "" {
		text = append(append(text, '\n'), b.Append...)
	}
	return text, nil
}

// dockerfile is the Dockerfile's text, or its name in a git repository.
func (r *reader) dockerfile(b *app.Build) string {
	if b.Inline == "" && b.Path == "" {
		return b.Dockerfile
	}
	if b.Inline == "" && !isFolder(b.Dir) {
		return "" // which the context's problem says
	}
	data, err := dockerfileOf(b)
	if err != nil {
		why := "there is no " + filepath.Base(b.Path) + " in " + b.Context
		if !errors.Is(err, fs.ErrNotExist) {
			why = err.Error()
		}
		r.refuse(b, "the Dockerfile of "+b.Context+" cannot be read", why, "write one, or name it with build.dockerfile")
	}
	return string(data)
}

// ignoreFile is the .dockerignore of a build: the one beside the Dockerfile takes
// precedence.
func ignoreFile(b *app.Build) string {
	if own := b.Path + ".dockerignore"; b.Path != "" && isPresent(own) {
		return own
	}
	return filepath.Join(b.Dir, ".dockerignore")
}

// context is the digest of a folder or a git repository.
func (r *reader) context(ctx context.Context, b *app.Build, shown, dir, url, ignore string, only []string) (string, error) {
	if url != "" {
		return r.git(ctx, b, shown, url)
	}
	if !isFolder(dir) {
		r.refuse(b, "the build context "+shown+" cannot be read", "there is no such folder", "create it, or correct build.context")
		return "", nil
	}
	t, err := walk(ctx, dir, ignore, only)
	digest := ""
	if err == nil {
		digest, err = t.digest(ctx)
	}
	if cause := context.Cause(ctx); cause != nil {
		return "", cause
	}
	if err != nil {
		r.refuse(b, "the build context "+shown+" cannot be read", err.Error(), "leave it out with "+filepath.Base(ignore)+", or make it readable")
		return "", nil
	}
	r.size(b, shown, t)
	return digest, nil
}

func (r *reader) git(ctx context.Context, b *app.Build, shown, url string) (string, error) {
	g := parseGitURL(url)
	commit, err := g.commit(ctx)
	if cause := context.Cause(ctx); cause != nil {
		return "", cause
	}
	if err != nil {
		r.refuse(b, "the build context "+shown+" cannot be looked up", err.Error(), "check the URL and that git can read it here; a commit after # needs no look-up")
		return "", nil
	}
	r.out.Commits[url] = commit
	return commit + ":" + g.folder, nil
}

// size says when a context is so large that something in it cannot be meant.
func (r *reader) size(b *app.Build, shown string, t *tree) {
	if t.files <= manyFiles && t.bytes <= manyBytes {
		return
	}
	folders := slices.SortedFunc(maps.Keys(t.sizes), func(x, y string) int {
		return cmp.Or(cmp.Compare(t.sizes[y], t.sizes[x]), cmp.Compare(x, y))
	})
	text := fmt.Sprintf("the build context %s has %d files and %s;", shown, t.files, bytesText(t.bytes))
	for i, f := range folders[:min(3, len(folders))] {
		text += map[bool]string{true: " ", false: ", "}[i == 0] + f + " " + bytesText(t.sizes[f])
	}
	r.out.Notices = append(r.out.Notices, app.Notice{At: b.At, Text: text + "; a .dockerignore leaves out what the image does not need"})
}

func bytesText(n int64) string {
	if n >= 1<<30 {
		return fmt.Sprintf("%.1f GiB", float64(n)/(1<<30))
	}
	return fmt.Sprintf("%.1f MiB", float64(n)/(1<<20))
}

// contexts are the digests of the additional contexts, by name.
func (r *reader) contexts(ctx context.Context, b *app.Build, path []string) (map[string]string, error) {
	out := map[string]string{}
	for _, name := range slices.Sorted(maps.Keys(b.Contexts)) {
		c := b.Contexts[name]
		var err error
		switch {
		case c.Image != "":
			out[name] = c.Image
		case c.Service != "":
			if other := r.app.BuildOf(c.Service); other != nil {
				out[name], err = r.build(ctx, other, path)
			}
		default:
			out[name], err = r.context(ctx, b, c.Shown, c.Dir, c.URL, filepath.Join(c.Dir, ".dockerignore"), c.Only)
		}
		if err != nil {
			return nil, err
		}
	}
	return out, nil
}

func isFolder(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
}

// isPresent says whether there is anything at a path; reading it says what.
func isPresent(path string) bool {
	_, err := os.Stat(path)
	return !errors.Is(err, fs.ErrNotExist)
}
