package schema_test

import (
	"encoding/json"
	"regexp"
	"testing"

	"github.com/berthdev/berth/schema"
)

// TestEveryPatternHasAnExample: what a refusal shows in place of the pattern.
func TestEveryPatternHasAnExample(t *testing.T) {
	t.Parallel()
	var doc any
	if err := json.Unmarshal(schema.XBerth, &doc); err != nil {
		t.Fatal(err)
	}
	patterns := 0
	each(doc, "", func(at string, m map[string]any) {
		text, ok := m["pattern"].(string)
		if !ok {
			return
		}
		patterns++
		pattern, err := regexp.Compile(text)
		if err != nil {
			t.Fatalf("%s: %v", at, err)
		}
		examples, _ := m["examples"].([]any)
		if len(examples) == 0 {
			t.Errorf("%s has no examples", at)
		}
		for _, e := range examples {
			if s, _ := e.(string); !pattern.MatchString(s) {
				t.Errorf("%s: the example %v does not match", at, e)
			}
		}
	})
	if patterns == 0 {
		t.Error("the schema has no patterns")
	}
}

func each(v any, at string, visit func(string, map[string]any)) {
	switch v := v.(type) {
	case map[string]any:
		visit(at, v)
		for key, inner := range v {
			each(inner, at+"/"+key, visit)
		}
	case []any:
		for _, inner := range v {
			each(inner, at, visit)
		}
	}
}
