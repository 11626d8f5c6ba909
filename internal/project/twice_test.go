package project

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestAKeyThatIsThereTwice: the message has the file, both lines and what to do, in an
// overlay as in any other file, and nothing of what the YAML library says.
func TestAKeyThatIsThereTwice(t *testing.T) {
	t.Parallel()
	const overlay = "services:\n  web:\n    volumes: !reset []\n"
	for name, c := range map[string]struct {
		file, text string
		want       []string
	}{
		"the overlay pasted twice": {
			"compose.berth.yaml", overlay + "# again\n" + overlay,
			[]string{"compose.berth.yaml:5: the key services is there twice: it is on line 1 already\n  the text was pasted twice: remove one of the two"},
		},
		"two texts": {
			"compose.berth.yaml", overlay + "services:\n  web:\n    read_only: true\n",
			[]string{"compose.berth.yaml:4: the key services is there twice: it is on line 1 already\n  merge the two: move what is below the second services: under the first"},
		},
		"further down": {
			"compose.berth.yaml", "services:\n  web:\n    read_only: true\n    read_only: false\n    environment: { A: a, A: a }\n",
			[]string{
				"compose.berth.yaml:4: the key read_only is there twice: it is on line 3 already\n  remove one of the two",
				"compose.berth.yaml:5: the key A is there twice: it is on line 5 already\n  the text was pasted twice",
			},
		},
		"an included file": {"compose.yaml", "include: [more.yaml]\nservices: { web: { image: nginx } }\n", []string{"more.yaml:2: the key services is there twice"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			for file, text := range map[string]string{
				"compose.yaml": "services: { web: { image: nginx } }\n", "more.yaml": "services: {}\nservices: { a: { image: b } }\n", c.file: c.text,
			} {
				if err := os.WriteFile(filepath.Join(dir, file), []byte(text), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			_, err := Load(t.Context(), Options{Dir: dir, Env: []string{}})
			var problems *Problems
			if !errors.As(err, &problems) {
				t.Fatalf("%v is no list of problems", err)
			}
			for _, want := range c.want {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("%q is missing in:\n%s", want, err)
				}
			}
			if len(problems.List) != len(c.want) || strings.Contains(err.Error(), "mapping key") {
				t.Errorf("%d problems:\n%s", len(problems.List), err)
			}
		})
	}
}
