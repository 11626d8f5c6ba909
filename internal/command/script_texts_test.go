package command_test

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"unicode"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/berthdev/berth/internal/credential/credentialtest"
)

// credentials writes a Compose file with every credential of the table in every
// place where a file may have one that berth cannot refuse: credentials FILE [END].
// END is written behind each, so that the same file with another END has changed.
func credentials(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) == 0 {
		ts.Fatalf("usage: credentials FILE [END]")
	}
	end := strings.Join(args[1:], "")
	env, labels := map[string]string{}, map[string]string{}
	words, checks := []string{"serve"}, []string{"CMD", "check"}
	for i, c := range credentialtest.Credentials() {
		text := strings.ReplaceAll(c.Text+end, "$", "$$")
		env[fmt.Sprintf("SETTING_%d", i)], labels[fmt.Sprintf("com.example.l%d", i)] = text, text
		words, checks = append(words, text), append(checks, text)
	}
	for _, name := range []string{"DB_PASSWORD", "MY_PW", "PWD_HASH", "apiKey", "com.example.token"} {
		env[name], labels[name] = namedSecret+end, namedSecret+end
	}
	words = append(words, "--token", namedSecret+end, "-u", "admin:"+namedSecret+end)
	service := func(key string, value any) map[string]any {
		return map[string]any{"image": "example/app:1", "expose": []string{"9000"}, key: value}
	}
	data, err := json.MarshalIndent(map[string]any{"name": "tiny", "services": map[string]any{
		"env": service("environment", env), "label": service("labels", labels),
		"words": service("command", words), "entry": service("entrypoint", words),
		"check": service("healthcheck", map[string]any{"test": checks}),
		"shell": service("healthcheck", map[string]any{"test": []string{"CMD-SHELL", "mysqladmin ping -p" + namedSecret + end}}),
	}}, "", " ")
	ts.Check(err)
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), data, 0o600))
}

// namedSecret has no format of its own: only its name and its place tell.
const namedSecret = "hunter2000plain"

// hidden wants no credential of the table in what the last command printed, and
// in no file of the state.
func hidden(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) > 0 {
		ts.Fatalf("usage: hidden")
	}
	texts := map[string]string{"stdout": ts.ReadFile("stdout"), "stderr": ts.ReadFile("stderr")}
	state := ts.MkAbs(".berth/state")
	err := filepath.WalkDir(state, func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			texts[path] = ts.ReadFile(path)
		}
		return nil
	})
	ts.Check(err)
	for where, text := range texts {
		for _, c := range append(credentialtest.Credentials(), credentialtest.Credential{Name: "a named one", Secret: namedSecret}) {
			if i := strings.Index(text, c.Secret); i >= 0 {
				ts.Fatalf("%s shows the credential of %s: %s", where, c.Name, text[max(0, i-80):min(len(text), i+80)])
			}
		}
	}
}

// readable wants nothing in what the last command printed that could drive a
// terminal.
func readable(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) > 0 {
		ts.Fatalf("usage: readable")
	}
	for _, stream := range []string{"stdout", "stderr"} {
		text := ts.ReadFile(stream)
		i := strings.IndexFunc(text, func(r rune) bool {
			return unicode.IsControl(r) && r != '\n' && r != '\t' || unicode.Is(unicode.Bidi_Control, r)
		})
		if i >= 0 {
			ts.Fatalf("%s has a control character: %q", stream, text[max(0, i-60):min(len(text), i+60)])
		}
	}
}

// hostileLock makes a lock of somebody whose texts drive a terminal:
// hostile-lock FILE.
func hostileLock(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: hostile-lock FILE")
	}
	var record map[string]any
	ts.Check(json.Unmarshal([]byte(ts.ReadFile(args[0])), &record))
	const text = "\x1b]0;x\a\x1b[2J\u009b1m\u202ex\r\b"
	record["last_release"] = map[string]any{"id": text, "source": text}
	record["holder"] = map[string]any{
		"who": text, "host": text, "boot": text, "pid": 1, "nonce": text, "doing": text,
		"since": "2026-11-29T00:00:00Z", "renewed": "2026-11-29T00:00:00Z",
	}
	data, err := json.Marshal(record)
	ts.Check(err)
	ts.Check(writeFile(ts.MkAbs(args[0]), string(data)))
}
