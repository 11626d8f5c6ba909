package world

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// ordered sorts the lists whose order has no meaning: those of objects and
// those of names that replace ids.
func (d *Dumper) ordered(body string) string {
	var tree any
	err := json.Unmarshal([]byte(body), &tree)
	if err == nil {
		sortLists(tree)
		var b []byte
		if b, err = marshalPlain(tree); err == nil {
			return string(b)
		}
	}
	if d.err == nil {
		d.err = err
	}
	return body
}

func sortLists(v any) {
	switch v := v.(type) {
	case map[string]any:
		for _, x := range v {
			sortLists(x)
		}
	case []any:
		free := false
		texts := make(map[string]any, len(v))
		keys := make([]string, 0, len(v))
		for _, x := range v {
			sortLists(x)
			s, isText := x.(string)
			_, isObject := x.(map[string]any)
			free = free || isObject || isText && strings.HasPrefix(s, "<")
			b, _ := marshalPlain(x)
			// The count keeps equal elements apart.
			k := fmt.Sprintf("%s %d", b, len(keys))
			texts[k] = x
			keys = append(keys, k)
		}
		if !free {
			return
		}
		slices.Sort(keys)
		for i, k := range keys {
			v[i] = texts[k]
		}
	}
}

// marshalPlain writes JSON without escaping the <> of names.
func marshalPlain(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	err := e.Encode(v)
	return bytes.TrimSpace(b.Bytes()), err
}
