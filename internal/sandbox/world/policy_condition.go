package world

import (
	"slices"
	"strings"
)

// conditions are the conditions of a statement: operator, key, values. The
// sandbox knows Null, StringEquals, StringLike, ArnEquals and ArnLike, and the
// keys that facts has. Any other condition counts as true.
type conditions map[string]map[string]OneOrMany[string]

// Facts are what is known about a call, by condition key. A key with an empty
// list is known to be absent.
type Facts map[string][]string

const tagKey = "aws:ResourceTag/"

// hold reports whether every condition holds.
func (c conditions) hold(known Facts) bool {
	for operator, keys := range c {
		for key, values := range keys {
			have, ok := known[key]
			if _, tagged := known[tagKey]; !ok && (!tagged || !strings.HasPrefix(key, tagKey)) {
				continue
			}
			if !holds(operator, have, values) {
				return false
			}
		}
	}
	return true
}

func holds(operator string, have, values []string) bool {
	switch operator {
	case "Null":
		return slices.Equal(values, []string{"true"}) == (len(have) == 0)
	case "StringEquals", "ArnEquals", "StringLike", "ArnLike":
		return slices.ContainsFunc(have, func(h string) bool { return MatchAny(values, h, false) })
	}
	return true
}
