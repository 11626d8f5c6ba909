package project

import (
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/berthdev/berth/schema"
)

func parts(t *testing.T) map[string]map[string]any {
	t.Helper()
	var doc struct {
		Defs map[string]map[string]any `json:"$defs"`
	}
	if err := json.Unmarshal(schema.XBerth, &doc); err != nil {
		t.Fatal(err)
	}
	return doc.Defs
}

func TestEveryKeyOfTheSchemaIsDescribed(t *testing.T) {
	t.Parallel()
	defs := parts(t)
	var visit func(path string, part map[string]any)
	visit = func(path string, part map[string]any) {
		props, _ := part["properties"].(map[string]any)
		for name, v := range props {
			prop, _ := v.(map[string]any)
			at := path + "." + name
			if ref, ok := prop["$ref"].(string); ok {
				prop = defs[strings.TrimPrefix(ref, "#/$defs/")]
			}
			if prop["description"] == nil {
				t.Errorf("%s has no description", at)
			}
			visit(at, prop)
		}
	}
	for name, part := range defs {
		visit(name, part)
	}
}

// Every key of the schema is decoded, or marked as not supported yet.
func TestEveryKeyOfTheSchemaIsRead(t *testing.T) {
	t.Parallel()
	for name, typ := range map[string]reflect.Type{"environment": reflect.TypeFor[XBerth](), "service": reflect.TypeFor[XService]()} {
		var read []string
		for i := range typ.NumField() {
			read = append(read, typ.Field(i).Tag.Get("json"))
		}
		props, _ := parts(t)[name]["properties"].(map[string]any)
		for key, v := range props {
			prop, _ := v.(map[string]any)
			if prop["x-later"] == nil && !slices.Contains(read, key) {
				t.Errorf("%s.%s is in the schema and is not read", name, key)
			}
		}
		for _, key := range read {
			if props[key] == nil {
				t.Errorf("%s.%s is read and is not in the schema", name, key)
			}
		}
	}
}
