package command

import (
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/berthdev/berth/internal/command/cli"
	"github.com/berthdev/berth/internal/command/habits"
)

// TestCommandsInPages checks every command line of berth that a page shows, in a
// block or in the text: the command exists, and takes these flags.
func TestCommandsInPages(t *testing.T) {
	t.Parallel()
	pages, err := filepath.Glob("../../docs/*.md")
	if err != nil {
		t.Fatal(err)
	}
	count := 0
	for _, page := range append(pages, "../../README.md", "../../CONTRIBUTING.md", "../../CHANGELOG.md") {
		text, err := os.ReadFile(page)
		if err != nil {
			t.Fatal(err)
		}
		for _, line := range commandsOf(string(text)) {
			count++
			if err := knownCommand(line); err != nil {
				t.Errorf("%s: `berth %s`: %v", filepath.Base(page), line, err)
			}
		}
	}
	if count < 150 {
		t.Errorf("%d command lines were found, fewer than the pages have", count)
	}
}

func TestCommandsOf(t *testing.T) {
	t.Parallel()
	text := "Run `berth up\n--yes` or `berth VERB`; berth does the rest. The folder `.berth` stays.\n\n" +
		"    $ berth -e prod plan --json > plan.json || code=$?   # a comment\n" +
		"    berth ps | berth secret import - < FILE\n\n" +
		"```yaml\n- run: berth up api\n  # berth makes it\n```\n"
	want := []string{"up --yes", "-e prod plan --json", "ps", "secret import -", "up api"}
	if got := commandsOf(text); strings.Join(got, "|") != strings.Join(want, "|") {
		t.Errorf("%q, want %q", got, want)
	}
	for line, known := range map[string]bool{
		"up --yes api": true, "-e prod plan --exit-code": true, "compose up": true, "completion bash": true, "": true,
		"upp": false, "up --nosuch": false, "secret sett A": false, "compose nosuch": false, "ps --yess": false,
	} {
		if err := knownCommand(line); (err == nil) != known {
			t.Errorf("`berth %s`: %v", line, err)
		}
	}
}

// commandsOf returns the arguments of each call of berth in the code of a page.
func commandsOf(text string) []string {
	var out []string
	between := regexp.MustCompile(`[|;&(){}<>]`)              // what ends a command of a shell
	before := regexp.MustCompile(`^\s*(?:\$ |- )?(?:run: )?`) // prompts, and the steps of a workflow
	comment := regexp.MustCompile(`\s#`)
	add := func(code string) {
		code = comment.Split(code, 2)[0]
		for _, piece := range between.Split(code, -1) {
			words := strings.Fields(before.ReplaceAllString(piece, ""))
			if len(words) > 0 && words[0] == "berth" && !slices.Contains(words, "VERB") {
				out = append(out, strings.Join(words[1:], " "))
			}
		}
	}
	prose, fenced := "", false
	inline := func() {
		for _, m := range regexp.MustCompile("`(berth [^`]*)`").FindAllStringSubmatch(prose, -1) {
			add(strings.Join(strings.Fields(m[1]), " "))
		}
		prose = ""
	}
	for line := range strings.Lines(text) {
		code, indented := strings.CutPrefix(line, "    ")
		switch {
		case strings.HasPrefix(line, "```"):
			inline()
			fenced = !fenced
		case fenced:
			add(strings.TrimSpace(line))
		case indented:
			inline()
			add(strings.TrimSpace(code))
		case strings.TrimSpace(line) == "":
			inline()
		default:
			prose += line
		}
	}
	inline()
	return out
}

// knownCommand says what is wrong with the command or the flags of a line.
func knownCommand(line string) error {
	root := newRoot(cli.NewOptions(cli.Streams{In: strings.NewReader(""), Out: io.Discard, Err: io.Discard}, cli.Build{}))
	root.InitDefaultHelpCmd()
	root.InitDefaultCompletionCmd()
	args := strings.Fields(line)
	for i, a := range args {
		if strings.HasPrefix(a, "[") { // of a line that describes the usage
			args = args[:i]
			break
		}
	}
	c, rest, err := root.Find(args)
	if err != nil {
		return err
	}
	c.InitDefaultHelpFlag()
	if err := c.ParseFlags(rest); err != nil {
		return err
	}
	if words := c.Flags().Args(); !c.DisableFlagParsing && c.HasSubCommands() && len(words) > 0 {
		return habits.UnknownCommand(c, words[0])
	}
	return nil
}
