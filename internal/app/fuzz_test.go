package app_test

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/berthdev/berth/internal/app"
	"github.com/berthdev/berth/internal/project"
)

// FuzzLoad reads any text as a Compose file: the result is an App or problems,
// never a panic.
func FuzzLoad(f *testing.F) {
	for _, pattern := range []string{"testdata/*/compose*.yaml", "../blueprint/testdata/samples/*/compose.yaml"} {
		files, err := filepath.Glob(pattern)
		if err != nil {
			f.Fatal(err)
		}
		for _, file := range files {
			data, err := os.ReadFile(file)
			if err != nil {
				f.Fatal(err)
			}
			f.Add(data)
		}
	}
	dir := f.TempDir()
	f.Fuzz(func(t *testing.T, data []byte) { means(t, dir, data) })
}

// FuzzXBerth puts any text under x-berth, at the top level and in a service.
func FuzzXBerth(f *testing.F) {
	for _, seed := range []string{
		"region: eu-west-1", "preset: balanced\n  network: {zones: 3}", "{policies: [{Effect: Allow}], managed: true}",
		"public: internal", "health: {path: /, interval: 5}", "x", "[1, 2]", "{spot: '${X}'}", "secrets: {A: b}",
	} {
		f.Add(seed)
	}
	dir := f.TempDir()
	f.Fuzz(func(t *testing.T, text string) {
		means(t, dir, []byte("name: x\nx-berth:\n  "+text+"\nservices:\n  web:\n    image: nginx\n    ports: ['80:80']\n    x-berth:\n      "+text+"\n"))
	})
}

// means reads a Compose file in a new folder.
func means(t *testing.T, dir string, data []byte) {
	t.Helper()
	dir, err := os.MkdirTemp(dir, "case")
	if err != nil {
		t.Fatal(err)
	}
	defer os.RemoveAll(dir)
	if err := os.WriteFile(filepath.Join(dir, "compose.yaml"), data, 0o600); err != nil {
		t.Fatal(err)
	}
	p, err := project.Load(t.Context(), project.Options{Dir: dir, Name: "fuzz"})
	if err == nil {
		_, _, err = app.From(p, app.Options{})
	}
	var problems *app.Problems
	if err != nil && (!errors.As(err, &problems) || len(problems.List) == 0) {
		t.Errorf("an error that is no list of problems: %v", err)
	}
}
