package operator

import (
	"crypto/rand"
	"debug/elf"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
)

// TestImage runs each program where its image puts it: a folder with nothing in
// it but the binary, as a user without a name, nothing writable.
func TestImage(t *testing.T) {
	t.Parallel()
	for name, arg := range map[string]string{"berth": "version", "berth-operator": "--version"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			file := binary(t, name)
			static(t, file)
			if os.Geteuid() != 0 {
				t.Skip("changing the root folder needs root")
			}
			root := t.TempDir()
			if err := os.Chmod(root, 0o555); err != nil {
				t.Fatal(err)
			}
			install(t, file, filepath.Join(root, name))
			cmd := exec.Command("/"+name, arg)
			cmd.Dir, cmd.Env = "/", []string{}
			cmd.SysProcAttr = &syscall.SysProcAttr{Chroot: root, Credential: &syscall.Credential{Uid: 65532, Gid: 65532}}
			text, err := cmd.CombinedOutput()
			if err != nil || !strings.HasPrefix(string(text), name+" ") {
				t.Errorf("%s %s: %v\n%s", name, arg, err, text)
			}
		})
	}
}

// static wants a binary that needs nothing beside it.
func static(t *testing.T, file string) {
	t.Helper()
	info, err := os.Stat(file)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("the binary has %d MiB", info.Size()>>20)
	f, err := elf.Open(file)
	if err != nil {
		t.Skip("not a Linux binary: ", err)
	}
	defer f.Close()
	if libraries, err := f.ImportedLibraries(); err != nil || len(libraries) > 0 {
		t.Errorf("the binary needs %v (%v), which an empty image does not have", libraries, err)
	}
}

func install(t *testing.T, from, to string) {
	t.Helper()
	in, err := os.Open(from)
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	out, err := os.OpenFile(to, os.O_CREATE|os.O_WRONLY, 0o555)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.Copy(out, in); err != nil {
		t.Fatal(err)
	}
	if err := out.Close(); err != nil {
		t.Fatal(err)
	}
}

// TestBuiltImages builds both images where there is a Docker to build them
// with, and looks at what is in them. The one without a target is the chart's.
func TestBuiltImages(t *testing.T) {
	t.Parallel()
	if testing.Short() || exec.Command("docker", "info").Run() != nil {
		t.Skip("there is no Docker that answers")
	}
	for name, target := range map[string]string{"berth-operator": "", "berth": "berth"} {
		tag := "berth-test/" + name + ":" + strings.ToLower(rand.Text()[:8])
		args := []string{"build", "--quiet", "--tag", tag}
		if target != "" {
			args = append(args, "--target", target)
		}
		args = append(args, "../..")
		if out, err := exec.Command("docker", args...).CombinedOutput(); err != nil {
			t.Fatalf("docker %v: %v\n%s", args, err, out)
		}
		t.Cleanup(func() {
			_ = exec.Command("docker", "image", "rm", "--force", tag).Run() // it is only a test's
		})
		out, err := exec.Command("docker", "image", "inspect", "--format", "{{.Config.User}} {{.Config.Entrypoint}} {{.Size}}", tag).Output()
		var size int64
		var user, entry string
		if _, scan := fmt.Sscan(string(out), &user, &entry, &size); err != nil || scan != nil {
			t.Fatalf("%s: %v, %v", out, err, scan)
		}
		if user != "65532:65532" || entry != "[/"+name+"]" || size > 128<<20 {
			t.Errorf("%s: user %s, entrypoint %s, %d MiB", name, user, entry, size>>20)
		}
		text, err := exec.Command("docker", "run", "--rm", "--read-only", "--cap-drop=ALL", tag, "--help").CombinedOutput()
		if err != nil || !strings.Contains(string(text), name) {
			t.Errorf("%s --help: %v\n%s", name, err, text)
		}
	}
}

// TestDockerfile keeps the image's Go the one that the module asks for.
func TestDockerfile(t *testing.T) {
	t.Parallel()
	read := func(path string) string {
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		return string(data)
	}
	want := regexp.MustCompile(`(?m)^go (\S+)$`).FindStringSubmatch(read("../../go.mod"))
	if !strings.Contains(read("../../Dockerfile"), "FROM golang:"+want[1]+" ") {
		t.Errorf("the Dockerfile does not build with Go %s", want[1])
	}
}
