package command

import (
	"encoding/json"
	"fmt"
	"io"
	"os"

	"github.com/berthdev/berth/internal/engine"
	"github.com/berthdev/berth/internal/run"
)

// maxSavedPlan bounds what is read of a saved plan.
const maxSavedPlan = 64 << 20

// checkSaved compares the plan that was just made with the one that `plan
// --json` saved in a file. It is an *engine.MovedError if they differ.
func checkSaved(p *run.Prepared, path string) error {
	if path == "" {
		return nil
	}
	file, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("reading the saved plan: %w", err)
	}
	defer func() { _ = file.Close() }()
	data, err := io.ReadAll(io.LimitReader(file, maxSavedPlan))
	if err != nil {
		return fmt.Errorf("reading the saved plan: %w", err)
	}
	var saved engine.Plan
	if err := json.Unmarshal(data, &saved); err != nil {
		return &remedyError{
			err:    fmt.Errorf("%s is no saved plan: %w", path, err),
			remedy: "`berth plan --json > " + path + "` saves one",
		}
	}
	return p.Plan.CheckSaved(&saved)
}
