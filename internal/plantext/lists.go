package plantext

import (
	"fmt"
	"slices"
	"strings"

	"github.com/berthdev/berth/internal/engine"
)

// mostNamed is how many names a line lists.
const mostNamed = 4

// fewer shortens a list of names.
func fewer(words []string) []string {
	if n := len(words) - mostNamed; n > 1 {
		return append(slices.Clone(words[:mostNamed]), fmt.Sprintf("%d more", n))
	}
	return words
}

// listed is a list in words: "a, b and c".
func listed(words []string) string {
	if n := len(words); n > 1 {
		return strings.Join(words[:n-1], ", ") + " and " + words[n-1]
	}
	return strings.Join(words, "")
}

// sortedNames are the names of actions, each once.
func sortedNames(actions []*engine.Action) []string {
	var out []string
	for _, a := range actions {
		out = append(out, a.Address.Name)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// several are the words of a cause, said of several objects.
func several(words string) string {
	for one, many := range map[string]string{
		"belongs to ": "belong to ", "its ": "their ", "it ": "they ", "the old one stays": "the old ones stay", "not berth's: its ": "not berth's: their ",
	} {
		if rest, ok := strings.CutPrefix(words, one); ok {
			return many + rest
		}
	}
	return words
}
