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

// LineError says why a line of a file is refused. Of the line it contains only a
// name: the rest may be secret.
type LineError struct {
	Line   int
	Why    string
	remedy string
}

func (e *LineError) Error() string { return fmt.Sprintf("line %d: %s", e.Line, e.Why) }

// Remedy is what the user can do.
func (e *LineError) Remedy() string { return e.remedy }

// assigned matches the names before the equals sign: those of shells and docker,
// and all names of secrets.
var assigned = regexp.MustCompile(`^[A-Za-z0-9_.-]+$`)

// ReadAssignments reads a file of NAME=VALUE lines literally, as `docker run
// --env-file` does: a value is everything after the first equals sign, including $,
// # and spaces. (Compose fills in variables and drops comments.) It does two things
// that docker does not: it drops the word export before a name, and it removes the
// quotes of a value that is in one pair of quotes. Such a value may have several
// lines, none of which looks like NAME=VALUE. If readers of such files disagree
// about a line, the error is a *LineError, so that berth never stores a value that
// the user did not mean.
// Source: https://docs.docker.com/reference/cli/docker/container/run/#env
// and github.com/docker/cli, pkg/kvfile/kvfile.go.
func ReadAssignments(file string) ([]Assignment, error) {
	data, err := regular.Read(file, maxFile)
	if err != nil {
		return nil, err
	}
	return assignments(data)
}

// StreamAssignments reads a stream, such as standard input, like ReadAssignments.
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
		end := assignmentEnd(lines, i)
		a, why, remedy := assignment(strings.Join(lines[i:end], ""))
		if at := swallowed(lines, i, end); why == "" && at > 0 {
			why = fmt.Sprintf("the value of %s begins with a quote, and line %d inside of the quotes looks like NAME=VALUE", a.Name, at)
			remedy = "close the quote on the same line; `berth secret set " + a.Name + " - < FILE` takes any text"
		}
		if before, twice := first[a.Name]; why == "" && twice {
			why, remedy = fmt.Sprintf("%s is on line %d already", a.Name, before), "remove one of the two lines"
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

// assignmentEnd is the index after the last line of the assignment that begins at
// from: that line, or the line with the closing quote if the value begins with a
// quote.
func assignmentEnd(lines []string, from int) int {
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

// within matches a line that would be an assignment by itself, even if it is
// commented out.
var within = regexp.MustCompile(`^[\s#]*(?:export\s+)?[A-Za-z_][A-Za-z0-9_.-]*=`)

// padded matches the last line of a text in base64, which looks like NAME=; before
// matches the line before it in such a text.
var (
	padded = regexp.MustCompile(`^[A-Za-z0-9+/]+={1,2}["']?\r?\n?$`)
	before = regexp.MustCompile(`(?:[A-Za-z0-9+/]{16}|-----)\r?\n$`)
)

// swallowed is the number of the first line inside of a quoted value that looks
// like an assignment, 0 if there is none. Most likely the first line then has a
// stray quote, and the value would end at the next one.
func swallowed(lines []string, from, end int) int {
	for i := from + 1; i < end; i++ {
		base64 := padded.MatchString(lines[i]) && before.MatchString(lines[i-1])
		if within.MatchString(lines[i]) && !base64 {
			return i + 1
		}
	}
	return 0
}

// assignment reads one line, or the lines of a quoted value; the name is empty for
// an empty line or a comment.
func assignment(line string) (a Assignment, why, remedy string) {
	line = strings.TrimSuffix(strings.TrimSuffix(line, "\n"), "\r")
	if !utf8.ValidString(line) {
		return a, "it is not text in UTF-8", "write the value in base64, and decode it in the program"
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
		return a, "the value of " + name + " begins with a quote but does not end with it",
			"quote the whole value or none of it; `berth secret set " + name + " - < FILE` takes any text literally"
	case quote == `"` && strings.Contains(inside, `\`):
		return a, "the value of " + name + " has a backslash in double quotes, which some programs read as an escape",
			"write it without quotes or in single quotes to keep the backslash; `berth secret set " + name + " - < FILE` takes any text literally"
	}
	a.Value = inside
	return a, "", ""
}
