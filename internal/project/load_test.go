package project

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// folder writes files into a temporary folder.
func folder(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

const web = "services:\n  web:\n    image: nginx\n"

func TestWhichFilesAreRead(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name    string
		files   map[string]string
		options Options
		want    []string
	}{
		{"default name", map[string]string{"compose.yaml": web}, Options{}, []string{"compose.yaml"}},
		{"old name", map[string]string{"docker-compose.yml": web}, Options{}, []string{"docker-compose.yml"}},
		{"new name first", map[string]string{"docker-compose.yml": web, "compose.yml": web}, Options{}, []string{"compose.yml"}},
		{"overlay of the environment", map[string]string{"compose.yaml": web, "compose.prod.yaml": web, "compose.dev.yaml": web}, Options{Environment: "prod"}, []string{"compose.yaml", "compose.prod.yaml"}},
		{"overlay of dev", map[string]string{"compose.yaml": web, "compose.prod.yaml": web, "compose.dev.yaml": web}, Options{Environment: "dev"}, []string{"compose.yaml", "compose.dev.yaml"}},
		{"no overlay of dev without -e", map[string]string{"compose.yaml": web, "compose.dev.yaml": web}, Options{}, []string{"compose.yaml"}},
		{"berth's overlay", map[string]string{"compose.yaml": web, "compose.berth.yml": web}, Options{}, []string{"compose.yaml", "compose.berth.yml"}},
		{"berth's overlays of overlays", map[string]string{"compose.yaml": web, "compose.berth.yaml": web, "compose.prod.yaml": web, "compose.prod.berth.yaml": web}, Options{Environment: "prod"}, []string{"compose.yaml", "compose.berth.yaml", "compose.prod.yaml", "compose.prod.berth.yaml"}},
		{"berth's overlay of a listed file", map[string]string{"a.yaml": web, "a.berth.yaml": web}, Options{Files: []string{"a.yaml"}}, []string{"a.yaml", "a.berth.yaml"}},
		{"berth's overlay listed", map[string]string{"a.yaml": web, "a.berth.yaml": web}, Options{Files: []string{"a.yaml", "a.berth.yaml"}}, []string{"a.yaml", "a.berth.yaml"}},
		{"overlay with the other ending", map[string]string{"compose.yaml": web, "compose.prod.yml": web}, Options{Environment: "prod"}, []string{"compose.yaml", "compose.prod.yml"}},
		{"no override", map[string]string{"compose.yaml": web, "compose.override.yaml": web}, Options{}, []string{"compose.yaml"}},
		{"given files only", map[string]string{"a.yaml": web, "b.yaml": web, "a.dev.yaml": web}, Options{Files: []string{"a.yaml", "b.yaml"}}, []string{"a.yaml", "b.yaml"}},
		{"include and extends", map[string]string{
			"compose.yaml":   "include: [more/c.yaml]\nservices:\n  web:\n    extends: {file: base.yaml, service: web}\n",
			"more/c.yaml":    "services:\n  other:\n    image: redis\n",
			"base.yaml":      web,
			"not-named.yaml": web,
		}, Options{}, []string{"compose.yaml", "more/c.yaml", "base.yaml"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			c.options.Dir = folder(t, c.files)
			p, err := Load(t.Context(), c.options)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.want, p.Files); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

func TestFolderAbove(t *testing.T) {
	t.Parallel()
	dir := folder(t, map[string]string{"compose.yaml": web, "deep/er/x": ""})
	p, err := Load(t.Context(), Options{Dir: filepath.Join(dir, "deep", "er")})
	if err != nil {
		t.Fatal(err)
	}
	if p.Dir != dir {
		t.Errorf("Dir is %s, want %s", p.Dir, dir)
	}
}

func TestProjectName(t *testing.T) {
	t.Parallel()
	named := map[string]string{"compose.yaml": "name: written\n" + web}
	for _, c := range []struct {
		name    string
		options Options
		want    string
	}{
		{"in the file", Options{}, "written"},
		{"by the variable", Options{Env: []string{"COMPOSE_PROJECT_NAME=variable"}}, "variable"},
		{"by the flag", Options{Name: "flag", Env: []string{"COMPOSE_PROJECT_NAME=variable"}}, "flag"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			c.options.Dir = folder(t, named)
			p, err := Load(t.Context(), c.options)
			if err != nil {
				t.Fatal(err)
			}
			if p.Compose.Name != c.want {
				t.Errorf("the name is %q, want %q", p.Compose.Name, c.want)
			}
		})
	}
}

func TestVariablesOfTheShellGoFirst(t *testing.T) {
	t.Parallel()
	dir := folder(t, map[string]string{
		"compose.yaml": "services:\n  web:\n    image: nginx:${TAG}-${ONLY}-${LATER}\n",
		".env":         "TAG=dotenv\nONLY=dotenv\nLATER=dotenv\n",
		".env.dev":     "LATER=dev\n",
		"other.env":    "TAG=other\nONLY=other\nLATER=other\n",
	})
	for want, o := range map[string]Options{
		"nginx:shell-dotenv-dev":     {Environment: "dev", Env: []string{"TAG=shell"}},
		"nginx:other-other-other":    {EnvFiles: []string{"other.env"}},
		"nginx:dotenv-dotenv-dotenv": {},
		"nginx:dotenv-dotenv-prod":   {Environment: "prod", Env: []string{"LATER=prod"}},
	} {
		o.Dir = dir
		p, err := Load(t.Context(), o)
		if err != nil {
			t.Fatal(err)
		}
		if got := p.Compose.Services["web"].Image; got != want {
			t.Errorf("the image is %s, want %s", got, want)
		}
	}
}

func TestHostileInputIsRefused(t *testing.T) {
	t.Parallel()
	bomb := "x-a: &a [x, x, x, x, x, x, x, x, x, x]\n"
	for c := 'b'; c < 'k'; c++ {
		bomb += "x-" + string(c) + ": &" + string(c) + " [" + strings.TrimSuffix(strings.Repeat("*"+string(c-1)+", ", 10), ", ") + "]\n"
	}
	diamond := "services:\n"
	for i := range 40 {
		for _, side := range []string{"a", "b"} {
			n := string(rune('a'+i/26)) + string(rune('a'+i%26))
			diamond += "  " + side + n + ":\n    image: nginx\n"
			if i > 0 {
				m := string(rune('a'+(i-1)/26)) + string(rune('a'+(i-1)%26))
				diamond += "    depends_on: [a" + m + ", b" + m + "]\n"
			}
		}
	}
	for _, c := range []struct{ name, text, want string }{
		{"too large", "x: " + strings.Repeat("y", maxFile), "and berth reads at most"},
		{"aliases of aliases", bomb + web, "aliases expanded"},
		{"too deep", "x: " + strings.Repeat("[", 100) + strings.Repeat("]", 100), "levels deep"},
		{"an alias of itself", "x-a: &a [*a]\n" + web, ""},
		{"include in a circle", "include: [compose.yaml]\n" + web, ""},
		{"extends in a circle", "services:\n  a: {extends: b}\n  b: {extends: a}\n", "ircular"},
		{"no mapping", "- a\n", ""},
		{"empty", "", ""},
		{"many ways through depends_on", diamond, "-"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			_, err := Load(t.Context(), Options{Dir: folder(t, map[string]string{"compose.yaml": c.text}), Name: "x"})
			if c.want == "-" {
				if err != nil {
					t.Error(err)
				}
				return
			}
			var problems *Problems
			if !errors.As(err, &problems) || !strings.Contains(err.Error(), c.want) {
				t.Errorf("the error is %v, want one with %q", err, c.want)
			}
		})
	}
}

func TestOnlyFilesAreRead(t *testing.T) {
	t.Parallel()
	dir := folder(t, map[string]string{"compose.yaml": web + "    env_file: [pipe]\n"})
	if err := syscall.Mkfifo(filepath.Join(dir, "pipe"), 0o600); err != nil {
		t.Fatal(err)
	}
	p, err := Load(t.Context(), Options{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	if len(p.Problems) != 1 || !strings.Contains(p.Problems[0].Why, "not a file") {
		t.Errorf("problems: %v", p.Problems)
	}
}

func TestNoFile(t *testing.T) {
	t.Parallel()
	for name, o := range map[string]Options{
		"no Compose file in":              {Dir: t.TempDir()},
		"there is no such file":           {Dir: t.TempDir(), Files: []string{"x.yaml"}},
		"an environment cannot be called": {Dir: t.TempDir(), Environment: "Prod!"},
		"no such file":                    {Dir: folder(t, map[string]string{"compose.yaml": web}), EnvFiles: []string{"x.env"}},
		"AWS_PROFILE":                     {Dir: folder(t, map[string]string{"compose.yaml": web}), Profiles: []string{"work"}},
		"berth ignores COMPOSE_FILE":      {Dir: folder(t, map[string]string{"compose.yaml": web}), Env: []string{"COMPOSE_FILE=x"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p, err := Load(t.Context(), o)
			text := ""
			if err != nil {
				text = err.Error()
			} else {
				for _, problem := range p.Problems {
					text += problem.String()
				}
				for _, n := range p.Notices {
					text += n.String()
				}
			}
			if !strings.Contains(text, name) {
				t.Errorf("%q does not say %q", text, name)
			}
		})
	}
}

func TestEnvFiles(t *testing.T) {
	t.Parallel()
	dir := folder(t, map[string]string{
		"compose.yaml": web + `    environment: {SET: here, NOTHING: }
    env_file:
      - a.env
      - {path: b.env, required: false}
      - {path: absent.env, required: false}
      - {path: raw.env, format: raw}
`,
		"a.env":   "A=1\nB=a\nSET=file\nFROM_SET=$SET\nBLANK=$NOWHERE\nPLAIN='$x'\n",
		"b.env":   "B=b\n",
		"raw.env": "# not this\nRAW=\"$x\"\n",
	})
	p, err := Load(t.Context(), Options{Dir: dir})
	if err != nil || len(p.Problems) > 0 {
		t.Fatal(err, p)
	}
	got := map[string]string{}
	for k, v := range p.Compose.Services["web"].Environment {
		got[k] = "(null)"
		if v != nil {
			got[k] = *v
		}
	}
	want := map[string]string{"A": "1", "B": "b", "SET": "here", "NOTHING": "(null)", "FROM_SET": "here", "BLANK": "", "PLAIN": "$x", "RAW": `"$x"`}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	if len(p.Notices) != 1 || p.Notices[0].At.Line != 5 || !strings.HasPrefix(p.Notices[0].Text, "BLANK loses the text behind a $") {
		t.Errorf("notices: %v", p.Notices)
	}
}

func TestPositions(t *testing.T) {
	t.Parallel()
	dir := folder(t, map[string]string{
		"compose.yaml": `x-base: &base
  image: nginx
services:
  web:
    <<: *base
    ports:
      - "80:80"
      - target: 81
    environment:
      - A=1
      - B
    depends_on: [api]
  api:
    extends: {file: base.yaml, service: root}
    labels: {x: y}
  again:
    extends: {service: api}
`,
		"compose.prod.yaml": "services:\n  web:\n    image: redis\n    ports: !reset []\n",
		"base.yaml":         "services:\n  root:\n    extends: {service: deeper}\n  deeper:\n    image: nginx\n    user: me\n",
	})
	p, err := Load(t.Context(), Options{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]string{
		"services.web":                 "compose.yaml:4",
		"services.web.image":           "compose.yaml:2",
		"services.web.ports[0]":        "compose.yaml:7",
		"services.web.ports[0].target": "compose.yaml:7",
		"services.web.ports[1].target": "compose.yaml:8",
		"services.web.ports[5]":        "compose.yaml:6",
		"services.web.environment.B":   "compose.yaml:11",
		"services.web.depends_on.api":  "compose.yaml:12",
		"services.api.user":            "base.yaml:6",
		"services.again.user":          "base.yaml:6",
		"services.again.labels.x":      "compose.yaml:15",
		"services.none":                "compose.yaml:3",
		"nothing":                      "",
	} {
		if got := p.Positions.At(path).String(); got != want {
			t.Errorf("%s is at %q, want %q", path, got, want)
		}
	}
	prod, err := Load(t.Context(), Options{Dir: dir, Environment: "prod"})
	if err != nil {
		t.Fatal(err)
	}
	if got := prod.Positions.At("services.web.image").String(); got != "compose.prod.yaml:3" {
		t.Errorf("the overlay's image is at %q", got)
	}
	if prod.Positions.Has("services.web.ports[0]") {
		t.Error("ports were reset and have a place all the same")
	}
}

func TestCredentialsLeaveTheRemote(t *testing.T) {
	t.Parallel()
	for remote, want := range map[string]string{
		"https://user:secret@example.com/a/b.git": "https://example.com/a/b.git",
		"https://token@example.com/a.git?x=y":     "https://example.com/a.git",
		"git@example.com:a/b.git":                 "git@example.com:a/b.git",
		"ssh://git@example.com/a.git":             "ssh://example.com/a.git",
		"/srv/git/a":                              "/srv/git/a",
		"https://us%zzer:secret@example.com/a":    "example.com/a",
	} {
		if got := withoutCredentials(remote); got != want {
			t.Errorf("%s becomes %s, want %s", remote, got, want)
		}
	}
}

func TestVariablesWithoutAValueStay(t *testing.T) {
	t.Parallel()
	lookup := func(name string) (string, bool) {
		if name == "SET" {
			return "value", true
		}
		return "", false
	}
	for text, want := range map[string]string{
		"plain":                "plain",
		"$SET ${SET}":          "value value",
		"a${X}b":               "a${X}b",
		"${X:-d} ${X-} ${X+y}": "d  ",
		"$$X":                  "$X",
		"${SET:+yes}":          "yes",
	} {
		v := &variables{unset: map[string]bool{}}
		got, err := v.substitute(text, lookup)
		if err != nil || Readable(got) != want {
			t.Errorf("%q becomes %q, %v; want %q", text, Readable(got), err, want)
		}
	}
	v := &variables{unset: map[string]bool{}}
	got, err := v.substitute("a${X}-$Y-${X}", lookup)
	if err != nil || !slices.Equal(Unset(got), []string{"X", "Y"}) {
		t.Errorf("the variables without a value are %v, %v", Unset(got), err)
	}
	want := []Part{{Text: "a"}, {Unset: "X"}, {Text: "-"}, {Unset: "Y"}, {Text: "-"}, {Unset: "X"}}
	if diff := cmp.Diff(want, Parts(got)); diff != "" {
		t.Error(diff)
	}
}

func TestGit(t *testing.T) {
	t.Parallel()
	if g, err := readGit(t.Context(), t.TempDir()); err != nil || g != (Git{}) {
		t.Errorf("outside of a repository: %+v, %v", g, err)
	}
}
