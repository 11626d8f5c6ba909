package project_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/berthdev/berth/internal/project"
)

// TestErrorsShowNoValueOfAVariable puts a file of variables that cannot be read in
// every place where a project can name one: its values may be secret.
func TestErrorsShowNoValueOfAVariable(t *testing.T) {
	t.Parallel()
	const secret = "hunter2"
	bad := map[string]string{
		"quote":    "A=1\nB=\"" + secret + "\n",
		"name":     "A=1\n" + secret + "? = 1\n",
		"space":    "A=1\nB " + secret + "\n",
		"template": "A=" + secret + "${\n",
		"required": "A=" + secret + "${NONE?not there}\n",
	}
	const web = "services: {web: {image: nginx"
	places := map[string]map[string]string{
		".env":       {"compose.yaml": web + "}}"},
		".env.dev":   {"compose.yaml": web + "}}"},
		"env_file":   {"compose.yaml": web + ", env_file: [env_file]}}"},
		"label_file": {"compose.yaml": web + ", label_file: [label_file]}}"},
		"include":    {"compose.yaml": "include: [{path: more.yaml, env_file: include}]\n", "more.yaml": web + "}}"},
	}
	for place, files := range places {
		for what, text := range bad {
			t.Run(place+"/"+what, func(t *testing.T) {
				t.Parallel()
				dir := t.TempDir()
				for name, content := range files {
					put(t, filepath.Join(dir, name), content)
				}
				put(t, filepath.Join(dir, place), text)
				p, err := project.Load(t.Context(), project.Options{Dir: dir, Env: []string{}, Environment: "dev"})
				said := fmt.Sprint(err)
				if p != nil {
					said += fmt.Sprint(p.Problems, p.Notices)
				}
				if strings.Contains(said, secret) {
					t.Errorf("the value is shown: %s", said)
				}
				if err == nil && len(p.Problems) == 0 {
					t.Error("the file is taken as it is")
				}
			})
		}
	}
}

func put(t *testing.T, file, text string) {
	t.Helper()
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}
