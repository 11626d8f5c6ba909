package world

import (
	"encoding/json"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
)

// Optional returns a pointer to a text; nil if it is empty, as AWS leaves out
// what is not set.
func Optional(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

// LastPart returns the part after the last slash: the name or id in an ARN.
func LastPart(s string) string { return s[strings.LastIndex(s, "/")+1:] }

// BareID returns the id in an ARN, or the id itself.
func BareID(idOrARN *string) string {
	s := aws.ToString(idOrARN)
	return s[strings.LastIndex(s, "/")+1:]
}

// SortedValues returns a map's values in the order of their keys.
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

// SameJSON reports whether two values have the same JSON.
func SameJSON(a, b any) bool {
	x, errX := json.Marshal(a)
	y, errY := json.Marshal(b)
	return errX == nil && errY == nil && string(x) == string(y)
}

// Latest returns the latest of some times.
func Latest(times ...time.Time) time.Time {
	var last time.Time
	for _, t := range times {
		if t.After(last) {
			last = t
		}
	}
	return last
}
