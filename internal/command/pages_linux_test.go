package command_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/berthdev/berth/internal/terminal/terminaltest"
)

// TestTerminalPage runs the commands of docs/terminal.md in a terminal of 80 columns: the
// page has what a user sees there. A block ```terminal has one command. After
// <!-- test: moment TEXT --> the block shows the screen at the first time that it has
// this text; otherwise the screen at the end. The commands run one after the other.
func TestTerminalPage(t *testing.T) {
	t.Parallel()
	file := filepath.Join("..", "..", "docs", "terminal.md")
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	p := parsePage(string(text))
	dir := t.TempDir()
	if err := writeFile(filepath.Join(dir, "terminal.txtar"), p.script()); err != nil {
		t.Fatal(err)
	}
	commands := scriptCommands()
	moment := ""
	commands["moment"] = func(_ *testscript.TestScript, _ bool, args []string) { moment = strings.Join(args, " ") }
	commands["step"] = func(ts *testscript.TestScript, neg bool, args []string) {
		s := p.step(ts, args)
		if s.file != "" {
			s.write(ts)
			return
		}
		x := startIn(t, 80, ts.Getenv("WORK"), exec.Command("sh", "-c", s.command))
		s.got = strings.Split(strings.TrimRight(screenOf(t, x.whole(), moment), "\n"), "\n")
		moment = ""
		if want := p.lines[s.from:s.to]; !*updatePages && !slices.Equal(s.got, want) {
			ts.Fatalf("line %d: %s shows\n%s\nthe page says\n%s", s.from, s.command, strings.Join(s.got, "\n"), strings.Join(want, "\n"))
		}
	}
	testscript.Run(t, testscript.Params{Dir: dir, Setup: setUp, Cmds: commands})
	t.Cleanup(func() { p.save(t, file) })
}

// screenOf is what a terminal of 80 columns shows after an output, or, with a text, at
// the first time that it shows the text and a redraw begins.
func screenOf(t *testing.T, output, text string) string {
	t.Helper()
	w := terminaltest.New(80, 40)
	frames := strings.SplitAfter(strings.ReplaceAll(output, "\r\n", "\n"), "\n")
	for _, frame := range frames {
		redraws := strings.Contains(frame, "\x1b[") && strings.Contains(frame, "A")
		if redraws && text != "" && strings.Contains(w.String(), text) {
			break
		}
		if _, err := w.Write([]byte(frame)); err != nil {
			t.Fatal(err)
		}
	}
	if unknown := w.Unknown(); len(unknown) > 0 {
		t.Errorf("the terminal was sent %q", unknown)
	}
	var lines []string
	for line := range strings.Lines(w.String()) {
		lines = append(lines, masked(strings.TrimRight(line, " \n")))
	}
	return strings.Join(lines, "\n")
}
