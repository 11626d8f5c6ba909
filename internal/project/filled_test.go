package project

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestFilled: Filled has every value of an environment that contains variables,
// wherever the value comes from.
func TestFilled(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	files := map[string]string{
		"compose.yaml": `name: filled
x-common: &common
  FROM_ANCHOR: ${SET}
services:
  map:
    image: a
    environment:
      <<: *common
      LITERAL: one
      DOLLAR: a$$b
      WHOLE: ${SET}
      SHORT: $SET
      MIXED: "x://u:${PW}@${SET}/$$"
      DEFAULT: ${SET:-other}
      OTHER: ${NONE:-other}
      NESTED: ${NONE:-${SET}}
      REQUIRED: ${SET:?why}
      MISSING: x${NONE?why}
      MISSING_EMPTY: ${EMPTY_VALUE:?why}
      EMPTY_VALUE:
      NO_VALUE:
      REPLACED: ${SET}
  list:
    image: a
    environment: ["WHOLE=${SET}", "SET", "LITERAL=one"]
  same:
    extends: map
  other:
    extends: {file: base.yaml, service: base}
`,
		"compose.dev.yaml": "services: {map: {environment: {REPLACED: one, LITERAL: one}}}\n",
		"base.yaml":        "services: {base: {image: a, environment: {BASE: \"${SET}\"}}}\n",
	}
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	p, err := Load(t.Context(), Options{Dir: dir, Environment: "dev", Env: []string{"SET=one", "EMPTY_VALUE="}})
	if err != nil {
		t.Fatal(err)
	}
	whole := []Part{{Text: "one", Var: "SET"}}
	want := map[string][]Part{
		"FROM_ANCHOR": whole, "WHOLE": whole, "SHORT": whole, "DEFAULT": whole,
		"OTHER":       {{Text: "other", Var: "NONE"}},
		"EMPTY_VALUE": {{Var: "EMPTY_VALUE"}},
		"REQUIRED":    whole, "MISSING": {{Text: "x"}, {Unset: "NONE"}}, "MISSING_EMPTY": {{Unset: "EMPTY_VALUE"}},
		"MIXED": {{Text: "x://u:"}, {Unset: "PW"}, {Text: "@"}, {Text: "one", Var: "SET"}, {Text: "/$"}},
	}
	if diff := cmp.Diff(want, p.Filled["map"]); diff != "" {
		t.Errorf("map (-want +got):\n%s", diff)
	}
	for key, v := range map[string]string{"WHOLE": "list", "SET": "list", "BASE": "other", "SHORT": "same"} {
		parts, _ := p.Filled.Value(v, key)
		if diff := cmp.Diff(whole, parts); diff != "" {
			t.Errorf("%s of %s (-want +got):\n%s", key, v, diff)
		}
	}
	if _, ok := p.Filled.Value("list", "LITERAL"); ok {
		t.Error("a literal of the same value counts as a variable")
	}
}
