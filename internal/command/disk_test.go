//go:build linux

package command_test

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

const diskCompose = `name: tiny
services:
  api:
    image: example/api:1
    expose: ["80"]
    healthcheck: { test: ["CMD", "true"] }
`

// TestDisk runs berth where its folder is full, and where it cannot be
// written. It needs the right to mount.
func TestDisk(t *testing.T) {
	tests := []struct {
		name, options string
		flags         uintptr
		// fill leaves no room at all.
		want string
	}{
		{name: "full", options: "size=4k", want: "no space left on device"},
		{name: "read-only", flags: syscall.MS_RDONLY, want: "read-only file system"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			dir := t.TempDir()
			write(t, filepath.Join(dir, "compose.yaml"), diskCompose)
			state := filepath.Join(dir, ".berth")
			if err := os.Mkdir(state, 0o700); err != nil {
				t.Fatal(err)
			}
			if err := syscall.Mount("tmpfs", state, "tmpfs", tt.flags, tt.options); err != nil {
				t.Skipf("this machine does not let tests mount a small disk: %v", err)
			}
			mounted := true
			defer func() {
				if mounted {
					_ = syscall.Unmount(state, 0)
				}
			}()
			code, text := runBerth(t, dir, "--sandbox", "up", "--yes")
			if code != 1 || !strings.Contains(text, "error: ") || !strings.Contains(text, tt.want) {
				t.Errorf("exit code %d, want 1 with %q:\n%s", code, tt.want, text)
			}
			if strings.Contains(text, "panic") {
				t.Errorf("it panicked:\n%s", text)
			}
			if err := syscall.Unmount(state, 0); err != nil {
				t.Fatal(err)
			}
			mounted = false
			if code, text := runBerth(t, dir, "--sandbox", "up", "--yes"); code != 0 {
				t.Errorf("with room again: exit code %d\n%s", code, text)
			}
		})
	}
}

// TestOutputThatCannotBeWritten: a command whose output nobody gets fails, whatever
// prints it.
func TestOutputThatCannotBeWritten(t *testing.T) {
	dir := t.TempDir()
	write(t, filepath.Join(dir, "compose.yaml"), diskCompose)
	full, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
	if err != nil {
		t.Skip(err)
	}
	defer func() { _ = full.Close() }()
	for _, line := range []string{
		"", "--help", "up --help", "help", "help plan", "version", "version --json", "completion bash", "completion zsh", "infra", "secret", "compose",
		"compose keys", "compose ports", "--sandbox config", "--sandbox config --json", "--sandbox graph", "--sandbox graph --json", "--sandbox plan",
		"--sandbox plan --json", "--sandbox plan --verbose", "--sandbox plan --exit-code", "--sandbox auth", "--sandbox ps", "--sandbox ls --json",
		"--sandbox infra status", "--sandbox secret ls --json", "--sandbox history --json",
	} {
		self, err := os.Executable()
		if err != nil {
			t.Fatal(err)
		}
		cmd := exec.CommandContext(t.Context(), self, strings.Fields(line)...)
		cmd.Args[0], cmd.Dir = "berth", dir
		cmd.Env = append(os.Environ(), "TERM=dumb", "HOME="+dir, "AWS_CONFIG_FILE="+dir+"/none", "AWS_REGION=eu-central-1", "GIT_CEILING_DIRECTORIES="+filepath.Dir(dir))
		var errs bytes.Buffer
		cmd.Stdout, cmd.Stderr = full, &errs
		_ = cmd.Run() // the exit code tells
		if code := cmd.ProcessState.ExitCode(); code != 1 || !strings.Contains(errs.String(), "no space left on device") {
			t.Errorf("berth %s: exit code %d\n%s", line, code, errs.String())
		}
	}
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// runBerth runs this test binary as berth, in virtual time.
func runBerth(t *testing.T, dir string, args ...string) (code int, text string) {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), self, args...)
	cmd.Args[0] = "berth" // testscript.Main looks at the name that it is called by
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "TERM=dumb", "HOME="+dir, "AWS_CONFIG_FILE="+dir+"/none", "GIT_CEILING_DIRECTORIES="+filepath.Dir(dir))
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	_ = cmd.Run() // the exit code tells
	return cmd.ProcessState.ExitCode(), out.String()
}
