package values

import (
	"encoding/json"
	"fmt"
	"strings"
)

// IsJSON says whether a value is the JSON form of a list or an object, by its
// beginning.
func IsJSON(s string) bool { return strings.HasPrefix(s, "[") || strings.HasPrefix(s, "{") }

// JSON returns the JSON form of a value of maps, slices, strings, numbers and
// booleans. It panics for any other value, which is an error of the caller.
func JSON(v any) string {
	var b strings.Builder
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		panic(fmt.Sprintf("values: rendering an attribute: %v", err))
	}
	return strings.TrimSuffix(b.String(), "\n")
}

// decode reads a JSON list or object; an empty value counts as an empty list or object.
func decode(s string, into *any) bool {
	return s == "" || IsJSON(s) && json.Unmarshal([]byte(s), into) == nil
}

// Cut shortens a value to one line of 48 characters.
func Cut(s string) string { return CutTo(s, longestValue) }

// CutTo shortens a text to one line of limit characters.
func CutTo(s string, limit int) string {
	s = strings.Join(strings.Fields(s), " ")
	if r := []rune(s); len(r) > limit {
		return string(r[:limit-3]) + "..."
	}
	return s
}
