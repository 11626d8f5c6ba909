package world

import (
	"encoding/json"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
)

// Optional is the pointer to a text, nil for an empty one, as AWS leaves out what
// is not set.
func Optional(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

// LastPart is what follows the last slash: the name or id in an ARN.
func LastPart(s string) string { return s[strings.LastIndex(s, "/")+1:] }

// BareID is the id in an ARN, or the id itself.
func BareID(idOrARN *string) string {
	s := aws.ToString(idOrARN)
	return s[strings.LastIndex(s, "/")+1:]
}

// SortedValues are a map's values in the order of their keys.
func SortedValues[T any](m map[string]T) []T {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	out := make([]T, len(keys))
	for i, k := range keys {
		out[i] = m[k]
	}
	return out
}

// SameJSON reports whether two values are written alike.
func SameJSON(a, b any) bool {
	x, errX := json.Marshal(a)
	y, errY := json.Marshal(b)
	return errX == nil && errY == nil && string(x) == string(y)
}

// Latest is the last of some moments.
func Latest(times ...time.Time) time.Time {
	var last time.Time
	for _, t := range times {
		if t.After(last) {
			last = t
		}
	}
	return last
}
