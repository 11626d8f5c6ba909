package command_test

import (
	"bytes"
	"net"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/berthdev/berth/internal/command"
	"github.com/berthdev/berth/internal/command/cli"
)

// TestWhatIsNoFileIsRefused: wherever a user names a file, or berth looks for
// one, a pipe, folder, device, socket or link to nothing is refused at once,
// with its name and what to do. A folder called .env gets a notice:
// TestWhatIsNoFileIsRefused of internal/images.
func TestWhatIsNoFileIsRefused(t *testing.T) {
	t.Parallel()
	kinds := map[string]struct {
		make func(path string) error
		why  string
	}{
		"pipe":   {func(path string) error { return syscall.Mkfifo(path, 0o600) }, "it is a named pipe, not a file"},
		"folder": {func(path string) error { return os.Mkdir(path, 0o700) }, "it is a folder, not a file"},
		"device": {func(path string) error { return os.Symlink("/dev/zero", path) }, "it is a device, not a file"},
		"socket": {func(path string) error {
			l, err := net.ListenUnix("unix", &net.UnixAddr{Name: path, Net: "unix"})
			if err == nil {
				l.SetUnlinkOnClose(false)
				err = l.Close()
			}
			return err
		}, "it is a socket, not a file"},
		"link to nothing": {func(path string) error { return os.Symlink("nowhere", path) }, "there is no such file"},
	}
	uses := map[string]struct {
		file string
		args []string
	}{
		"--plan":           {"a.json", []string{"up", "--yes", "--plan", "a.json"}},
		"-f":               {"a.yaml", []string{"plan", "-f", "a.yaml"}},
		"a Compose file":   {"compose.dev.yaml", []string{"-e", "dev", "plan"}},
		"secret import":    {"a.env", []string{"secret", "import", "a.env"}},
		"--env-file":       {"a.env", []string{"plan", "--env-file", "a.env"}},
		".env":             {".env", []string{"plan"}},
		".env of a stage":  {".env.dev", []string{"-e", "dev", "plan"}},
		".env of secret":   {".env", []string{"secret", "ls"}},
		".env of include":  {"more/.env", []string{"plan", "-f", "including.yaml"}},
		"env_file":         {"a.env", []string{"plan", "-f", "reading.yaml"}},
		"a Compose config": {"a.txt", []string{"plan", "-f", "configured.yaml"}},
	}
	const service = "name: a\nservices:\n  web: {image: \"nginx:1.29\", expose: [\"80\"]"
	for use, u := range uses {
		for kind, k := range kinds {
			if kind == "link to nothing" && (use == "a Compose file" || use == ".env of include") {
				continue // the same as none
			}
			if kind == "folder" && strings.HasPrefix(use, ".env") {
				continue // python -m venv .env makes one: Compose and berth leave it alone
			}
			t.Run(use+" is a "+kind, func(t *testing.T) {
				t.Parallel()
				dir, err := os.MkdirTemp("", "berth") // a socket's path is short
				if err != nil {
					t.Fatal(err)
				}
				t.Cleanup(func() { _ = os.RemoveAll(dir) })
				for name, text := range map[string]string{
					"compose.yaml": service + "}\n", "including.yaml": "include: [more/compose.yaml]\n" + service + "}\n",
					"more/compose.yaml": "services:\n  other: {image: \"nginx:1.29\"}\n", "reading.yaml": service + ", env_file: [a.env]}\n",
					"configured.yaml": service + ", configs: [c]}\nconfigs: {c: {file: a.txt}}\n",
				} {
					path := filepath.Join(dir, name)
					if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
						t.Fatal(err)
					}
					if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
						t.Fatal(err)
					}
				}
				if err := k.make(filepath.Join(dir, u.file)); err != nil {
					t.Fatal(err)
				}
				args := []string{"--sandbox", "-C", dir}
				for _, a := range u.args {
					if u.args[0] == "up" && a == u.file {
						a = filepath.Join(dir, a) // --plan is relative to where berth runs
					}
					args = append(args, a)
				}
				var out bytes.Buffer
				begun := time.Now()
				code := command.Main(args, cli.Streams{In: strings.NewReader(""), Out: &out, Err: &out}, cli.Build{Version: "v1.2.3"})
				text := out.String()
				if code != 1 || !strings.Contains(text, k.why) || !strings.Contains(text, filepath.Base(u.file)) {
					t.Errorf("exit code %d, want %q\n%s", code, k.why, text)
				}
				if _, remedy, ok := strings.Cut(text, k.why); !ok || !strings.Contains(remedy, "\n  ") {
					t.Errorf("it does not say what to do\n%s", text)
				}
				if took := time.Since(begun); took > time.Minute {
					t.Errorf("it took %s", took)
				}
			})
		}
	}
}
