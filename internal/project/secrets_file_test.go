package project_test

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/berthdev/berth/internal/project"
)

// TestAssignmentsAreLiteral: a value is the text after the equals sign, however a
// shell or Compose would read it.
func TestAssignmentsAreLiteral(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"A=Xy7$kq9Zz":                   "Xy7$kq9Zz",
		"A=${NONE:-x}$$":                "${NONE:-x}$$",
		"A=abc #def":                    "abc #def",
		"A=#":                           "#",
		"A=a=b=":                        "a=b=",
		"A= a ":                         " a ",
		"A=\ta\t":                       "\ta\t",
		"A=a\r\n":                       "a",
		"  A=a":                         "a",
		"\ufeffA=a":                     "a",
		"export A=a":                    "a",
		`A=a\nb\\`:                      `a\nb\\`,
		`A="a # $b"`:                    "a # $b",
		`A='a\n$b'`:                     `a\n$b`,
		`A=""`:                          "",
		`A=`:                            "",
		`A=it's`:                        "it's",
		`A="it's"`:                      "it's",
		`A=say "hi"`:                    `say "hi"`,
		"#\nA=\"-- B\n$ # '\nE --\"\n#": "-- B\n$ # '\nE --",
		"A='\n\n'":                      "\n\n",
		"A=\"a\r\nb\"\r\n#\r\n":         "a\r\nb",
		"A=\"\"\r\n":                    "",
		"A='a\"\nb'":                    "a\"\nb",
		"A='a\nx == y\nif x=1'":         "a\nx == y\nif x=1",
		"A=\"-----BEGIN X-----\nMC4CAQAwBQYDK2Vw\nBCIEIA==\n-----END X-----\"": "-----BEGIN X-----\nMC4CAQAwBQYDK2Vw\nBCIEIA==\n-----END X-----",
		"A='MC4CAQAwBQYDK2Vw\r\nBCIEIA='\r\n":                                  "MC4CAQAwBQYDK2Vw\r\nBCIEIA=",
		"A=`a":                                                                 "`a",
		"A=“a":                                                                 "“a",
		"A=a\"":                                                                "a\"",
		"#='\nA=1":                                                             "1",
		"# B=2\n\n   \nA=1\n#x":                                                "1",
		"A=ünï©ødé \U0001f511":                                                 "ünï©ødé \U0001f511",
		"A={\"a\": \"b\"}":                                                     `{"a": "b"}`,
		"A=`date`;$(date)%PATH%":                                               "`date`;$(date)%PATH%",
	} {
		file := filepath.Join(t.TempDir(), "a.env")
		put(t, file, text)
		list, err := project.ReadAssignments(file)
		if err != nil || len(list) != 1 || list[0].Name != "A" || list[0].Value != want {
			t.Errorf("%q: %+v, %v, want %q", text, list, err, want)
		}
	}
}

// TestLinesOfTwoMeaningsAreRefused: the error names the line's number and contains no
// part of a value.
func TestLinesOfTwoMeaningsAreRefused(t *testing.T) {
	t.Parallel()
	const secret = "hunter2"
	for text, line := range map[string]int{
		"A=1\n" + secret + "\n":                 2,
		"A " + secret + "=1":                    1,
		"A =" + secret:                          1,
		"A: " + secret:                          1,
		"=" + secret:                            1,
		"\n\nA=\"" + secret:                     3,
		"A=\"" + secret + "\nB=\"x\"\n":         1,
		"A=\"" + secret + "\nmore\" x\n":        1,
		"A=\"" + secret + "\" # why":            1,
		"A='" + secret + "' + 'x'":              1,
		"A=\"":                                  1,
		`A="` + secret + `\n"`:                  1,
		"A='" + secret:                          1,
		"A='" + secret + "\nB='x'\n":            1,
		"A=\"" + secret + "\"\"\n":              1,
		"A=\"" + secret + "'\n":                 1,
		"A='" + secret + "\"\r\nB=1\r\n":        1,
		"A=\"\r\n" + secret + "\r\n":            1,
		"\r\nA=\"" + secret + "\r\nB=x\"\r\n":   2,
		"A=\"" + secret + "\nB=\nC=\"":          1,
		"A='" + secret + "\nB=5'\nC=1\n":        1,
		"A='" + secret + "\nB=\"x\"\nC=d'\n":    1,
		"A=\"" + secret + "\nexport B=5\"\n":    1,
		"A=\"" + secret + "\n\n  #B=5\"\n":      1,
		"A=\"" + secret + "\n" + secret + "=\"": 1,
		"A=\"-----BEGIN X-----\n" + secret + "\n-----END X-----\nB=5\"": 1,
		"A=" + secret + "\nB=1\nA=" + secret:                            3,
		"B=1\nA=" + secret + "\xff":                                     2,
		"A=" + secret + "\nB \xc3\x28" + "=12":                          2,
	} {
		file := filepath.Join(t.TempDir(), "a.env")
		put(t, file, text)
		list, err := project.ReadAssignments(file)
		var at *project.LineError
		if !errors.As(err, &at) || at.Line != line || list != nil {
			t.Errorf("%q: %+v, %v, want a refusal of line %d", text, list, err, line)
			continue
		}
		if said := fmt.Sprint(err, at.Remedy()); strings.Contains(said, secret) || at.Remedy() == "" {
			t.Errorf("%q: %s", text, said)
		}
	}
}
