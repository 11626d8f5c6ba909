package command

import (
	"fmt"

	"github.com/berthdev/berth/internal/command/cli"
	"github.com/berthdev/berth/internal/deploy"
	"github.com/berthdev/berth/internal/regular"
)

// maxSavedPlan bounds what is read of a saved plan.
const maxSavedPlan = 64 << 20

// readPlan reads the file of a saved plan; nil without one.
func readPlan(path string) (*deploy.SavedPlan, error) {
	if path == "" {
		return nil, nil
	}
	data, err := regular.Read(path, maxSavedPlan)
	if err != nil {
		return nil, &cli.RemedyError{
			Err:    fmt.Errorf("reading the saved plan %s: %w", path, err),
			Advice: "name a file that `berth plan --json > FILE` wrote",
		}
	}
	saved, err := deploy.ReadPlan(data)
	if err != nil {
		return nil, &cli.RemedyError{
			Err:    fmt.Errorf("%s is not a saved plan: %w", path, err),
			Advice: "`berth plan --json > " + path + "` saves one",
		}
	}
	return &saved, nil
}
