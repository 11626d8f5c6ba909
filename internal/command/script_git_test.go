package command_test

import (
	"bufio"
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/berthdev/berth/internal/command"
	"github.com/berthdev/berth/internal/command/cli"
)

// planted are settings by which a repository can name a program.
var planted = []string{
	"filter.evil.clean", "filter.evil.process", "diff.evil.command", "diff.evil.textconv", "diff.external", "core.fsmonitor", "core.pager",
	"core.editor", "core.sshCommand", "core.askPass", "core.gitProxy", "core.alternateRefsCommand", "credential.helper", "gpg.program",
	"pager.status", "pager.rev-parse", "alias.status", "alias.rev-parse", "alias.ls-remote", "remote.origin.uploadpack",
}

// hostileGit makes a repository of the script's folder whose configuration,
// hooks, attributes and .env name a program that leaves a mark, and has a git
// before the real one in PATH that leaves a mark of its own: hostile-git.
func hostileGit(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 0 {
		ts.Fatalf("usage: hostile-git")
	}
	real, err := exec.LookPath("git")
	ts.Check(err)
	dir := ts.Getenv("WORK")
	program := func(path, text string) string {
		path = filepath.Join(dir, path)
		ts.Check(os.MkdirAll(filepath.Dir(path), 0o700))
		ts.Check(os.WriteFile(path, []byte("#!/bin/sh\n"+text+"\n"), 0o700))
		return path
	}
	git := func(args ...string) {
		cmd := exec.Command(real, args...)
		cmd.Dir = dir
		cmd.Env = append(os.Environ(), "GIT_CONFIG_GLOBAL=/dev/null", "GIT_CONFIG_NOSYSTEM=1")
		if out, err := cmd.CombinedOutput(); err != nil {
			ts.Fatalf("git %v: %v\n%s", args, err, out)
		}
	}
	git("init", "-q", "-b", "main")
	git("add", "compose.yaml")
	git("-c", "user.name=a", "-c", "user.email=a@example.com", "commit", "-qm", "a")
	evil := program(".git/evil/program", "touch '"+filepath.Join(dir, ".git", "evil-ran")+"'\ncat")
	for _, key := range planted {
		value := evil
		if strings.HasPrefix(key, "alias.") || key == "credential.helper" {
			value = "!" + evil
		}
		git("config", key, value)
	}
	git("config", "core.hooksPath", filepath.Dir(evil))
	for _, hook := range []string{"post-index-change", "fsmonitor-watchman", "reference-transaction"} {
		program(".git/evil/"+hook, "exec "+evil)
	}
	more := filepath.Join(dir, ".git", "more")
	ts.Check(os.WriteFile(more, []byte("[filter \"evil\"]\n\tclean = "+evil+"\n"), 0o600))
	git("config", "include.path", more)
	ts.Check(os.WriteFile(filepath.Join(dir, ".gitattributes"), []byte("* filter=evil diff=evil\n"), 0o600))
	ts.Check(os.WriteFile(filepath.Join(dir, ".env"), []byte("GIT_SSH_COMMAND="+evil+"\nGIT_EXTERNAL_DIFF="+evil+
		"\nGIT_CONFIG_GLOBAL="+more+"\nGIT_PAGER="+evil+"\nPATH="+filepath.Dir(program(".git/path/git", "exec "+evil))+"\n"), 0o600))
	asked := program(".git/bin/git", "touch '"+filepath.Join(dir, ".git", "git-ran")+"'\nexec '"+real+"' \"$@\"")
	ts.Setenv("PATH", filepath.Dir(asked)+string(filepath.ListSeparator)+ts.Getenv("PATH"))
}

// verb is how everyVerb calls a command, and whether it reads the project.
type verb struct {
	args  []string
	reads bool
}

var everyVerbs = map[string]verb{
	"up": {reads: true}, "plan": {reads: true}, "down": {reads: true}, "ps": {reads: true}, "history": {reads: true}, "open": {reads: true}, "rollback": {args: []string{"1"}, reads: true}, "restart": {reads: true}, "scale": {args: []string{"web=1"}, reads: true}, "pause": {args: []string{"web"}, reads: true}, "resume": {args: []string{"web"}, reads: true}, "run": {args: []string{"web"}, reads: true}, "stop": {args: []string{"0"}, reads: true}, "exec": {args: []string{"web"}, reads: true}, "cp": {args: []string{"a", "web:/a"}, reads: true}, "port-forward": {args: []string{"web", "0:80"}, reads: true}, "ls": {reads: true}, "logs": {reads: true}, "why": {reads: true}, "events": {reads: true}, "top": {args: []string{"--once"}, reads: true}, "config": {reads: true},
	"graph": {reads: true}, "unlock": {reads: true}, "auth": {}, "infra status": {reads: true}, "dns sync": {reads: true},
	"approve": {args: []string{"web"}, reads: true}, "reject": {args: []string{"web"}, reads: true},
	"secret set": {args: []string{"A", "--random"}, reads: true}, "secret ls": {reads: true}, "secret rm": {args: []string{"A"}, reads: true},
	"schedule ls": {reads: true}, "schedule run": {reads: true}, "schedule pause": {reads: true}, "schedule resume": {reads: true},
	"secret import": {args: []string{"a.txt"}, reads: true}, "version": {}, "compose keys": {}, "compose ports": {},
	"completion bash": {}, "completion zsh": {}, "completion fish": {}, "completion powershell": {},
	// The operator reads no project, and would run until it is stopped.
	"operator": {args: []string{"--help"}},
}

// everyVerb runs each command that the help lists: none may run a program that
// the folder names, and those that read the project have asked the real git
// about its revision. A command that is missing in the table fails.
func everyVerb(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 0 {
		ts.Fatalf("usage: every-verb")
	}
	dir := filepath.Join(ts.Getenv("WORK"), ".git")
	var wrong []string
	for _, name := range leaves(nil) {
		v, ok := everyVerbs[strings.Join(name, " ")]
		if !ok {
			if name[0] == "compose" && everyVerbs[strings.Join(name[1:], " ")].reads {
				continue // the same verb under a second name
			}
			if name[0] != "compose" || len(name) < 2 || !known(name[1]) {
				ts.Fatalf("the table of verbs has no %q", name)
			}
			continue
		}
		_ = os.Remove(filepath.Join(dir, "git-ran"))
		_ = ts.Exec("berth", append(name, v.args...)...) // most have nothing to do: it is the reading that counts
		if _, err := os.Stat(filepath.Join(dir, "evil-ran")); err == nil {
			ts.Fatalf("berth %s ran a program of the repository", strings.Join(name, " "))
		}
		if _, err := os.Stat(filepath.Join(dir, "git-ran")); (err == nil) != v.reads {
			wrong = append(wrong, fmt.Sprintf("berth %s asked git: %v, want %v", strings.Join(name, " "), err == nil, v.reads))
		}
	}
	if len(wrong) > 0 {
		ts.Fatalf("%s", strings.Join(wrong, "\n"))
	}
}

// known says whether a command has entries in the table.
func known(name string) bool {
	for key := range everyVerbs {
		if first, _, _ := strings.Cut(key, " "); first == name {
			return true
		}
	}
	return false
}

// leaves are the commands below one that have none below them, from the help.
func leaves(above []string) [][]string {
	var help bytes.Buffer
	command.Main(append(append([]string{}, above...), "--help"), cli.Streams{In: strings.NewReader(""), Out: &help, Err: &help}, cli.Build{})
	lines, usage, listed := bufio.NewScanner(&help), false, false
	other := []string{"Usage:", "Aliases:", "Examples:", "Flags:", "Flags of every command:"}
	var out [][]string
	for lines.Scan() {
		text := lines.Text()
		words := strings.Fields(text)
		usage = usage || text == "Usage:"
		switch {
		case len(words) == 0:
			listed = false
		case text[0] != ' ':
			listed = usage && strings.HasSuffix(text, ":") && !slices.Contains(other, text)
		case listed && !strings.HasPrefix(text, "   ") && words[0] != "help": // not the rest of a long line
			out = append(out, leaves(append(append([]string{}, above...), words[0]))...)
		}
	}
	if len(out) == 0 {
		return [][]string{above}
	}
	return out
}
