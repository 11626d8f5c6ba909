package app

import (
	"errors"
	"fmt"

	"github.com/berthdev/berth/internal/app/keys"
	"github.com/berthdev/berth/internal/project"
)

// WithRefusals adds to the error of files that could not be read the keys in
// them that berth refuses anyway, so that they are not left for the next run.
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

// refusal is the table's word on a refused key at a path.
func refusal(row keys.Key, path string, at project.Position) Problem {
	owner, key := ownerOf(path)
	return Problem{
		At: at, What: fmt.Sprintf("%s%s is not possible", owner, key), Why: row.Says,
		Remedy: orElse(row.Remedy, "take it out, or out of this environment with an overlay"),
	}
}
