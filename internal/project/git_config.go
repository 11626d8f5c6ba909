package project

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/berthdev/berth/internal/regular"
)

// maxGitConfig is the largest configuration file that berth reads.
const maxGitConfig = 1 << 20

// gitConfig is the settings of one configuration file of git, by
// section.subsection.key, with section and key in lower case. If a setting occurs
// several times, it has the last value.
type gitConfig map[string]string

// readGitConfig reads a configuration file as text, without running git, so that it
// depends on no program and nothing in the file is executed. Included files are not
// read, and URLs are not rewritten.
// Source: https://git-scm.com/docs/git-config#_syntax
func readGitConfig(file string) (gitConfig, error) {
	text, err := regular.Read(file, maxGitConfig)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	r := &configReader{rest: strings.ReplaceAll(strings.TrimPrefix(string(text), "\ufeff"), "\r\n", "\n"), line: 1, out: gitConfig{}}
	for r.rest != "" {
		if err := r.next(); err != nil {
			return nil, fmt.Errorf("%s: line %d: %w", file, r.line, err)
		}
	}
	return r.out, nil
}

// configReader parses a configuration.
type configReader struct {
	rest    string
	line    int
	section string
	out     gitConfig
}

var (
	errSection = errors.New("a section is not closed")
	errKey     = errors.New("the line is not a setting")
	errQuote   = errors.New("a quote is not closed")
	errEscape  = errors.New("a backslash does not begin a known escape")
)

// next reads one section, setting, comment or empty line.
func (r *configReader) next() error {
	switch c := r.take(); {
	case c == '\n' || c == ' ' || c == '\t' || c == '\r' || c == '\f' || c == '\v':
		return nil
	case c == '#' || c == ';':
		r.skipLine()
		return nil
	case c == '[':
		return r.header()
	case letter(c):
		key := string(c) + r.word()
		value, err := r.assigned()
		if err != nil {
			return err
		}
		r.out[strings.TrimPrefix(r.section+"."+strings.ToLower(key), ".")] = value
		return nil
	}
	return errKey
}

// take returns the next byte, 0 at the end.
func (r *configReader) take() byte {
	if r.rest == "" {
		return 0
	}
	c := r.rest[0]
	r.rest = r.rest[1:]
	if c == '\n' {
		r.line++
	}
	return c
}

func (r *configReader) skipLine() {
	i := strings.IndexByte(r.rest, '\n')
	if i < 0 {
		i = len(r.rest)
	}
	r.rest = r.rest[i:]
}

func (r *configReader) skipBlanks() { r.rest = strings.TrimLeft(r.rest, " \t\r") }

// word reads the letters, digits, hyphens and dots of a name.
func (r *configReader) word() string {
	i := strings.IndexFunc(r.rest, func(c rune) bool {
		return c > 0x7f || !letter(byte(c)) && (c < '0' || c > '9') && c != '-' && c != '.' && c != '_'
	})
	if i < 0 {
		i = len(r.rest)
	}
	word := r.rest[:i]
	r.rest = r.rest[i:]
	return word
}

func letter(c byte) bool { return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' }

// header reads a section's header, such as [remote "origin"].
func (r *configReader) header() error {
	r.section = strings.ToLower(r.word())
	if r.section == "" {
		return errSection
	}
	if name := strings.TrimLeft(r.rest, " \t\r"); strings.HasPrefix(name, `"`) {
		r.rest = name[1:]
		name, err := r.subsection()
		if err != nil {
			return err
		}
		r.section += "." + name
	}
	if r.take() != ']' {
		return errSection
	}
	return nil
}

// subsection reads a name in quotes, in which a backslash escapes any character.
func (r *configReader) subsection() (string, error) {
	var name strings.Builder
	for {
		c := r.take()
		if c == '"' {
			return name.String(), nil
		}
		if c == '\\' {
			c = r.take()
		}
		if c == 0 || c == '\n' {
			return "", errSection
		}
		name.WriteByte(c)
	}
}

// assigned reads the value after a key; a key without a value is true.
func (r *configReader) assigned() (string, error) {
	r.skipBlanks()
	switch c := r.take(); c {
	case '=':
		r.skipBlanks()
		return r.value()
	case 0, '\n':
		return "true", nil
	}
	return "", errKey
}

// value reads a value up to the end of its line, or of the lines that continue it.
// White space at the end is dropped, unless it is in quotes.
func (r *configReader) value() (string, error) {
	var out strings.Builder
	quoted, keep := false, 0
	for {
		c := r.take()
		switch {
		case (c == '\n' || c == 0) && quoted:
			return "", errQuote
		case c == '\n' || c == 0:
			return out.String()[:keep], nil
		case !quoted && (c == '#' || c == ';'):
			r.skipLine()
			continue
		case c == '"':
			quoted = !quoted
			continue
		case c == '\\':
			e := r.take()
			if e == '\n' || e == 0 {
				continue
			}
			i := strings.IndexByte(`ntb\"`, e)
			if i < 0 {
				return "", errEscape
			}
			out.WriteByte("\n\t\b\\\""[i])
			keep = out.Len()
			continue
		}
		out.WriteByte(c)
		if quoted || c != ' ' && c != '\t' {
			keep = out.Len()
		}
	}
}

// setting is one setting in the format of a configuration file.
func setting(key, value string) string {
	section, name, _ := strings.Cut(key, ".")
	value = strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`, "\t", `\t`, "\b", `\b`).Replace(value)
	return fmt.Sprintf("[%s]\n\t%s = \"%s\"\n", section, name, value)
}

// config reads the repository's configuration.
func (r repository) config() (gitConfig, error) {
	return readGitConfig(filepath.Join(r.common, "config"))
}
