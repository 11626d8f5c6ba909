package values

import "encoding/json"

// Words collects the strings of an attribute's value: the value itself, and
// every string within it if it is JSON.
func Words(value string, into map[string]bool) {
	into[value] = true
	if !IsJSON(value) {
		return
	}
	var v any
	if err := json.Unmarshal([]byte(value), &v); err != nil {
		return
	}
	collect(v, into)
}

func collect(v any, into map[string]bool) {
	switch v := v.(type) {
	case string:
		into[v] = true
	case []any:
		for _, e := range v {
			collect(e, into)
		}
	case map[string]any:
		for k, e := range v {
			into[k] = true
			collect(e, into)
		}
	}
}
