package operator

import (
	"debug/elf"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
)

// TestImage runs the binary where the image puts it: a folder with nothing in
// it but the binary, as a user without a name, nothing writable.
func TestImage(t *testing.T) {
	t.Parallel()
	binary := os.Getenv("BERTH_BINARY")
	if binary == "" {
		t.Skip("BERTH_BINARY is not set: run make test-operator")
	}
	info, err := os.Stat(binary)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("the binary has %d MiB", info.Size()>>20)
	f, err := elf.Open(binary)
	if err != nil {
		t.Skip("not a Linux binary: ", err)
	}
	defer f.Close()
	if libraries, err := f.ImportedLibraries(); err != nil || len(libraries) > 0 {
		t.Errorf("the binary needs %v (%v), which an empty image does not have", libraries, err)
	}
	if os.Geteuid() != 0 {
		t.Skip("changing the root folder needs root")
	}
	root := t.TempDir()
	if err := os.Chmod(root, 0o555); err != nil {
		t.Fatal(err)
	}
	in, err := os.Open(binary)
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	out, err := os.OpenFile(filepath.Join(root, "berth"), os.O_CREATE|os.O_WRONLY, 0o555)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.Copy(out, in); err != nil {
		t.Fatal(err)
	}
	if err := out.Close(); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("/berth", "version")
	cmd.Dir, cmd.Env = "/", []string{}
	cmd.SysProcAttr = &syscall.SysProcAttr{Chroot: root, Credential: &syscall.Credential{Uid: 65532, Gid: 65532}}
	text, err := cmd.CombinedOutput()
	if err != nil || !strings.Contains(string(text), "berth") {
		t.Errorf("berth version: %v\n%s", err, text)
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
