package project

import (
	"bytes"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"github.com/compose-spec/compose-go/v2/dotenv"

	"github.com/berthdev/berth/internal/regular"
)

// variableName matches the names that a notice may show. A part of a value can look
// like a name, too, so it must also be one of the file's variables.
var variableName = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_.]{0,127}$`)

// sayDollars gives the notices of dollars for a file of variables.
func (s *sources) sayDollars(file string) {
	data, err := regular.Read(file, maxFile)
	if err != nil {
		return // reported when the variables were read
	}
	lookup := func(name string) (string, bool) { v, ok := s.env[name]; return v, ok }
	values, err := dotenv.ParseWithLookup(bytes.NewReader(data), lookup)
	if err != nil {
		return
	}
	s.notices = append(s.notices, dollars(string(data), shortPath(s.dir, file), values, func(name string) bool {
		_, set := s.env[name]
		return !set
	})...)
}

// dollars are the notices of the lines of a file of variables in which a $ begins
// the name of a variable that has no value: often it is a part of a password. They
// show the name of the line's variable, and no part of its value.
func dollars(text, file string, values map[string]string, unset func(name string) bool) []Notice {
	var out []Notice
	for _, a := range fillings(text) {
		if _, ok := values[a.name]; !ok || a.literal || !variableName.MatchString(a.name) || !slices.ContainsFunc(plainVariables(a.value), unset) {
			continue
		}
		out = append(out, Notice{
			At:      Position{File: file, Line: a.line},
			Concern: Failure, Text: a.name + " loses the text behind a $, which is read as the name of a variable without a value; put the value into single quotes",
		})
	}
	return out
}

// filling is one NAME=VALUE of a file of variables as Compose reads it, which is not how
// docker does: see ReadAssignments.
type filling struct {
	name string
	line int
	// value is what dotenv fills in, without quotes and comment.
	value string
	// literal says that a $ in it is none that a notice is about: dotenv takes the
	// value as it is, in single quotes, it has several lines, or it looks like the end
	// of text in base64, whose beginning looks like a name.
	literal bool
}

// blanks are the characters that dotenv takes for space within a line.
const blanks = "\t\v\f\r \u0085\u00a0"

// fillings splits a file of variables as dotenv does.
func fillings(text string) []filling {
	var out []filling
	text = strings.TrimPrefix(text, "\ufeff")
	line := 1
	skip := func(n int) {
		line += strings.Count(text[:n], "\n")
		text = text[n:]
	}
	for {
		skip(len(text) - len(strings.TrimLeftFunc(text, unicode.IsSpace)))
		end := strings.IndexAny(text, "=:\n")
		if strings.HasPrefix(text, "#") {
			end = strings.IndexByte(text, '\n')
		}
		if end < 0 {
			return out
		}
		if text[end] == '\n' { // a comment, or a name whose value is the shell's
			skip(end)
			continue
		}
		a := filling{name: strings.TrimSpace(text[:end]), line: line}
		if rest, ok := strings.CutPrefix(a.name, "export"); ok && strings.TrimLeft(rest, blanks) != rest {
			a.name = strings.TrimLeft(rest, blanks)
		}
		skip(len(text) - len(strings.TrimLeft(text[end+1:], blanks)))
		size := 0
		a.value, size = expanded(text)
		a.literal = strings.Contains(text[:size], "\n") || strings.HasPrefix(text, "=")
		out = append(out, a)
		skip(size)
	}
}

// expanded is the part of a value in which dotenv fills in variables, and the size
// of the value in the text that begins with it.
func expanded(text string) (value string, size int) {
	if !strings.HasPrefix(text, `"`) && !strings.HasPrefix(text, "'") {
		value, _, _ = strings.Cut(text, "\n")
		size = len(value)
		value, _, _ = strings.Cut(value, " #")
		return value, size
	}
	for i := 1; i < len(text); i++ {
		switch {
		case text[i] == '\\':
			i++
		case text[i] != text[0]:
		case text[0] == '\'':
			return "", i + 1
		default:
			return strings.ReplaceAll(strings.ReplaceAll(text[1:i], `\\`, "."), `\$`, "$$"), i + 1
		}
	}
	return "", len(text) // the quote is not closed
}
