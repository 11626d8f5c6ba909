package app

import (
	"errors"
	"fmt"
	"strings"

	"github.com/berthdev/berth/internal/project"
)

// WithRefusals adds to the error of files that could not be read the keys in
// them that berth refuses anyway, so that they are not left for the next run.
func WithRefusals(err error) error {
	var problems *Problems
	if !errors.As(err, &problems) || problems.Positions == nil {
		return err
	}
	for _, row := range Keys() {
		if row.Fate != Refused || row.ByValue {
			continue
		}
		pattern := strings.Split(row.Pattern, ".")
		for _, path := range problems.Positions.Paths() {
			if fits(pattern, strings.Split(path, ".")) {
				problems.Add(refusal(row, path, problems.Positions.At(path)))
			}
		}
	}
	return problems.Err()
}

// refusal is the table's word on a refused key at a path.
func refusal(row Key, path string, at project.Position) Problem {
	owner, key := ownerOf(path)
	return Problem{
		At: at, What: fmt.Sprintf("%s%s is not possible", owner, key), Why: row.Says,
		Remedy: orElse(row.Remedy, "take it out, or out of this environment with an overlay"),
	}
}

// fits says whether a path is one of a pattern's: * is any name, [] any index.
func fits(pattern, path []string) bool {
	if len(pattern) != len(path) {
		return false
	}
	for i, want := range pattern {
		got := path[i]
		if list, ok := strings.CutSuffix(want, "[]"); ok {
			name, _, indexed := strings.Cut(got, "[")
			if !indexed || name != list {
				return false
			}
			continue
		}
		if want != "*" && want != got {
			return false
		}
	}
	return true
}
