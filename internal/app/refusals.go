package app

import (
	"cmp"
	"errors"
	"fmt"
	"strings"

	"github.com/berthdev/berth/internal/app/keys"
	"github.com/berthdev/berth/internal/project"
)

// WithRefusals adds the keys that berth refuses to the error of files that could
// not be read, so that the user sees all problems in one run.
func WithRefusals(err error) error {
	var problems *Problems
	if !errors.As(err, &problems) || problems.Positions == nil {
		return err
	}
	for _, row := range keys.All() {
		if row.Fate != keys.Refused || row.ByValue {
			continue
		}
		for _, path := range problems.Positions.Paths() {
			if row.Fits(path) {
				problems.Add(refusal(row, path, problems.Positions.At(path)))
			}
		}
	}
	return problems.Err()
}

// refusal is the problem of a refused key at a path.
func refusal(row keys.Key, path string, at project.Position) Problem {
	owner, key := ownerOf(path)
	drop := ""
	if row.Remedy == "" && strings.HasPrefix(path, "services.") && !strings.ContainsAny(key, ".[") {
		drop = path
	}
	return Problem{
		Drop: drop,
		At:   at, What: fmt.Sprintf("%s%s is not supported", owner, key), Why: row.Says,
		Remedy: cmp.Or(row.Remedy, "remove it, or remove it for this environment with an overlay"),
	}
}
