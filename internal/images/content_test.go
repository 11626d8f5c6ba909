package images

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/berthdev/berth/internal/app"
	"github.com/berthdev/berth/internal/project"
)

// load reads a Compose text in a folder as berth would.
func load(t *testing.T, dir, compose string) *app.App {
	t.Helper()
	write(t, filepath.Join(dir, "compose.yaml"), compose)
	p, err := project.Load(t.Context(), project.Options{Dir: dir, Env: []string{}})
	must(t, err)
	a, _, err := app.From(p, app.Options{})
	must(t, err)
	return a
}

// digests are by the first user of a build.
func digests(t *testing.T, a *app.App) map[string]string {
	t.Helper()
	c, err := Read(t.Context(), a)
	must(t, err)
	out := map[string]string{}
	for _, b := range a.Builds() {
		out[b.Users[0]] = c.Digests[b.Key()]
	}
	return out
}

const twoServices = `name: shop
services:
  web:
    build:
      context: ./web
      args: {VERSION: "1"}
      target: run
  api:
    build: {context: ./web, additional_contexts: {base: "service:base"}}
    expose: ["1"]
  base:
    build: {dockerfile_inline: "FROM alpine", context: ./base}
    expose: ["1"]
  worker:
    build: {dockerfile_inline: "FROM alpine", context: ./base}
    expose: ["1"]
`

func TestOneBuildForEqualOnes(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	write(t, filepath.Join(dir, "web/Dockerfile"), "FROM nginx AS run\nFROM run AS test\n")
	write(t, filepath.Join(dir, "base/x"), "x")
	a := load(t, dir, twoServices)
	builds := a.Builds()
	if len(builds) != 3 {
		t.Fatalf("%d builds, want 3", len(builds))
	}
	before := digests(t, a)
	if before["api"] == before["web"] || len(before["web"]) != 40 {
		t.Errorf("digests %v", before)
	}
	// What an image is made from changes it too.
	write(t, filepath.Join(dir, "base/x"), "y")
	after := digests(t, a)
	if after["base"] == before["base"] || after["api"] == before["api"] || after["web"] != before["web"] {
		t.Errorf("before %v, after %v", before, after)
	}
	for old, changed := range map[string]string{`"1"}`: `"2"}`, "target: run": "target: test", "./web\n": "./web\n      labels: {a: b}\n"} {
		if got := digests(t, load(t, dir, strings.Replace(twoServices, old, changed, 1))); got["web"] == after["web"] {
			t.Errorf("%s in place of %s does not change the digest", changed, old)
		}
	}
	// How it is built does not.
	if got := digests(t, load(t, dir, strings.Replace(twoServices, "target: run", "target: run\n      no_cache: true", 1))); got["web"] != after["web"] {
		t.Error("no_cache changes the digest")
	}
}

func TestTheDockerfilesOwnIgnoreFileGoesFirst(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	write(t, filepath.Join(dir, "Dockerfile"), "FROM nginx")
	write(t, filepath.Join(dir, "Dockerfile.dockerignore"), "*.md\n")
	write(t, filepath.Join(dir, ".dockerignore"), "*.txt\n")
	a := load(t, dir, "name: shop\nservices: {web: {build: ., expose: ['1']}}\n")
	before := digests(t, a)["web"]
	write(t, filepath.Join(dir, "a.md"), "x")
	if digests(t, a)["web"] != before {
		t.Error("what it leaves out counts")
	}
	write(t, filepath.Join(dir, "a.txt"), "x")
	if digests(t, a)["web"] == before {
		t.Error("what only .dockerignore leaves out does not count")
	}
}

func TestWhatIsMissingIsSaidAtOnce(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	write(t, filepath.Join(dir, "api/main.go"), "x")
	write(t, filepath.Join(dir, "ok/Dockerfile"), "FROM nginx")
	a := load(t, dir, `name: shop
services:
  web:
    build: ./web
  api:
    build: ./api
  job:
    build:
      context: ./ok
      secrets: [npm]
  round:
    build: {context: ./ok, additional_contexts: {x: "service:trip"}}
  trip:
    build: {context: ./ok, additional_contexts: {y: "service:round"}}
secrets:
  npm: {file: ./npmrc}
`)
	c, err := Read(t.Context(), a)
	var problems *app.Problems
	if !errors.As(err, &problems) {
		t.Fatalf("error %v", err)
	}
	text := err.Error()
	for _, want := range []string{
		"compose.yaml:4: the build context ./web cannot be read: there is no such folder", "compose.yaml:6: the Dockerfile of ./api cannot be read: there is no Dockerfile in ./api",
		"compose.yaml:8: the build's secret npm does not exist", "the builds use each other in a circle",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not in\n%s", want, text)
		}
	}
	for _, b := range a.Builds() {
		if c.Digests[b.Key()] != "" {
			t.Errorf("%v has a digest", b.Users)
		}
	}
}

func TestACancelledReadingEnds(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	write(t, filepath.Join(dir, "Dockerfile"), "FROM nginx")
	a := load(t, dir, "name: shop\nservices: {web: {build: ., expose: ['1']}}\n")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Read(ctx, a); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
}

// A git repository is read at the commit that its reference is now.
func TestAGitContext(t *testing.T) {
	t.Parallel()
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("git is not installed")
	}
	dir := filepath.Join(t.TempDir(), "lib.git")
	git := func(args ...string) string {
		cmd := exec.CommandContext(t.Context(), "git", append([]string{"-C", dir}, args...)...)
		cmd.Env = append(os.Environ(), "GIT_AUTHOR_NAME=a", "GIT_AUTHOR_EMAIL=a@example.com", "GIT_COMMITTER_NAME=a", "GIT_COMMITTER_EMAIL=a@example.com")
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Fatalf("git %v: %v\n%s", args, err, out)
		}
		return strings.TrimSpace(string(out))
	}
	write(t, filepath.Join(dir, "Dockerfile"), "FROM nginx")
	git("init", "-q", "-b", "main")
	git("add", ".")
	git("commit", "-q", "-m", "one")
	git("tag", "-a", "-m", "one", "v1")
	first := git("rev-parse", "HEAD")
	g := parseGitURL(dir + "#v1:sub")
	commit, err := g.commit(t.Context())
	must(t, err)
	if commit != first || g.pinned(commit) != dir+"#"+first+":sub" {
		t.Errorf("commit %s, want %s; pinned %s", commit, first, g.pinned(commit))
	}
	write(t, filepath.Join(dir, "Dockerfile"), "FROM httpd")
	git("commit", "-q", "-am", "two")
	if commit, err = parseGitURL(dir).commit(t.Context()); err != nil || commit == first {
		t.Errorf("commit %s of HEAD, %v", commit, err)
	}
	if _, err = parseGitURL(dir + "#nowhere").commit(t.Context()); err == nil {
		t.Error("a reference that is not there has a commit")
	}
	if commit, err = parseGitURL("https://example.invalid/x.git#" + first).commit(t.Context()); err != nil || commit != first {
		t.Errorf("a commit needs no question: %s, %v", commit, err)
	}
}

func TestGitSaysWhyAndNoPassword(t *testing.T) {
	t.Parallel()
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("git is not installed")
	}
	_, err := parseGitURL(filepath.Join(t.TempDir(), "none.git")).commit(t.Context())
	if err == nil || !strings.Contains(err.Error(), "does not appear to be a git repository") {
		t.Errorf("a repository that is not there: %v", err)
	}
	server := httptest.NewServer(http.NotFoundHandler())
	defer server.Close()
	_, err = parseGitURL(strings.Replace(server.URL, "://", "://me:hunter%2022@", 1) + "/x.git").commit(t.Context())
	if err == nil || !strings.Contains(err.Error(), "not found") || strings.Contains(err.Error(), "hunter") {
		t.Errorf("a repository behind a password: %v", err)
	}
}
