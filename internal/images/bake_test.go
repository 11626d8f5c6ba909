package images

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestNothingOfAProjectIsInTheEnvironmentOfAProgram: arguments may be called as
// variables that docker, git, ssh, shells or the loader read. Neither their
// names nor their values reach a program's environment or command line, and the
// build gets them to the letter.
func TestNothingOfAProjectIsInTheEnvironmentOfAProgram(t *testing.T) {
	names := strings.Fields(`LD_PRELOAD LD_AUDIT GIT_SSH_COMMAND GIT_CONFIG_COUNT GIT_CONFIG_KEY_0 GIT_CONFIG_GLOBAL BASH_ENV ENV PS4 DOCKER_HOST
		DOCKER_CONFIG BUILDX_CONFIG BUILDX_BAKE_FILE HTTPS_PROXY http_proxy PATH HOME XDG_CONFIG_HOME SSL_CERT_FILE AWS_PROFILE GODEBUG
		BUILDKIT_HOST SOURCE_DATE_EPOCH BERTH_SANDBOX PLAIN`)
	values := []string{"hostile-%d", "hostile-%d=x\ny=\"$HOME\"", "hostile-%d ${HOME} $${A} %%{if true}", "http://me:hostile-%d@proxy", "hostile-%d \\ ' \t é"}
	dir := t.TempDir()
	write(t, filepath.Join(dir, "web/Dockerfile"), "FROM alpine")
	a := load(t, dir, "name: shop\nservices:\n  web: {build: ./web, expose: ['1']}\n  far: {build: 'https://example.com/x.git#main', expose: ['1']}\n")
	want := map[string]string{}
	for i, name := range names {
		want[name] = fmt.Sprintf(values[i%len(values)], i)
	}
	a.BuildOf("web").Args, a.BuildOf("far").Args = want, want

	f := newFake(t, "container")
	asked := filepath.Join(f.dir, "git-asked")
	git := "#!/bin/sh\nenv >>'" + asked + "'\necho \"$@\" >>'" + asked + "'\nprintf '" + strings.Repeat("1", 40) + "\\tHEAD\\n'\n"
	must(t, os.WriteFile(filepath.Join(f.dir, "git"), []byte(git), 0o700))
	t.Setenv("PATH", f.dir+string(filepath.ListSeparator)+os.Getenv("PATH"))
	before := slices.Clone(os.Environ())
	source := NewSource(a, func(string) (string, bool) { return "", false })
	if _, err := source.Read(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, service := range []string{"web", "far"} {
		must(t, NewDocker(f.path(), source, login).Build(t.Context(), order(a, service)))
	}
	baked := 0
	for _, c := range f.calls(t) {
		if text := strings.Join(append(c.Args, c.Env...), "\n"); strings.Contains(text, "hostile-") {
			t.Errorf("a value is in the arguments or the environment of docker %q", c.Args)
		}
		for _, v := range c.Env {
			name, _, _ := strings.Cut(v, "=")
			_, argument := want[name]
			if argument && !slices.Contains(before, v) && name != "DOCKER_CONFIG" && name != "BUILDX_CONFIG" { // which berth sets
				t.Errorf("%s is in the environment of docker %q", v, c.Args)
			}
		}
		if len(c.Definition) == 0 {
			continue
		}
		baked++
		got := c.target().Args
		for name, value := range got {
			got[name] = strings.NewReplacer("$${", "${", "%%{", "%{").Replace(value)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("the build gets other values\n%s", diff)
		}
	}
	if baked != 2 {
		t.Errorf("%d builds had a definition", baked)
	}
	text, err := os.ReadFile(asked)
	if err != nil || !strings.Contains(string(text), "ls-remote -- https://example.com/x.git") || strings.Contains(string(text), "hostile-") {
		t.Errorf("git was asked with %q, %v", text, err)
	}
	if !maps.Equal(a.BuildOf("web").Args, want) {
		t.Error("the build's own arguments were changed")
	}
}

// TestArgumentsNeedBuildx: without it their values would be for all to see.
func TestArgumentsNeedBuildx(t *testing.T) {
	t.Parallel()
	a, _ := shop(t)
	a.BuildOf("base").Args = map[string]string{"TZ": "UTC"}
	source := NewSource(a, func(string) (string, bool) { return "", false })
	var missing *noBuildxError
	err := NewDocker(newFake(t, "no buildx").path(), source, login).Build(t.Context(), order(a, "base"))
	if !errors.As(err, &missing) || !strings.Contains(err.Error(), "args needs docker buildx") || missing.Remedy() == "" {
		t.Errorf("error %v", err)
	}
}
