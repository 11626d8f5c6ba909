package app_test

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/berthdev/berth/internal/app"
	"github.com/berthdev/berth/internal/project"
)

// TestTheOfferedOverlayTakesBindsOut writes the lines that the refusal of bind
// mounts offers into the file that it names, as a user would, and reads the
// project again: for every case whose refusals offer any.
func TestTheOfferedOverlayTakesBindsOut(t *testing.T) {
	t.Parallel()
	cases, err := filepath.Glob("testdata/*/compose.yaml")
	if err != nil {
		t.Fatal(err)
	}
	offered := 0
	for _, file := range cases {
		dir := t.TempDir()
		if err := os.CopyFS(dir, os.DirFS(filepath.Dir(file))); err != nil {
			t.Fatal(err)
		}
		var before, after *app.Problems
		if _, err := translate(t, dir); !errors.As(err, &before) || before.Offer.Lines == "" {
			continue
		}
		offered++
		if err := os.WriteFile(filepath.Join(dir, before.Offer.File), []byte(before.Offer.Lines), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := translate(t, dir); !errors.As(err, &after) {
			continue
		}
		for _, p := range after.List {
			if strings.Contains(p.What, "cannot be mounted") || !slices.ContainsFunc(before.List, func(b app.Problem) bool { return b.What == p.What }) {
				t.Errorf("%s: with the overlay\n%s%s", file, before.Offer.Lines, p)
			}
		}
	}
	if offered < 5 {
		t.Errorf("%d cases offer an overlay, want at least 5", offered)
	}
}

// TestAFolderOfManyFilesIsNotBaked: berth cannot look through all of them for
// credentials, and one of the last may be one.
func TestAFolderOfManyFilesIsNotBaked(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	compose := "services: {web: {image: nginx, expose: ['80'], volumes: ['./site:/site:ro']}}"
	if err := errors.Join(os.WriteFile(filepath.Join(dir, "compose.yaml"), []byte(compose), 0o600), os.Mkdir(filepath.Join(dir, "site"), 0o700)); err != nil {
		t.Fatal(err)
	}
	add := func(n int) {
		for i := range n {
			if err := os.WriteFile(filepath.Join(dir, "site", strconv.Itoa(i)), nil, 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	add(1000)
	if a, err := translate(t, dir); err != nil || a.BuildOf("web") == nil {
		t.Errorf("a folder of 1000 files is not baked: %v", err)
	}
	add(1001)
	if _, err := translate(t, dir); err == nil || !strings.Contains(err.Error(), "more than 1000 files") {
		t.Errorf("a folder of 1001 files: %v", err)
	}
}

// TestVersionControlStaysOutOfImages: what it keeps in a mounted folder does not
// keep the folder out of the image, and is not mounted by itself.
func TestVersionControlStaysOutOfImages(t *testing.T) {
	t.Parallel()
	for source, want := range map[string]string{".": "", "./.git": "version control keeps", "./.git/hooks": "version control keeps"} {
		dir := t.TempDir()
		compose := "services: {web: {image: nginx, expose: ['80'], volumes: ['" + source + ":/site:ro']}}"
		if err := errors.Join(os.WriteFile(filepath.Join(dir, "compose.yaml"), []byte(compose), 0o600), os.MkdirAll(filepath.Join(dir, ".git/hooks"), 0o700),
			os.WriteFile(filepath.Join(dir, ".git/hooks/pre-push"), []byte("token=ghp_0123456789abcdefghijklmnopqrstuvwxyz\n"), 0o600)); err != nil {
			t.Fatal(err)
		}
		switch a, err := translate(t, dir); {
		case want == "" && (err != nil || a.BuildOf("web") == nil):
			t.Errorf("%s is not baked: %v", source, err)
		case want != "" && (err == nil || !strings.Contains(err.Error(), want)):
			t.Errorf("%s: %v, want %q", source, err, want)
		}
	}
}

func translate(t *testing.T, dir string) (*app.App, error) {
	t.Helper()
	p, err := project.Load(t.Context(), project.Options{Dir: dir})
	if err != nil {
		return nil, err
	}
	a, _, err := app.From(p, app.Options{Region: "eu-central-1"})
	return a, err
}
