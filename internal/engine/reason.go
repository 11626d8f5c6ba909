package engine

import (
	"encoding/json"
	"maps"
	"reflect"
	"slices"
	"strings"

	"github.com/berthdev/berth/internal/credential"
)

const (
	// longestValue is where a value in a reason is cut, in characters.
	longestValue = 48
	// mostReasons is how many changed paths of one attribute are named.
	mostReasons = 6
)

// changes names what differs between two values of an attribute: the paths
// within, if both are JSON.
func changes(attr, before, after string, kind CauseKind) []Reason {
	var b, a any
	if !decode(before, &b) || !decode(after, &a) || (b == nil && a == nil) {
		return []Reason{reasonFor(attr, before, after, kind)}
	}
	var out []Reason
	walk(attr, b, a, func(path, x, y string) {
		out = append(out, reasonFor(path, x, y, kind))
	})
	if len(out) == 0 {
		// Equal as JSON, different as text: the order of a list's elements.
		return []Reason{reasonFor(attr, before, after, kind)}
	}
	if len(out) > mostReasons {
		more := len(out) - mostReasons + 1
		out = append(out[:mostReasons-1], Reason{Attr: attr, Cause: Cause{Kind: kind, More: more}})
	}
	return out
}

// decode reads a JSON list or object; the empty value is an empty one.
func decode(s string, into *any) bool {
	return s == "" || isJSON(s) && json.Unmarshal([]byte(s), into) == nil
}

// walk calls f for every path at which two decoded values differ.
func walk(path string, before, after any, f func(path, before, after string)) {
	b, bIsMap := before.(map[string]any)
	a, aIsMap := after.(map[string]any)
	if (bIsMap || before == nil) && (aIsMap || after == nil) && (bIsMap || aIsMap) {
		for _, k := range keysOf(b, a) {
			walk(path+"."+k, b[k], a[k], f)
		}
		return
	}
	bl, bIsList := before.([]any)
	al, aIsList := after.([]any)
	if (bIsList || before == nil) && (aIsList || after == nil) && (bIsList || aIsList) {
		walkLists(path, bl, al, f)
		return
	}
	if x, y := plain(before), plain(after); x != y {
		f(path, x, y)
	}
}

// walkLists compares lists of named objects by name, others as sets; a list
// that differs in order only is named as a whole.
func walkLists(path string, before, after []any, f func(path, before, after string)) {
	b, bNamed := byName(before)
	a, aNamed := byName(after)
	if bNamed && aNamed {
		for _, k := range keysOf(b, a) {
			walk(path+"["+k+"]", b[k], a[k], f)
		}
		return
	}
	if hasSecretWord(before) || hasSecretWord(after) {
		// Which word it is, its neighbours say: none is shown.
		if plain(before) != plain(after) {
			f(path+"[]", "", "")
		}
		return
	}
	gone, added := minus(before, after), minus(after, before)
	if len(gone) == 0 && len(added) == 0 && plain(before) != plain(after) {
		f(path, plain(before), plain(after))
	}
	for i := range max(len(gone), len(added)) {
		switch {
		case i >= len(added):
			f(path+"[]", gone[i], "")
		case i >= len(gone):
			f(path+"[]", "", added[i])
		default:
			f(path+"[]", gone[i], added[i])
		}
	}
}

// hasSecretWord says whether a list is a command with a credential among its
// words.
func hasSecretWord(list []any) bool {
	words := textsOf(list)
	return words != nil && !slices.Equal(credential.Args(words), words)
}

// textsOf are the elements of a list of texts; nil for any other list.
func textsOf(list []any) []string {
	words := make([]string, 0, len(list))
	for _, e := range list {
		word, ok := e.(string)
		if !ok {
			return nil
		}
		words = append(words, word)
	}
	return words
}

// byName maps the elements of a list by their Name; ok is false if one has
// none or two have the same.
func byName(list []any) (m map[string]any, ok bool) {
	m = map[string]any{}
	for _, e := range list {
		obj, isObj := e.(map[string]any)
		if !isObj {
			return nil, false
		}
		name, isName := obj["Name"].(string)
		if _, twice := m[name]; !isName || twice {
			return nil, false
		}
		m[name] = obj
	}
	return m, true
}

func minus(a, b []any) []string {
	have := map[string]int{}
	for _, e := range b {
		have[plain(e)]++
	}
	var out []string
	for _, e := range a {
		if s := plain(e); have[s] > 0 {
			have[s]--
		} else {
			out = append(out, s)
		}
	}
	return out
}

func keysOf(a, b map[string]any) []string {
	both := maps.Clone(a)
	if both == nil {
		both = map[string]any{}
	}
	maps.Copy(both, b)
	return slices.Sorted(maps.Keys(both))
}

func plain(v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case string:
		return v
	}
	return jsonOf(v)
}

// reasonFor names a changed value. Of two long values with a common beginning
// it shows the ends, which differ.
func reasonFor(path, before, after string, kind CauseKind) Reason {
	r := Reason{Attr: path, Before: visible(path, before), After: visible(path, after), Cause: Cause{Kind: kind}}
	common := commonPrefix(before, after)
	if r.Before != "" && r.After != "" && common > longestValue/2 && max(len(before), len(after)) > longestValue {
		r.Before = cut("..." + before[common-longestValue/4:])
		r.After = cut("..." + after[common-longestValue/4:])
	}
	return r
}

// commonPrefix is the length in bytes of what both begin with; it ends between
// two characters.
func commonPrefix(a, b string) int {
	n := 0
	for n < min(len(a), len(b)) && a[n] == b[n] && a[n] < 0x80 {
		n++
	}
	return n
}

// visible is a value as a plan may show it: cut, and empty if the path or the
// value looks like a credential. It errs on the side of silence: a plan is
// printed and saved.
func visible(path, value string) string {
	// Only what users name themselves can be a secret: map entries.
	last := path[strings.LastIndexAny(path, ".[")+1:]
	if last != path && credential.Named(last) || credential.In(value) {
		return ""
	}
	return cut(value)
}

// withoutVariables returns the reasons for a change of a resource without the
// values in maps of variables: no looks tell whether one is a credential.
func withoutVariables(want Resource, reasons []Reason) []Reason {
	out := slices.Clone(reasons)
	for name, keys := range userMaps(reflect.TypeOf(want)) {
		if keys != keysOfVariables {
			continue
		}
		for i, r := range out {
			whole := strings.Contains(r.Before+r.After, `"`+name+`":`)
			if whole || strings.Contains(r.Attr, "."+name+".") {
				out[i].Before, out[i].After = "", ""
			}
		}
	}
	return out
}

// cut shortens a value to one line of longestValue characters.
func cut(s string) string { return cutTo(s, longestValue) }

func cutTo(s string, limit int) string {
	s = strings.Join(strings.Fields(s), " ")
	if r := []rune(s); len(r) > limit {
		return string(r[:limit-3]) + "..."
	}
	return s
}
