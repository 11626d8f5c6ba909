package project

import (
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/berthdev/berth/internal/regular"
)

// Assignment is one NAME=VALUE of a file, and the line that it is on.
type Assignment struct {
	Name, Value string
	Line        int
}

// LineError says why a line of a file cannot be taken. It holds nothing of the
// line but a name: the rest may be secret.
type LineError struct {
	Line   int
	Why    string
	remedy string
}

func (e *LineError) Error() string { return fmt.Sprintf("line %d: %s", e.Line, e.Why) }

// Remedy is what the user can do.
func (e *LineError) Remedy() string { return e.remedy }

// assigned is what may stand before the equals sign: a name as shells and
// docker have it, or as secrets may be called.
var assigned = regexp.MustCompile(`^[A-Za-z0-9_.-]+$`)

// ReadAssignments reads a file of NAME=VALUE lines literally, as `docker run
// --env-file` does and unlike Compose, which fills in variables and cuts off
// comments: a value is all that stands behind the first equals sign, with $, #
// and spaces. Two things are more than docker does: the word export before a
// name is left out, and a value that is in one pair of quotes is what is between
// them, over several lines too, none of which reads as NAME=VALUE itself. Where
// readers of such files differ about what a line means, the error is a
// *LineError, so that no other value is taken than was meant.
// Source: https://docs.docker.com/reference/cli/docker/container/run/#env
// and github.com/docker/cli, pkg/kvfile/kvfile.go.
func ReadAssignments(file string) ([]Assignment, error) {
	data, err := regular.Read(file, maxFile)
	if err != nil {
		return nil, err
	}
	return assignments(data)
}

// StreamAssignments reads what a stream holds, such as standard input, as
// ReadAssignments reads a file.
func StreamAssignments(in io.Reader) ([]Assignment, error) {
	data, err := regular.Stream(in, maxFile)
	if err != nil {
		return nil, err
	}
	return assignments(data)
}

func assignments(data []byte) ([]Assignment, error) {
	var out []Assignment
	first := map[string]int{}
	lines := slices.Collect(strings.Lines(strings.TrimPrefix(string(data), "\ufeff")))
	for i := 0; i < len(lines); {
		number := i + 1
		end := quoted(lines, i)
		a, why, remedy := assignment(strings.Join(lines[i:end], ""))
		if at := swallowed(lines, i, end); why == "" && at > 0 {
			why = fmt.Sprintf("the value of %s begins with a quote, and line %d within it is NAME=VALUE itself", a.Name, at)
			remedy = "close the quote on its line; for a text that has such lines, `berth secret set " + a.Name + " - < FILE`"
		}
		if before, twice := first[a.Name]; why == "" && twice {
			why, remedy = fmt.Sprintf("%s is on line %d already", a.Name, before), "take one of the two lines out"
		}
		if why != "" {
			return nil, &LineError{Line: number, Why: why, remedy: remedy}
		}
		if a.Name != "" {
			a.Line, first[a.Name] = number, number
			out = append(out, a)
		}
		i = end
	}
	return out, nil
}

// quoted is where the assignment ends that begins on a line: with that line, or
// with the one that has the second quote of a value that begins with a quote.
func quoted(lines []string, from int) int {
	_, value, _ := strings.Cut(lines[from], "=")
	if strings.HasPrefix(strings.TrimSpace(lines[from]), "#") || value == "" || !strings.ContainsAny(value[:1], `"'`) {
		return from + 1
	}
	quote, end := value[:1], from+1
	if strings.Contains(value[1:], quote) {
		return end
	}
	for end < len(lines) && !strings.Contains(lines[end], quote) {
		end++
	}
	return min(end+1, len(lines))
}

// within matches a line that is an assignment where it stands by itself, also
// one that is commented out.
var within = regexp.MustCompile(`^[\s#]*(?:export\s+)?[A-Za-z_][A-Za-z0-9_.-]*=`)

// padded matches the last line of a text in base64, which looks like NAME= too;
// before matches what stands before it in such a text.
var (
	padded = regexp.MustCompile(`^[A-Za-z0-9+/]+={1,2}["']?\r?\n?$`)
	before = regexp.MustCompile(`(?:[A-Za-z0-9+/]{16}|-----)\r?\n$`)
)

// swallowed is the number of the first line within a quoted value that reads as
// an assignment, 0 if none does. Most likely the first line has a quote too
// many, and the next assignment with one too would end the value.
func swallowed(lines []string, from, end int) int {
	for i := from + 1; i < end; i++ {
		base64 := padded.MatchString(lines[i]) && before.MatchString(lines[i-1])
		if within.MatchString(lines[i]) && !base64 {
			return i + 1
		}
	}
	return 0
}

// assignment reads one line, or those of a quoted value; the name is empty for
// one that says nothing.
func assignment(line string) (a Assignment, why, remedy string) {
	line = strings.TrimSuffix(strings.TrimSuffix(line, "\n"), "\r")
	if !utf8.ValidString(line) {
		return a, "it is not text: it has bytes that are no UTF-8", "write the value in base64, and decode it in the program"
	}
	line = strings.TrimLeftFunc(line, unicode.IsSpace)
	if line == "" || strings.HasPrefix(line, "#") {
		return a, "", ""
	}
	name, value, ok := strings.Cut(line, "=")
	if rest, export := strings.CutPrefix(name, "export "); export {
		name = strings.TrimLeft(rest, " ")
	}
	if !ok || !assigned.MatchString(name) {
		return a, "it is not NAME=VALUE", "write one NAME=VALUE on each line, without spaces before the equals sign, and quote a value of several lines"
	}
	a = Assignment{Name: name, Value: value}
	if value == "" || !strings.ContainsAny(value[:1], `"'`) {
		return a, "", ""
	}
	quote := value[:1]
	inside, closed := strings.CutSuffix(value[1:], quote)
	switch {
	case !closed || strings.Contains(inside, quote):
		return a, "the value of " + name + " begins with a quote that does not close it",
			"quote the whole value, or nothing of it; `berth secret set " + name + " - < FILE` takes every text as it is"
	case quote == `"` && strings.Contains(inside, `\`):
		return a, "the value of " + name + " has a backslash in double quotes, which some programs take for the start of an escape",
			"write it without quotes, or in single quotes, to keep it as it is; `berth secret set " + name + " - < FILE` takes every text"
	}
	a.Value = inside
	return a, "", ""
}
