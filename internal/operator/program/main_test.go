package program_test

import (
	"bytes"
	"path/filepath"
	"regexp"
	"testing"

	"github.com/berthdev/berth/internal/operator/program"
)

func TestMainEnds(t *testing.T) {
	t.Parallel()
	none := filepath.Join(t.TempDir(), "none")
	for name, tt := range map[string]struct {
		args      []string
		code      int
		out, talk string
	}{
		"no Kubernetes": {
			[]string{"--kubeconfig", none}, 1,
			`^$`, `^error: finding Kubernetes: .*none.*\n  run it in a pod, or pass --kubeconfig\n$`,
		},
		"a wrong flag": {
			[]string{"--leader"}, 1,
			`^$`, "^error: unknown flag: --leader\n  `berth-operator --help` lists the flags\n$",
		},
		"an argument": {[]string{"operator"}, 1, `^$`, `^error: unknown command "operator" for "berth-operator"\n$`},
		"version":     {[]string{"--version"}, 0, `^berth-operator version v1\.2\.3 \(go\S+, \S+/\S+\)\n$`, `^$`},
		"help": {
			[]string{"--help"}, 0,
			`(?s)^berth-operator, or "berth operator", watches.*--aws-profile.*--debug.*--leader-elect.*--metrics-bind-address.*--sandbox.*--verbose`, `^$`,
		},
		"completion": {[]string{"__complete", "--leader-elect-n"}, 0, `^--leader-elect-namespace\t.*\n:4\n`, ``},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var out, talk bytes.Buffer
			code := program.Main(tt.args, &out, &talk, "v1.2.3")
			if code != tt.code || !regexp.MustCompile(tt.out).Match(out.Bytes()) || !regexp.MustCompile(tt.talk).Match(talk.Bytes()) {
				t.Errorf("exit code %d\n%s---\n%s", code, out.String(), talk.String())
			}
		})
	}
}
