package command_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/rogpeppe/go-internal/testscript"
)

// scriptCommands are the words that the scripts know besides testscript's own.
func scriptCommands() map[string]func(ts *testscript.TestScript, neg bool, args []string) {
	return map[string]func(ts *testscript.TestScript, neg bool, args []string){
		"behind": behind, "exits": exits, "fetch": fetch, "fits": fits, "last-line": lastLine, "ground": ground, "json": isJSON, "narrow": narrow, "nowhere": nowhere, "replace": replace,
		"bucket": bucket, "clock": setClock, "holds": holds, "zone": zone, "record": record, "records": records,
		"stop-tasks": stopTasks, "with-line": withLine, "task-of": taskOf, "copy-address": copyAddress,
		"credentials": credentials, "hidden": hidden, "hostile-git": hostileGit, "every-verb": everyVerb, "readable": readable, "hostile-lock": hostileLock,
		"cloudflare-zone": cloudflareZone, "cloudflare-records": cloudflareRecords,
		"cloudflare-token": cloudflareToken, "cloudflare-record": cloudflareRecord,
	}
}

// exits runs a program and wants an exit code: exits CODE PROGRAM ARG...
func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits CODE PROGRAM [ARG...]")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	err = ts.Exec(args[1], args[2:]...)
	got := 0
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		got = exit.ExitCode()
	} else {
		ts.Check(err)
	}
	if got != want {
		ts.Fatalf("exit code %d, want %d", got, want)
	}
}

// fetch waits for the ports that port-forward --json says in a file, and prints what the
// first one answers to an HTTP request: fetch FILE
func fetch(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: fetch FILE")
	}
	var opened struct {
		Ports []struct{ Local string }
	}
	end := time.Now().Add(time.Minute)
	for ; ; time.Sleep(100 * time.Millisecond) {
		text, err := os.ReadFile(ts.MkAbs(args[0]))
		if err == nil && json.Unmarshal(text, &opened) == nil && len(opened.Ports) > 0 {
			break
		}
		if time.Now().After(end) {
			ts.Fatalf("%s names no ports: %s", args[0], text)
		}
	}
	ctx, cancel := context.WithDeadline(context.Background(), end)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+opened.Ports[0].Local+"/", nil)
	ts.Check(err)
	answer, err := http.DefaultClient.Do(request)
	ts.Check(err)
	defer func() { _ = answer.Body.Close() }()
	_, err = io.Copy(ts.Stdout(), answer.Body)
	ts.Check(err)
}

// withLine runs a command of exits with the only line of a file as its last argument:
// with-line FILE exits CODE PROGRAM ARG...
func withLine(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 4 || args[1] != "exits" {
		ts.Fatalf("usage: with-line FILE exits CODE PROGRAM [ARG...]")
	}
	exits(ts, false, append(args[2:], strings.TrimSpace(ts.ReadFile(args[0]))))
}

// taskOf writes the id of the first task in run --json to a file: task-of JSON FILE.
func taskOf(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: task-of JSON FILE")
	}
	var out struct{ Tasks []struct{ ID string } }
	ts.Check(json.Unmarshal([]byte(ts.ReadFile(args[0])), &out))
	if len(out.Tasks) == 0 {
		ts.Fatalf("no task in %s", args[0])
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[1]), []byte(out.Tasks[0].ID), 0o600))
}

// isJSON wants standard output, or a file, to be JSON with the keys that
// follow at the top: json FILE [KEY...].
func isJSON(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) == 0 {
		ts.Fatalf("usage: json FILE [KEY...]")
	}
	var v any
	ts.Check(json.Unmarshal([]byte(ts.ReadFile(args[0])), &v))
	for _, key := range args[1:] {
		object, _ := v.(map[string]any)
		if _, ok := object[key]; !ok {
			ts.Fatalf("no key %q in %s", key, args[0])
		}
	}
}

// narrow wants no line wider than a terminal: narrow FILE [PREFIX-OF-LINES-TO-SKIP].
func narrow(ts *testscript.TestScript, neg bool, args []string) {
	const columns = 80
	for line := range strings.Lines(ts.ReadFile(args[0])) {
		line = strings.TrimRight(line, "\n")
		if len(args) > 1 && strings.HasPrefix(line, args[1]) {
			continue
		}
		if n := utf8.RuneCountInString(line); !neg && n > columns {
			ts.Fatalf("%d columns: %s", n, line)
		}
	}
}

// nowhere wants a text to be in no output of the last command and in no file
// of the script but those named: nowhere TEXT [FILE...].
func nowhere(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) == 0 {
		ts.Fatalf("usage: nowhere TEXT [FILE...]")
	}
	home := ts.Getenv("WORK")
	for _, stream := range []string{"stdout", "stderr"} {
		if strings.Contains(ts.ReadFile(stream), args[0]) {
			ts.Fatalf("%s contains %q", stream, args[0])
		}
	}
	ts.Check(filepath.WalkDir(home, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		name, err := filepath.Rel(home, path)
		if err != nil || slices.Contains(args[1:], filepath.ToSlash(name)) {
			return err
		}
		if strings.Contains(ts.ReadFile(path), args[0]) {
			ts.Fatalf("%s contains %q", name, args[0])
		}
		return nil
	}))
}

// replace changes text in a file: replace FILE OLD NEW. It fails if OLD is not
// there, so that no script changes nothing unnoticed.
func replace(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 3 {
		ts.Fatalf("usage: replace FILE OLD NEW")
	}
	path := ts.MkAbs(args[0])
	text := ts.ReadFile(path)
	if !strings.Contains(text, args[1]) {
		ts.Fatalf("%s does not contain %q", args[0], args[1])
	}
	ts.Check(os.WriteFile(path, []byte(strings.ReplaceAll(text, args[1], args[2])), 0o600))
}

func writeFile(path, text string) error { return os.WriteFile(path, []byte(text), 0o600) }
