package project

import (
	"errors"
	"strings"
	"testing"
)

// TestFilesThatAreNoText: the message has the line, in whatever file it is.
func TestFilesThatAreNoText(t *testing.T) {
	t.Parallel()
	const good = "name: a\nservices:\n  web:\n    image: nginx\n"
	const withEnv = good + "    env_file: [web.env]\n"
	for name, c := range map[string]struct {
		files map[string]string
		want  string
	}{
		"a Compose file":      {map[string]string{"compose.yaml": "name: a\nservices:\n  web:\n    image: \"ngi\xffnx\"\n"}, "compose.yaml:4: the file is not text: the byte 0xff is not UTF-8"},
		"a control character": {map[string]string{"compose.yaml": "name: a\nservices:\n  web: {image: \"n\x01\"}\n"}, "compose.yaml:3: the file is not text: the control character U+0001 is not text"},
		"UTF-16":              {map[string]string{"compose.yaml": "\xff\xfen\x00a\x00"}, "compose.yaml: the file is not text: the file is in UTF-16"},
		"variables":           {map[string]string{"compose.yaml": good, ".env": "A=b\nB=caf\xe9\n"}, ".env: the file of variables cannot be read: line 2: the byte 0xe9 is not UTF-8"},
		"a service's":         {map[string]string{"compose.yaml": withEnv, "web.env": "A=b\n\nB=caf\xe9\n"}, "line 3: the byte 0xe9 is not UTF-8"},
		"all of it is":        {map[string]string{"compose.yaml": "# é\r\n" + withEnv, ".env": "A=é\tb\r\n", "web.env": "B=日本\n"}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p, err := Load(t.Context(), Options{Dir: folder(t, c.files)})
			var problems *Problems
			if !errors.As(err, &problems) {
				problems = &Problems{}
			}
			if p != nil {
				problems.List = append(problems.List, p.Problems...)
			}
			if c.want == "" && (err != nil || len(problems.List) > 0) || !strings.Contains(problems.Error(), c.want) {
				t.Errorf("got %v, %q; want %q", err, problems.Error(), c.want)
			}
		})
	}
}
