package images

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/berthdev/berth/internal/app"
	"github.com/berthdev/berth/internal/aws/ecr"
)

// TestMain makes this test binary the docker that the tests call: it writes down
// what it was called with and answers as BERTH_FAKE_DOCKER says.
func TestMain(m *testing.M) {
	if dir := os.Getenv("BERTH_FAKE_DOCKER"); dir != "" {
		os.Exit(fakeDocker(dir, os.Args[1:]))
	}
	os.Exit(m.Run())
}

// called is one call of the fake docker.
type called struct {
	Args, Env []string
	Stdin     string
	Config    string
	// Dockerfile is its path and text, Ignores what stands beside it to be left
	// out.
	Dockerfile, Ignores string
	// Definition is the file of bake.
	Definition     []byte
	DefinitionMode os.FileMode
}

// target is the target of a definition.
type target struct {
	Context, Dockerfile, Target, Network                string
	Args, Labels, Contexts                              map[string]string
	Tags, Platforms, Secret, SSH, Ulimits, Entitlements []string
	CacheFrom                                           []string          `json:"cache-from"`
	CacheTo                                             []string          `json:"cache-to"`
	ShmSize                                             string            `json:"shm-size"`
	ExtraHosts                                          map[string]string `json:"extra-hosts"`
}

func (c called) target() target {
	var d struct{ Target struct{ Image target } }
	_ = json.Unmarshal(c.Definition, &d)
	return d.Target.Image
}

const fakeDigest = "sha256:1111111111111111111111111111111111111111111111111111111111111111"

func fakeDocker(dir string, args []string) int {
	c := called{Args: args, Env: os.Environ()}
	if slices.Contains(args, "--password-stdin") {
		data, _ := io.ReadAll(os.Stdin)
		c.Stdin = string(data)
	}
	config, _ := os.ReadFile(filepath.Join(os.Getenv("DOCKER_CONFIG"), "config.json"))
	c.Config = string(config)
	for _, a := range args {
		if path, ok := strings.CutPrefix(a, "--file="); ok {
			if strings.HasSuffix(path, ".json") {
				text, _ := os.ReadFile(path)
				info, _ := os.Stat(path)
				c.Definition, c.DefinitionMode = text, info.Mode().Perm()
				path = c.target().Dockerfile
			}
			text, _ := os.ReadFile(path)
			ignores, _ := os.ReadFile(path + ".dockerignore")
			c.Dockerfile, c.Ignores = filepath.Base(path)+": "+string(text), string(ignores)
		}
	}
	data, _ := json.Marshal(c)
	name := fmt.Sprintf("%s/call-%d.json", dir, time.Now().UnixNano())
	_ = os.WriteFile(name, data, 0o600)
	mode, _ := os.ReadFile(filepath.Join(dir, "mode"))
	words := strings.Join(args, " ")
	builds := strings.Contains(words, "build ") || strings.HasPrefix(words, "buildx bake ")
	switch {
	case strings.HasPrefix(words, "buildx version") && string(mode) == "no buildx":
		return 1
	case strings.HasPrefix(words, "buildx inspect"):
		fmt.Println("Name:   default\nDriver: " + map[bool]string{true: "docker-container", false: "docker"}[string(mode) == "container"])
	case string(mode) == "hang" && builds:
		fmt.Fprintln(os.Stderr, "#5 [1/2] FROM x")
		time.Sleep(time.Minute)
	case string(mode) == "fail" && builds:
		fmt.Fprintln(os.Stderr, "#1 [internal] load build definition\n#5 [2/2] RUN echo "+os.Getenv("BERTH_BUILD_SECRET_0")+"\nERROR: failed to solve: exit code: 1")
		return 1
	case builds:
		fmt.Fprintln(os.Stderr, "#5 [2/2] RUN make")
		for _, a := range args {
			if path, ok := strings.CutPrefix(a, "--metadata-file="); ok {
				text := `{"containerimage.digest":"` + fakeDigest + `"}`
				if args[1] == "bake" {
					text = `{"image":` + text + `}`
				}
				_ = os.WriteFile(path, []byte(text), 0o600)
			}
		}
	case args[0] == "push":
		fmt.Println("tag: digest: " + fakeDigest + " size: 1")
	}
	return 0
}

// fake is a docker that records.
type fake struct{ dir string }

func newFake(t *testing.T, mode string) fake {
	t.Helper()
	f := fake{dir: t.TempDir()}
	self, err := os.Executable()
	must(t, err)
	write(t, filepath.Join(f.dir, "mode"), mode)
	script := fmt.Sprintf("#!/bin/sh\nBERTH_FAKE_DOCKER='%s' exec '%s' \"$@\"\n", f.dir, self)
	must(t, os.WriteFile(f.path(), []byte(script), 0o700))
	return f
}

func (f fake) path() string { return filepath.Join(f.dir, "docker") }

func (f fake) calls(t *testing.T) []called {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(f.dir, "call-*.json"))
	must(t, err)
	var out []called
	for _, file := range files {
		data, err := os.ReadFile(file)
		must(t, err)
		var c called
		must(t, json.Unmarshal(data, &c))
		out = append(out, c)
	}
	return out
}

// call is the first call whose arguments begin with these words.
func (f fake) call(t *testing.T, words ...string) called {
	t.Helper()
	for _, c := range f.calls(t) {
		if len(c.Args) >= len(words) && slices.Equal(c.Args[:len(words)], words) {
			return c
		}
	}
	t.Fatalf("docker %v was not called", words)
	return called{}
}

const everything = `name: shop
services:
  web:
    build:
      context: ./web
      dockerfile: Dockerfile.prod
      target: run
      args: {VERSION: "1.2", BUILDKIT_INLINE_CACHE: "1", DB_PASSWORD: the-argument-value}
      labels: {team: shop}
      additional_contexts: {proto: ./proto, tools: "docker-image://alpine:3", base: "service:base"}
      secrets: [npm, cert]
      ssh: [default]
      cache_from: [example/cache]
      no_cache: true
      pull: true
      network: none
      shm_size: 64m
      ulimits: {nofile: {soft: 10, hard: 20}}
      extra_hosts: ["db=10.0.0.1"]
      entitlements: [security.insecure]
      sbom: "true"
    expose: ["1"]
  base:
    build: {dockerfile_inline: "FROM alpine"}
    expose: ["1"]
secrets:
  npm: {environment: NPM_TOKEN}
  cert: {file: ./cert.pem}
`

const (
	tokenValue, certValue = "the-secret-token-value", "the-secret-cert-value"
	registryPassword      = "the-registry-password"
)

// shop is a project that uses all of build, with its source.
func shop(t *testing.T) (*app.App, *Source) {
	t.Helper()
	dir := t.TempDir()
	write(t, filepath.Join(dir, "web/Dockerfile.prod"), "FROM alpine AS run")
	write(t, filepath.Join(dir, "proto/a.proto"), "x")
	write(t, filepath.Join(dir, "cert.pem"), certValue)
	a := load(t, dir, everything)
	return a, NewSource(a, func(name string) (string, bool) { return tokenValue, name == "NPM_TOKEN" })
}

func order(a *app.App, user string) ecr.Order {
	return ecr.Order{
		Build: a.BuildOf(user).Key(), Repository: "123.dkr.ecr.eu-central-1.amazonaws.com/berth/shop", Name: "berth/shop",
		Tag: user + ".0123", Cache: "cache-" + user, Images: map[string]string{"base": "123.dkr.ecr.eu-central-1.amazonaws.com/berth/shop@" + fakeDigest},
	}
}

func login(context.Context) (Credentials, error) {
	return Credentials{Host: "123.dkr.ecr.eu-central-1.amazonaws.com", User: "AWS", Password: registryPassword}, nil
}

func TestDockerIsCalledWithoutSecrets(t *testing.T) {
	t.Parallel()
	a, source := shop(t)
	f := newFake(t, "container")
	must(t, NewDocker(f.path(), source, login).Build(t.Context(), order(a, "web")))
	for _, c := range f.calls(t) {
		for _, secret := range []string{tokenValue, certValue, registryPassword, "the-argument-value"} {
			if strings.Contains(strings.Join(c.Args, " "), secret) {
				t.Errorf("%s is among the arguments %q", secret, c.Args)
			}
		}
	}
	if c := f.call(t, "login"); c.Stdin != registryPassword || !slices.Contains(c.Args, "--password-stdin") {
		t.Errorf("docker %q got %q on standard input", c.Args, c.Stdin)
	}
	c := f.call(t, "buildx", "bake")
	root := filepath.Dir(a.BuildOf("web").Dir)
	const repository = "123.dkr.ecr.eu-central-1.amazonaws.com/berth/shop"
	want := target{
		Context: root + "/web", Dockerfile: c.target().Dockerfile, Target: "run", Network: "none", ShmSize: "67108864",
		Args: map[string]string{"VERSION": "1.2", "BUILDKIT_INLINE_CACHE": "1", "DB_PASSWORD": "the-argument-value"}, Labels: map[string]string{"team": "shop"},
		Contexts: map[string]string{"proto": root + "/proto", "tools": "docker-image://alpine:3", "base": "docker-image://" + repository + "@" + fakeDigest},
		Tags:     []string{repository + ":web.0123"}, Platforms: []string{"linux/amd64"},
		Secret: []string{"id=npm,env=BERTH_BUILD_SECRET_0", "id=cert,src=" + root + "/cert.pem"}, SSH: []string{"default"},
		Ulimits: []string{"nofile=10:20"}, Entitlements: []string{"security.insecure"}, ExtraHosts: map[string]string{"db": "10.0.0.1"},
		CacheFrom: []string{"example/cache", "type=registry,ref=" + repository + ":cache-web"},
		CacheTo:   []string{"type=registry,ref=" + repository + ":cache-web,mode=max,image-manifest=true,oci-mediatypes=true,ignore-error=true"},
	}
	if diff := cmp.Diff(want, c.target()); diff != "" || c.DefinitionMode != 0o600 {
		t.Errorf("the definition has mode %s and differs\n%s", c.DefinitionMode, diff)
	}
	for _, want := range []string{"--no-cache=true", "--pull=true", "--allow=security.insecure", "--sbom=true", "--provenance=false", "--push=true", "--progress=plain"} {
		if !slices.Contains(c.Args, want) {
			t.Errorf("%s is not among the arguments\n%s", want, strings.Join(c.Args, "\n"))
		}
	}
	if want := "Dockerfile.prod: FROM alpine AS run"; c.Dockerfile != want {
		t.Errorf("the Dockerfile is %q, want %q", c.Dockerfile, want)
	}
	if want := "BERTH_BUILD_SECRET_0=" + tokenValue; !slices.Contains(c.Env, want) {
		t.Errorf("%s is not in the environment", want)
	}
	if _, err := os.Stat(filepath.Dir(metadataOf(c))); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("docker's configuration is left behind: %v", err)
	}
}

// metadataOf is where buildx was to write the digest.
func metadataOf(c called) string {
	for _, a := range c.Args {
		if path, ok := strings.CutPrefix(a, "--metadata-file="); ok {
			return path
		}
	}
	return ""
}

func TestAnInlineDockerfileIsWrittenForTheBuild(t *testing.T) {
	t.Parallel()
	a, source := shop(t)
	f := newFake(t, "")
	must(t, NewDocker(f.path(), source, nil).Build(t.Context(), order(a, "base")))
	c := f.call(t, "buildx", "build")
	if !slices.ContainsFunc(c.Args, func(s string) bool { return strings.HasPrefix(s, "--file=") && strings.HasSuffix(s, "/Dockerfile") }) {
		t.Errorf("no file among %q", c.Args)
	}
	if slices.ContainsFunc(c.Args, func(s string) bool { return strings.Contains(s, "cache-to") }) {
		t.Errorf("the driver in the daemon cannot write caches: %q", c.Args)
	}
}

// TestBerthsOwnFolderIsNotInAnImage looks at what docker is told to leave out:
// the secrets of a sandbox are in that folder.
func TestBerthsOwnFolderIsNotInAnImage(t *testing.T) {
	t.Parallel()
	a, source := shop(t)
	write(t, filepath.Join(a.BuildOf("web").Dir, ".dockerignore"), "*.log\n!.berth")
	f := newFake(t, "")
	must(t, NewDocker(f.path(), source, nil).Build(t.Context(), order(a, "web")))
	if got, want := f.call(t, "buildx", "bake").Ignores, "*.log\n!.berth\n**/.berth\n"; got != want {
		t.Errorf("docker leaves out %q, want %q", got, want)
	}
}

func TestWithoutBuildxTheDaemonsBuildKitBuilds(t *testing.T) {
	t.Parallel()
	a, source := shop(t)
	f := newFake(t, "no buildx")
	d := NewDocker(f.path(), source, login)
	digest, err := d.build(t.Context(), a.BuildOf("base"), order(a, "base"))
	if err != nil || digest != fakeDigest {
		t.Errorf("digest %s, %v", digest, err)
	}
	if c := f.call(t, "build"); !slices.Contains(c.Env, "DOCKER_BUILDKIT=1") {
		t.Error("BuildKit is not switched on")
	}
	f.call(t, "push")
	var missing *noBuildxError
	if err := d.Build(t.Context(), order(a, "web")); !errors.As(err, &missing) || missing.Remedy() == "" {
		t.Errorf("error %v", err)
	}
}

func TestAFailedBuildShowsItsEndWithoutSecrets(t *testing.T) {
	t.Parallel()
	a, source := shop(t)
	err := NewDocker(newFake(t, "fail").path(), source, login).Build(t.Context(), order(a, "web"))
	var failed *FailedError
	if !errors.As(err, &failed) {
		t.Fatalf("error %v", err)
	}
	text := err.Error() + strings.Join(failed.Output(), "\n")
	if strings.Contains(text, tokenValue) || !strings.Contains(text, "RUN echo ***") {
		t.Errorf("output\n%s", text)
	}
	if failed.Cause != "failed to solve: exit code: 1" || !strings.Contains(failed.Remedy(), "./web/Dockerfile.prod") {
		t.Errorf("cause %q, remedy %q", failed.Cause, failed.Remedy())
	}
}

func TestAStoppedBuildEndsAtOnce(t *testing.T) {
	t.Parallel()
	a, source := shop(t)
	ctx, cancel := context.WithCancel(t.Context())
	began := time.Now()
	time.AfterFunc(300*time.Millisecond, cancel)
	err := NewDocker(newFake(t, "hang").path(), source, nil).Build(ctx, order(a, "base"))
	if !errors.Is(err, context.Canceled) || time.Since(began) > 30*time.Second {
		t.Errorf("after %s: %v", time.Since(began), err)
	}
}

func TestASecretWithoutAValueIsAnError(t *testing.T) {
	t.Parallel()
	a, _ := shop(t)
	f := newFake(t, "")
	err := NewDocker(f.path(), NewSource(a, nil), nil).Build(t.Context(), order(a, "web"))
	var unset *unsetError
	if !errors.As(err, &unset) || !strings.Contains(unset.Remedy(), "NPM_TOKEN") {
		t.Errorf("error %v", err)
	}
	if len(f.calls(t)) > 0 {
		t.Error("docker was called")
	}
}

func TestTheUsersLoginsAreTakenOver(t *testing.T) {
	t.Parallel()
	config := map[string]any{
		"credsStore": "keychain", "auths": map[string]any{"ghcr.io": map[string]any{}, "quay.io": map[string]any{}},
		"credHelpers": map[string]any{"quay.io": "other"},
	}
	narrowStore(config)
	helpers, _ := config["credHelpers"].(map[string]any)
	if _, left := config["credsStore"]; left || helpers["ghcr.io"] != "keychain" || helpers["quay.io"] != "other" {
		t.Errorf("config %v", config)
	}
}
