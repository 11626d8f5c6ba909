package command_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
	"github.com/santhosh-tekuri/jsonschema/v6"
)

// jsonSections are the schemas of docs/json.md by the headings above them.
func jsonSections() (map[string]any, error) {
	page, err := os.ReadFile(filepath.Join("..", "..", "docs", "json.md"))
	if err != nil {
		return nil, err
	}
	out := map[string]any{}
	for _, m := range regexp.MustCompile("(?s)\n## ([^\n]+)\n(.*?)```json\n(.*?)```").FindAllSubmatch(page, -1) {
		schema, err := jsonschema.UnmarshalJSON(bytes.NewReader(m[3]))
		if err != nil {
			return nil, fmt.Errorf("%s: %w", m[1], err)
		}
		out[string(m[1])] = schema
	}
	return out, nil
}

// jsonSchema compiles the schema of a section.
func jsonSchema(section string) (*jsonschema.Schema, error) {
	sections, err := jsonSections()
	if err != nil {
		return nil, err
	}
	if sections[section] == nil {
		return nil, fmt.Errorf("docs/json.md has no schema of %q", section)
	}
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	for name, schema := range map[string]any{"file:///shared.json": sections["Shared parts"], "file:///this.json": sections[section]} {
		if err := c.AddResource(name, schema); err != nil {
			return nil, err
		}
	}
	return c.Compile("file:///this.json")
}

// fits wants a file to fit a schema of docs/json.md: fits FILE SECTION. A file of
// several lines may have one object on each.
func fits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: fits FILE SECTION")
	}
	schema, err := jsonSchema(args[1])
	ts.Check(err)
	texts := []string{ts.ReadFile(args[0])}
	if !json.Valid([]byte(texts[0])) {
		texts = nil
		for s := bufio.NewScanner(strings.NewReader(ts.ReadFile(args[0]))); s.Scan(); {
			texts = append(texts, s.Text())
		}
	}
	if len(texts) == 0 {
		ts.Fatalf("%s is empty", args[0])
	}
	for _, text := range texts {
		value, err := jsonschema.UnmarshalJSON(strings.NewReader(text))
		if err != nil {
			ts.Fatalf("%v in %s", err, text)
		}
		if err := schema.Validate(value); err != nil {
			ts.Fatalf("%v\n%s", err, text)
		}
		if at := nullIn(value, ""); at != "" {
			ts.Fatalf("%s is null", at)
		}
	}
}

// nullIn is the path of a null in a value; empty without one.
func nullIn(value any, path string) string {
	switch v := value.(type) {
	case nil:
		return path
	case map[string]any:
		for key, inner := range v {
			if at := nullIn(inner, path+"."+key); at != "" {
				return at
			}
		}
	case []any:
		for i, inner := range v {
			if at := nullIn(inner, fmt.Sprintf("%s[%d]", path, i)); at != "" {
				return at
			}
		}
	}
	return ""
}

// allScripts is the text of every script.
func allScripts(t *testing.T) string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join("testdata", "script", "*.txtar"))
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for _, name := range files {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		b.Write(text)
	}
	return b.String()
}

// TestJSONPage: every schema of the page can be used, has keys in snake_case and a
// version, and is used by a script. A verb without a schema prints no JSON.
func TestJSONPage(t *testing.T) {
	t.Parallel()
	sections, err := jsonSections()
	if err != nil {
		t.Fatal(err)
	}
	if len(sections) < 15 {
		t.Fatalf("found %d schemas", len(sections))
	}
	scripts := allScripts(t)
	for section, schema := range sections {
		if _, err := jsonSchema(section); err != nil {
			t.Errorf("%s: %v", section, err)
		}
		snakeCase(t, section, schema)
		if section == "Shared parts" {
			continue
		}
		if !strings.Contains(scripts, "fits stdout '"+section+"'") && !strings.Contains(scripts, "fits stderr '"+section+"'") &&
			!strings.Contains(scripts, "fits last '"+section+"'") {
			t.Errorf("no script checks %s", section)
		}
		required, _ := schema.(map[string]any)["required"].([]any)
		if !slices.Contains(required, any("version")) && !strings.HasPrefix(section, "berth plan") {
			t.Errorf("%s has no version", section)
		}
	}
}

// snakeCase wants the keys of all objects in a schema to be in snake_case.
func snakeCase(t *testing.T, section string, schema any) {
	t.Helper()
	switch v := schema.(type) {
	case map[string]any:
		if properties, ok := v["properties"].(map[string]any); ok {
			for key := range properties {
				if !regexp.MustCompile(`^[a-z][a-z0-9]*(_[a-z0-9]+)*$`).MatchString(key) {
					t.Errorf("%s: the key %s is not in snake_case", section, key)
				}
			}
		}
		for _, inner := range v {
			snakeCase(t, section, inner)
		}
	case []any:
		for _, inner := range v {
			snakeCase(t, section, inner)
		}
	}
}

// lastLine writes the last line of standard error into the file last: last-line.
func lastLine(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 0 {
		ts.Fatalf("usage: last-line")
	}
	lines := strings.Split(strings.TrimSpace(ts.ReadFile("stderr")), "\n")
	ts.Check(writeFile(ts.MkAbs("last"), lines[len(lines)-1]))
}
