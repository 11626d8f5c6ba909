package command

import (
	"fmt"
	"io"
	"os"

	"github.com/berthdev/berth/internal/run"
)

// maxSavedPlan bounds what is read of a saved plan.
const maxSavedPlan = 64 << 20

// readPlan reads the file of a saved plan; nil without one.
func readPlan(path string) (*run.SavedPlan, error) {
	if path == "" {
		return nil, nil
	}
	data, err := readBounded(path)
	if err != nil {
		return nil, fmt.Errorf("reading the saved plan: %w", err)
	}
	saved, err := run.ReadPlan(data)
	if err != nil {
		return nil, &remedyError{
			err:    fmt.Errorf("%s is no saved plan: %w", path, err),
			remedy: "`berth plan --json > " + path + "` saves one",
		}
	}
	return &saved, nil
}

// readBounded reads a regular file of a bearable size.
func readBounded(path string) ([]byte, error) {
	info, err := os.Stat(path) // before it is opened: opening a pipe waits
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, fmt.Errorf("%s is no regular file", path)
	}
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer func() { _ = file.Close() }()
	data, err := io.ReadAll(io.LimitReader(file, maxSavedPlan+1))
	if err == nil && len(data) > maxSavedPlan {
		err = fmt.Errorf("%s is larger than %d MiB", path, maxSavedPlan>>20)
	}
	return data, err
}
