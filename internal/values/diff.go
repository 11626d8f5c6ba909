package values

import (
	"maps"
	"slices"
	"strings"

	"github.com/berthdev/berth/internal/credential"
)

const (
	// longestValue is the length at which a value is cut, in characters.
	longestValue = 48
	// mostChanges is how many changed paths of one attribute are named.
	mostChanges = 6
)

// Change is a difference between two values at a path.
type Change struct {
	// Path begins with the attribute's name: "containers[web].Image".
	Path string
	// Before and After are the values in the form in which they may be shown: see
	// Visible.
	Before, After string
}

// Diff is All, as far as people read it. More is the number of further changes that it
// leaves out.
func Diff(attr, before, after string) (changes []Change, more int) {
	out := All(attr, before, after)
	if len(out) > mostChanges {
		more = len(out) - mostChanges + 1
		out = out[:mostChanges-1]
	}
	return out, more
}

// All returns the differences between two values of an attribute, by the paths inside
// of them if both are JSON.
func All(attr, before, after string) []Change {
	var b, a any
	if !decode(before, &b) || !decode(after, &a) || (b == nil && a == nil) {
		return []Change{changeOf(attr, before, after)}
	}
	var out []Change
	walk(attr, b, a, func(path, x, y string) {
		out = append(out, changeOf(path, x, y))
	})
	if len(out) == 0 {
		// No path differs: only the order of a list's elements does.
		return []Change{changeOf(attr, before, after)}
	}
	return out
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

// walkLists compares lists of named objects by name, other lists as sets; a list that
// differs only in its order is reported as a whole.
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
		// The words next to the credential would give away which it is, so show none.
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

// byName maps the elements of a list by their Name; ok is false if one has no Name or
// two have the same.
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
	return JSON(v)
}

// changeOf returns a changed value. If two long values have a common beginning, it
// shows the parts after it.
func changeOf(path, before, after string) Change {
	r := Change{Path: path, Before: Visible(path, before), After: Visible(path, after)}
	common := commonPrefix(before, after)
	if r.Before != "" && r.After != "" && common > longestValue/2 && max(len(before), len(after)) > longestValue {
		r.Before = Cut("..." + before[common-longestValue/4:])
		r.After = Cut("..." + after[common-longestValue/4:])
	}
	return r
}

// commonPrefix is the length in bytes of the ASCII text with which both begin.
func commonPrefix(a, b string) int {
	n := 0
	for n < min(len(a), len(b)) && a[n] == b[n] && a[n] < 0x80 {
		n++
	}
	return n
}

// Visible returns a value in the form in which a plan may show it: cut, and empty if
// the path or the value looks like a credential. When in doubt it hides the value,
// because plans are printed and saved.
func Visible(path, value string) string {
	// Only entries of maps, whose names users choose, can be secrets.
	last := path[strings.LastIndexAny(path, ".[")+1:]
	if last != path && credential.Named(last) || credential.In(value) {
		return ""
	}
	return Cut(value)
}
