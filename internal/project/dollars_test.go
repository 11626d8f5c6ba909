package project_test

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/berthdev/berth/internal/project"
)

// dollars are files of variables with a $ somewhere, and the lines and the names of
// which berth says that they lose text.
var dollars = map[string]struct {
	text string
	want []string
}{
	"plain":                  {"A=1\nPASS=pw$zzz\n", []string{"2 PASS"}},
	"braces":                 {"PASS=pw${zzz}pw\n", []string{"1 PASS"}},
	"default":                {"PASS=pw${zzz:-zzz}${zzz-}\n", nil},
	"set":                    {"A=1\nPASS=pw$A\n", nil},
	"twice":                  {"A=$zzz\nB=$zzz$yyy\n", []string{"1 A", "2 B"}},
	"export":                 {"export  PASS=pw$zzz\n", []string{"1 PASS"}},
	"colon":                  {"PASS: pw=$zzz\n", []string{"1 PASS"}},
	"dots":                   {"spring.pass_1=pw$zzz\n", []string{"1 spring.pass_1"}},
	"space":                  {"\n  PASS = pw$zzz \r\n", []string{"2 PASS"}},
	"byte order mark":        {"\ufeffPASS=pw$zzz\n", []string{"1 PASS"}},
	"last line":              {"PASS=pw$zzz", []string{"1 PASS"}},
	"double quotes":          {"PASS=\"pw$zzz\" # why\nB=1\n", []string{"1 PASS"}},
	"hash in double quotes":  {"PASS=\"pw #$zzz\"\n", []string{"1 PASS"}},
	"hash in a word":         {"PASS=pw#$zzz\n", []string{"1 PASS"}},
	"after a quoted value":   {"A=\"one\"\nB='$two'\nPASS=pw$zzz\n", []string{"3 PASS"}},
	"escaped":                {"PASS=\"pw\\$zzz\"\nB=pw$$zzz\n", nil},
	"escaped backslash":      {"PASS=\"pw\\\\$zzz\"\n", []string{"1 PASS"}},
	"escaped quote":          {"PASS=\"pw\\\"Zm9v==$zzz\"\n", []string{"1 PASS"}},
	"single quotes":          {"PASS='pw$zzz'\n", nil},
	"single quotes, =":       {"PASS='pw=$zzz=Zm9v=$zzz'\n", nil},
	"comment":                {"PASS=plain # price is $foo\n# Zm9v=$zzz\n", nil},
	"comment after quotes":   {"PASS=\"plain\" # Zm9v=$zzz\nB='plain' # Zm9v=$zzz\n", nil},
	"several lines":          {"PASS=\"{\n Zm9v==$zzz\n}\"\nB=pw$zzz\n", []string{"4 B"}},
	"several lines, a name":  {"PASS=\"{\n Zm9v=$zzz\nB=Zm9v$zzz\n\"\nB=1\n", nil},
	"single quotes, lines":   {"PASS='{\n Zm9v==$zzz\n}'\n", nil},
	"escaped quote in lines": {"PASS=\"\\\"\n Zm9v=$zzz\n\"\n", nil},
	"base64 on a line":       {"PASS=-----BEGIN\nZm9v==$zzz\n", nil},
	"long name":              {strings.Repeat("Zm9v", 25_000) + "=$zzz\n", nil},
	"no name":                {"Zm9v-[1]=$zzz\n1Zm9v=$zzz\nÄZm9v=$zzz\n", nil},
	"in a quote on the line": {"PASS=\"a\" B=\"pw$zzz\"\n", []string{"1 B"}},
	"inherited":              {"zzz\nPASS=pw$zzz\n", []string{"2 PASS"}},
}

// TestANoticeOfADollarShowsNoPartOfTheValue: a $ in a file of variables is said with
// the line and the name of the variable, and with nothing else of the file.
func TestANoticeOfADollarShowsNoPartOfTheValue(t *testing.T) {
	t.Parallel()
	const web = "services: {web: {image: nginx"
	for place, compose := range map[string]string{".env": web + "}}", "app.env": web + ", env_file: [app.env]}}"} {
		for name, tt := range dollars {
			t.Run(place+"/"+name, func(t *testing.T) {
				t.Parallel()
				dir := t.TempDir()
				put(t, filepath.Join(dir, "compose.yaml"), compose)
				put(t, filepath.Join(dir, place), tt.text)
				p, err := project.Load(t.Context(), project.Options{Dir: dir, Env: []string{}})
				if err != nil {
					t.Fatal(err)
				}
				for _, problem := range p.Problems {
					t.Error(problem)
				}
				var want, got []string
				for _, line := range tt.want {
					number, name, _ := strings.Cut(line, " ")
					want = append(want, place+":"+number+": "+name+" loses the text behind a $, "+
						"which is read as the name of a variable without a value; put the value into single quotes")
				}
				for _, n := range p.Notices {
					got = append(got, n.String())
				}
				if diff := cmp.Diff(want, got); diff != "" {
					t.Errorf("-want +got:\n%s", diff)
				}
			})
		}
	}
}
