package app_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/berthdev/berth/internal/app"
	"github.com/berthdev/berth/internal/project"
	"github.com/google/go-cmp/cmp"
	"gopkg.in/yaml.v3"
)

var update = flag.Bool("update", false, "write the golden files")

// options is a case's options.yaml: the options and variables of the command.
type options struct {
	Environment, Preset, Region, Name string
	Profiles, Files, Env              []string
}

// TestFrom reads each folder of testdata and compares notices, problems and
// the App with its want.txt.
func TestFrom(t *testing.T) {
	t.Parallel()
	cases, err := filepath.Glob("testdata/*/compose.yaml")
	if err != nil || len(cases) == 0 {
		t.Fatalf("no cases: %v", err)
	}
	for _, file := range cases {
		dir := filepath.Dir(file)
		t.Run(filepath.Base(dir), func(t *testing.T) {
			t.Parallel()
			got := read(t, dir)
			want := filepath.Join(dir, "want.txt")
			if *update {
				if err := os.WriteFile(want, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			data, err := os.ReadFile(want)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(data), got); diff != "" {
				t.Errorf("-want +got, -update writes it:\n%s", diff)
			}
		})
	}
}

// read returns everything that berth says about a folder, as text.
func read(t *testing.T, dir string) string {
	t.Helper()
	var o options
	if data, err := os.ReadFile(filepath.Join(dir, "options.yaml")); err == nil {
		if err := yaml.Unmarshal(data, &o); err != nil {
			t.Fatal(err)
		}
	}
	p, err := project.Load(t.Context(), project.Options{
		Dir: dir, Environment: o.Environment, Profiles: o.Profiles, Files: o.Files, Name: o.Name, Env: o.Env,
	})
	var out strings.Builder
	if err != nil {
		writeProblems(t, &out, err)
		return out.String()
	}
	p.Git = project.Git{Remote: "https://example.com/shop.git", Path: "."}
	a, notices, err := app.From(p, app.Options{Region: o.Region, Preset: o.Preset})
	for _, n := range notices {
		concern := ""
		if n.Concern != project.Further {
			concern = ", " + string(n.Concern)
		}
		fmt.Fprintf(&out, "notice%s: %s\n", concern, n)
	}
	if err != nil {
		writeProblems(t, &out, err)
		return out.String()
	}
	settings := reflect.ValueOf(a.Settings)
	for i := range settings.NumField() {
		origin := settings.Field(i).FieldByName("Origin").String()
		if !strings.HasPrefix(origin, "preset ") && origin != "default" {
			fmt.Fprintf(&out, "setting: %s = %v (%s)\n", settings.Type().Field(i).Tag.Get("setting"), settings.Field(i).FieldByName("Value"), origin)
		}
	}
	shown := *a
	shown.Settings = app.Settings{}
	out.WriteString(text(t, shown))
	return out.String()
}

func writeProblems(t *testing.T, out *strings.Builder, err error) {
	t.Helper()
	var problems *app.Problems
	if !errors.As(err, &problems) {
		t.Fatalf("the error is not *app.Problems: %v", err)
	}
	for _, p := range problems.List {
		if p.Remedy == "" {
			t.Errorf("no remedy: %s", p)
		}
		fmt.Fprintf(out, "problem: %s\n", p)
	}
	if problems.Offer.Lines != "" {
		fmt.Fprintf(out, "offer for %s:\n%s", problems.Offer.File, problems.Offer.Lines)
	}
}

// text is a value as YAML without its empty fields.
func text(t *testing.T, v any) string {
	t.Helper()
	data, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	var plain any
	if err := json.Unmarshal(data, &plain); err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	enc := yaml.NewEncoder(&out)
	enc.SetIndent(2)
	if err := enc.Encode(filled(plain)); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func filled(v any) any {
	switch v := v.(type) {
	case map[string]any:
		for k, e := range v {
			if e = filled(e); e == nil {
				delete(v, k)
			} else {
				v[k] = e
			}
		}
		if len(v) == 0 {
			return nil
		}
	case []any:
		for i := range v {
			v[i] = filled(v[i])
		}
		if len(v) == 0 {
			return nil
		}
	case string:
		if v == "" {
			return nil
		}
	case float64:
		if v == 0 {
			return nil
		}
	case bool:
		if !v {
			return nil
		}
	}
	return v
}
