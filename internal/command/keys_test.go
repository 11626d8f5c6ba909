package command

import (
	"encoding/json"
	"regexp"
	"strings"
	"testing"

	"github.com/berthdev/berth/schema"
)

// TestKeysInMessagesExist: a key of x-berth that a message names is one of the schema,
// of the environment or of a service.
func TestKeysInMessagesExist(t *testing.T) {
	t.Parallel()
	var whole map[string]any
	if err := json.Unmarshal(schema.XBerth, &whole); err != nil {
		t.Fatal(err)
	}
	in := schemaKeys{whole["$defs"].(map[string]any)}
	named := regexp.MustCompile(`x-berth\.([a-z_]+(?:\.[a-z_]+)*)`)
	found := 0
	for at, text := range messages(t) {
		for _, m := range named.FindAllStringSubmatch(text, -1) {
			found++
			path := strings.Split(m[1], ".")
			if !in.has(in.defs["environment"], path) && !in.has(in.defs["service"], path) {
				t.Errorf("%s: there is no key x-berth.%s", at, m[1])
			}
		}
	}
	if found < 100 {
		t.Errorf("%d keys were found", found)
	}
}

// schemaKeys looks for keys in the parts of a schema.
type schemaKeys struct{ defs map[string]any }

// has says whether a part has a key below it.
func (k schemaKeys) has(part any, path []string) bool {
	node, _ := part.(map[string]any)
	if node == nil {
		return false
	}
	if len(path) == 0 {
		return true
	}
	if ref, ok := node["$ref"].(string); ok && k.has(k.defs[ref[strings.LastIndexByte(ref, '/')+1:]], path) {
		return true
	}
	for _, of := range []string{"anyOf", "oneOf", "allOf"} {
		list, _ := node[of].([]any)
		for _, one := range list {
			if k.has(one, path) {
				return true
			}
		}
	}
	properties, _ := node["properties"].(map[string]any)
	return k.has(properties[path[0]], path[1:])
}
