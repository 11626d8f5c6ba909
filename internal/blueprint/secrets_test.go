package blueprint

import (
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/berthdev/berth/internal/app"
	"github.com/berthdev/berth/internal/aws/ecs"
	"github.com/berthdev/berth/internal/engine"
)

// TestAValueRollsItsUsers: a new version changes the task definitions of the services
// that use the secret, and the triggers of the jobs that do.
func TestAValueRollsItsUsers(t *testing.T) {
	t.Parallel()
	a := shop()
	a.Services[0].Secrets = []app.Secret{{Name: "A", From: "a"}}
	a.Services[1].Files = []app.File{{Path: "/run/secrets/b", Secret: "b", Mode: 0o400}}
	a.Jobs[0].Variables = []app.Variable{{Name: "C", Parts: []app.Part{{Text: "x:"}, {Secret: "c"}}}}
	with := func(name, version string) map[string]string {
		f := facts()
		f.Secrets = map[string]string{"a": "1 of then", "b": "1 of then", "c": "1 of then"}
		f.Secrets[name] = version
		g, err := Build(a, f)
		if err != nil {
			t.Fatal(err)
		}
		shown := map[string]string{}
		for _, n := range g.Nodes() {
			var text strings.Builder
			for _, attr := range engine.AttrsOf(n.Resource) {
				text.WriteString(attr.Name + "=" + attr.Value + "\n")
			}
			shown[n.Address.String()] = text.String()
		}
		return shown
	}
	before := with("a", "1 of then")
	for name, want := range map[string][]string{
		"a": {"ecs.job/migrate", "ecs.task-definition/api"}, // the job gates the service
		"b": {"ecs.task-definition/redis"},
		"c": {"ecs.job/migrate", "ssm.parameter/migrate/C"},
	} {
		var changed []string
		for address, text := range with(name, "2 of now") {
			if before[address] != text {
				changed = append(changed, address)
			}
		}
		if diff := cmp.Diff(want, uniq(changed)); diff != "" {
			t.Errorf("another value of %s changes (-want +got):\n%s", name, diff)
		}
	}
}

// TestTheScriptWritesFiles runs what the helper container runs, in a shell.
func TestTheScriptWritesFiles(t *testing.T) {
	t.Parallel()
	sh, err := exec.LookPath("sh")
	if err != nil {
		t.Skip("there is no shell here")
	}
	dir := t.TempDir()
	w := workload("web", "nginx")
	contents := []string{"plain", "two\nlines\n", "it's \"quoted\" $HOME `id` \\n %s", "-n"}
	for i, name := range []string{"a", "it's", "sub/folder/c", "-d"} {
		w.Files = append(w.Files, app.File{
			Path: filepath.Join(dir, name), Content: contents[i], Mode: 0o440, UID: os.Getuid(), GID: os.Getgid(),
		})
	}
	a := shop()
	a.Services = append(a.Services, service(w))
	d := find[ecs.TaskDefinition](t, build(t, a), "ecs.task-definition/web")
	if len(d.Containers) != 2 || len(d.Volumes) != 1 || d.Containers[1].Essential {
		t.Fatalf("the task is %+v", d)
	}
	writer := d.Containers[1]
	cmd := exec.CommandContext(t.Context(), sh, append(writer.EntryPoint[1:], writer.Command...)...)
	for i := range w.Files {
		name := "FILE_" + strconv.Itoa(i)
		cmd.Env = append(cmd.Env, name+"="+writer.Environment[name])
	}
	cmd.Env = append(cmd.Env, "PATH="+os.Getenv("PATH"))
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	for i, f := range w.Files {
		data, err := os.ReadFile(f.Path)
		if err != nil || string(data) != contents[i] {
			t.Errorf("%s holds %q, want %q (%v)", f.Path, data, contents[i], err)
		}
		info, err := os.Stat(f.Path)
		if err != nil || info.Mode().Perm() != 0o440 {
			t.Errorf("%s: %v, %v", f.Path, info, err)
		}
	}
	if info, err := os.Stat(filepath.Join(dir, "sub")); err != nil || info.Mode().Perm() != 0o755 {
		t.Errorf("the folder: %v, %v", info, err)
	}
}
