package command_test

import (
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

var updatePages = flag.Bool("update-pages", false, "rewrite the output in the pages whose commands are run")

// pagesThatRun are the pages whose commands this test runs, in order, as a reader
// would type them.
//
//   - A block ```yaml NAME, or of another language with a name, is a file; a block
//     ```diff NAME changes one.
//   - A block ```console has commands after "$ " and their output, standard error
//     included; the line "..." stands for any lines. A command must succeed, unless
//     `echo $?` follows in its line.
//   - <!-- test: COMMAND --> is a command of the scripts that the reader does not see.
var pagesThatRun = []string{"tutorial"}

func TestPagesThatRun(t *testing.T) {
	t.Parallel()
	for _, name := range pagesThatRun {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			file := filepath.Join("..", "..", "docs", name+".md")
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			p := parsePage(string(text))
			dir := t.TempDir()
			if err := writeFile(filepath.Join(dir, name+".txtar"), p.script()); err != nil {
				t.Fatal(err)
			}
			commands := scriptCommands()
			maps.Copy(commands, map[string]func(*testscript.TestScript, bool, []string){"step": p.run})
			testscript.Run(t, testscript.Params{Dir: dir, Setup: setUp, Cmds: commands})
			t.Cleanup(func() { p.save(t, file) })
		})
	}
}

// page is a page as lines, with the steps in it.
type page struct {
	lines []string
	steps []pageStep
}

// pageStep is a file to write, a command to run with the lines of its output, or a
// hidden command of the scripts.
type pageStep struct {
	file, content, command, hidden string
	// diff says that content is a change of the file.
	diff bool
	// from and to are the lines of the output; got is what the command printed.
	from, to int
	got      []string
}

func parsePage(text string) *page {
	p := &page{lines: strings.Split(text, "\n")}
	for i := 0; i < len(p.lines); i++ {
		line := p.lines[i]
		if hidden, ok := strings.CutPrefix(line, "<!-- test: "); ok {
			p.steps = append(p.steps, pageStep{hidden: strings.TrimSuffix(hidden, " -->")})
			continue
		}
		info, ok := strings.CutPrefix(line, "```")
		if !ok {
			continue
		}
		end := i + 1
		for end < len(p.lines) && p.lines[end] != "```" {
			end++
		}
		if language, name, named := strings.Cut(info, " "); named {
			p.steps = append(p.steps, pageStep{file: name, content: strings.Join(p.lines[i+1:end], "\n") + "\n", diff: language == "diff"})
		} else if info == "console" || info == "terminal" {
			p.commands(i+1, end)
		}
		i = end
	}
	return p
}

// commands adds the commands of a block of lines.
func (p *page) commands(from, to int) {
	for i := from; i < to; i++ {
		if command, ok := strings.CutPrefix(p.lines[i], "$ "); ok {
			p.steps = append(p.steps, pageStep{command: command, from: i + 1, to: i + 1})
		} else if last := len(p.steps) - 1; last >= 0 && p.steps[last].command != "" {
			p.steps[last].to = i + 1
		}
	}
}

// script is the page as a script whose commands are the steps.
func (p *page) script() string {
	var b strings.Builder
	for i, s := range p.steps {
		if s.hidden != "" {
			fmt.Fprintln(&b, s.hidden)
		} else {
			fmt.Fprintln(&b, "step", i)
		}
	}
	return b.String()
}

// step is the step that a line of the script names.
func (p *page) step(ts *testscript.TestScript, args []string) *pageStep {
	n, err := strconv.Atoi(args[0])
	ts.Check(err)
	return &p.steps[n]
}

// releaseID is the id of a release; its end is random.
var releaseID = regexp.MustCompile(`(\d{8}T\d{6}Z)-[0-9a-f]{4}\b`)

// masked is a line without what is another in every run.
func masked(line string) string { return releaseID.ReplaceAllString(line, "$1-7f3a") }

// save writes the page with what its commands printed, if the test is to do so.
func (p *page) save(t *testing.T, file string) {
	if *updatePages && !t.Failed() {
		if err := os.WriteFile(file, []byte(p.text()), 0o644); err != nil { //nolint:gosec // a page of the repository
			t.Error(err)
		}
	}
}

// run takes a step.
func (p *page) run(ts *testscript.TestScript, _ bool, args []string) {
	s := p.step(ts, args)
	if s.file != "" {
		s.write(ts)
		return
	}
	if exported, ok := strings.CutPrefix(s.command, "export "); ok { // a shell of its own takes each step
		name, value, _ := strings.Cut(exported, "=")
		ts.Setenv(name, value)
	}
	ts.Check(ts.Exec("sh", "-c", "{ "+s.command+"\n} 2>&1"))
	for line := range strings.Lines(ts.ReadFile("stdout")) {
		s.got = append(s.got, masked(strings.TrimRight(line, " \n")))
	}
	want := p.lines[s.from:s.to]
	if *updatePages && !slices.Contains(want, "...") {
		return
	}
	if !matches(want, s.got) {
		ts.Fatalf("line %d: %s prints\n%s\nthe page says\n%s", s.from, s.command, strings.Join(s.got, "\n"), strings.Join(want, "\n"))
	}
}

// write makes or changes the file of a step.
func (s *pageStep) write(ts *testscript.TestScript) {
	path, content := ts.MkAbs(s.file), s.content
	if s.diff {
		var before, after strings.Builder
		for line := range strings.Lines(s.content) {
			if line[0] != '+' {
				before.WriteString(line[1:])
			}
			if line[0] != '-' {
				after.WriteString(line[1:])
			}
		}
		content = ts.ReadFile(path)
		if strings.Count(content, before.String()) != 1 {
			ts.Fatalf("%s does not contain once:\n%s", s.file, before.String())
		}
		content = strings.Replace(content, before.String(), after.String(), 1)
	}
	ts.Check(os.MkdirAll(filepath.Dir(path), 0o700))
	ts.Check(writeFile(path, content))
}

// matches compares lines; "..." stands for any number of lines.
func matches(want, got []string) bool {
	for i, line := range want {
		if line != "..." {
			if len(got) == 0 || got[0] != line {
				return false
			}
			got = got[1:]
			continue
		}
		for skip := range len(got) + 1 {
			if matches(want[i+1:], got[skip:]) {
				return true
			}
		}
		return false
	}
	return len(got) == 0
}

// text is the page with what the commands printed.
func (p *page) text() string {
	var out []string
	at := 0
	for _, s := range p.steps {
		if s.command == "" || slices.Contains(p.lines[s.from:s.to], "...") {
			continue
		}
		out = append(append(out, p.lines[at:s.from]...), s.got...)
		at = s.to
	}
	return strings.Join(append(out, p.lines[at:]...), "\n")
}
