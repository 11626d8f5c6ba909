package cli

import (
	"io"
	"regexp"
	"slices"
	"strings"

	"github.com/spf13/pflag"
)

// repeated are the flags that say which project is meant and where it is: a command
// without them is about another one.
var repeated = []string{
	"sandbox", "directory", "env", "file", "project-name", "profile", "env-file", "region", "aws-profile",
}

// withoutProject are the verbs that are about no project.
var withoutProject = []string{"help", "version", "completion", "operator", "compose", "VERB"}

var (
	quoted = regexp.MustCompile("`[^`]*`")
	called = regexp.MustCompile(`(^|\| )berth ([^ ]+)`)
	plain  = regexp.MustCompile(`^[A-Za-z0-9_./:@%+=,~-]+$`)
)

// InFull returns a text in which every command of berth that stands in backquotes has
// the flags that this run was given, so that the user can type it as it stands.
func (c *Console) InFull(text string) string {
	if c.flags == nil || c.JSON || !strings.Contains(text, "`") {
		return text
	}
	return quoted.ReplaceAllStringFunc(text, func(command string) string {
		inner := strings.Trim(command, "`")
		return "`" + called.ReplaceAllStringFunc(inner, func(call string) string {
			verb := call[strings.LastIndexByte(call, ' ')+1:]
			if slices.Contains(withoutProject, verb) {
				return call
			}
			return strings.TrimSuffix(call, verb) + given(c.flags, verb, strings.Fields(inner)) + verb
		}) + "`"
	})
}

// given are the flags to repeat, with a blank behind each, but those that the command
// has already.
func given(flags *pflag.FlagSet, verb string, command []string) string {
	var out strings.Builder
	for _, name := range repeated {
		f := flags.Lookup(name)
		if f == nil || !f.Changed || slices.Contains(command, "--"+name) {
			continue
		}
		short := f.Shorthand != "" && slices.Contains(command, "-"+f.Shorthand)
		if short && (f.Shorthand != "f" || verb != "logs") { // logs -f follows
			continue
		}
		flag := "--" + name
		if f.Shorthand != "" {
			flag = "-" + f.Shorthand
		}
		for _, value := range valuesOf(f) {
			out.WriteString(flag + value + " ")
		}
	}
	return out.String()
}

// valuesOf are the values of a flag as a shell takes them, with a blank before each;
// a switch has an empty one.
func valuesOf(f *pflag.Flag) []string {
	list := []string{f.Value.String()}
	if s, ok := f.Value.(pflag.SliceValue); ok {
		list = s.GetSlice()
	}
	for i, v := range list {
		switch {
		case f.Value.Type() == "bool" && v == "true":
			list[i] = ""
		case f.Value.Type() == "bool":
			list[i] = "=" + v
		case plain.MatchString(v):
			list[i] = " " + v
		default:
			list[i] = " '" + strings.ReplaceAll(v, "'", `'\''`) + "'"
		}
	}
	return list
}

// Typed returns a writer of messages, each in one call, in which commands are as InFull
// has them.
func Typed(c *Console, w io.Writer) io.Writer { return typedWriter{c, w} }

type typedWriter struct {
	c *Console
	w io.Writer
}

func (t typedWriter) Write(p []byte) (int, error) {
	if _, err := io.WriteString(t.w, t.c.InFull(string(p))); err != nil {
		return 0, err
	}
	return len(p), nil
}
