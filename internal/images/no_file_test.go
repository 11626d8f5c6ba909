package images_test

import (
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/berthdev/berth/internal/app"
	"github.com/berthdev/berth/internal/images"
	"github.com/berthdev/berth/internal/project"
)

// notFiles put something at a path that is no file that can be read, by the
// word that the refusal has for it.
var notFiles = map[string]func(path string) error{
	"a named pipe": func(path string) error { return syscall.Mkfifo(path, 0o600) },
	"a device":     func(path string) error { return os.Symlink("/dev/zero", path) },
	"a socket": func(path string) error {
		l, err := net.ListenUnix("unix", &net.UnixAddr{Name: path})
		if err != nil {
			return err
		}
		l.SetUnlinkOnClose(false)
		return l.Close()
	},
	"too many levels of symbolic links": func(path string) error {
		return errors.Join(os.Symlink(path, path+"2"), os.Symlink(path+"2", path))
	},
	"bytes": func(path string) error {
		f, err := os.Create(path)
		if err != nil {
			return err
		}
		return errors.Join(f.Truncate(5<<20), f.Close()) // a hole: it takes no room
	},
	"a folder": func(path string) error { return os.Mkdir(path, 0o700) },
}

// TestWhatIsNoFileIsRefused in every place where a project names a file: at once,
// with a word for what it is, and at its line where one names it.
func TestWhatIsNoFileIsRefused(t *testing.T) {
	t.Parallel()
	const web = "services:\n  web:\n    image: nginx\n    expose: ['80']\n    "
	const build = "services:\n  web:\n    expose: ['80']\n    "
	places := map[string]struct {
		compose string
		line    int // 0 where no line names the file
	}{
		"compose.yaml":      {"", 0},
		"compose.dev.yaml":  {web, 0},
		".env":              {web, 0},
		".env.dev":          {web, 0},
		"more.yaml":         {"include: [more.yaml]\n" + web, 1},
		"other.yaml":        {web + "extends: {service: web, file: other.yaml}\n", 5},
		"web.env":           {web + "env_file: web.env\n", 5},
		"optional.env":      {web + "env_file: [{path: optional.env, required: false}]\n", 5},
		"labels":            {web + "label_file: labels\n", 5},
		"config":            {web + "configs: [{source: c, target: /run/c/c}]\nconfigs: {c: {file: config}}\n", 5},
		"Dockerfile":        {build + "build: .\n", 4},
		"Other":             {build + "build: {context: ., dockerfile: Other}\n", 4},
		".dockerignore":     {build + "build: {context: ., dockerfile_inline: FROM scratch}\n", 4},
		"token":             {build + "build: {context: ., dockerfile_inline: FROM scratch, secrets: [s]}\nsecrets: {s: {file: token}}\n", 4},
		"sub/.dockerignore": {build + "build: {context: ., dockerfile_inline: FROM scratch, additional_contexts: {sub: ./sub}}\n", 4},
	}
	for name, place := range places {
		for kind, plant := range notFiles {
			t.Run(name+"/"+kind, func(t *testing.T) {
				t.Parallel()
				dir, err := os.MkdirTemp("", "b") // a socket's path is short
				if err != nil {
					t.Fatal(err)
				}
				t.Cleanup(func() { _ = os.RemoveAll(dir) })
				path := filepath.Join(dir, name)
				if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
					t.Fatal(err)
				}
				if place.compose != "" {
					if err := os.WriteFile(filepath.Join(dir, "compose.yaml"), []byte(place.compose), 0o600); err != nil {
						t.Fatal(err)
					}
				}
				if err := plant(path); err != nil {
					t.Fatal(err)
				}
				if strings.HasPrefix(name, ".env") && kind == "a folder" {
					wantNotice(t, dir, name+" is a folder")
					return
				}
				wantRefusal(t, dir, name, kind, place.line)
			})
		}
	}
}

func wantNotice(t *testing.T, dir, text string) {
	t.Helper()
	p, err := project.Load(t.Context(), project.Options{Dir: dir, Env: []string{}, Environment: "dev"})
	if err != nil || !strings.Contains(fmt.Sprint(p.Notices), text) {
		t.Errorf("%v, %+v: nothing says %q", err, p, text)
	}
}

func wantRefusal(t *testing.T, dir, name, kind string, line int) {
	t.Helper()
	done := make(chan error, 1)
	go func() { done <- read(t, dir) }()
	select {
	case err := <-done:
		var problems *app.Problems
		if !errors.As(err, &problems) {
			t.Fatalf("%s as %s is not refused: %v", name, kind, err)
		}
		for _, p := range problems.List {
			if strings.Contains(p.Why, kind) && (line == 0 || p.At.Line == line) {
				return
			}
		}
		t.Errorf("no problem at line %d says %q: %+v", line, kind, problems.List)
	case <-time.After(20 * time.Second):
		t.Fatalf("reading %s as %s does not end", name, kind)
	}
}

// read goes the way of a project as far as files are read.
func read(t *testing.T, dir string) error {
	p, err := project.Load(t.Context(), project.Options{Dir: dir, Env: []string{}, Environment: "dev"})
	if err != nil {
		return err
	}
	a, _, err := app.From(p, app.Options{})
	if err != nil {
		return err
	}
	_, err = images.Read(t.Context(), a)
	return err
}
