package cli

import "fmt"

// The exit codes; with interrupt.ExitCode these are all. docs/exit-codes.md explains
// them.
const (
	ExitDone      = 0
	ExitFailed    = 1
	ExitChanges   = 2
	ExitUnhealthy = 3
)

// ExitError makes berth end with this exit code; without err nothing more is printed.
type ExitError struct {
	Code int
	Err  error
}

func (e *ExitError) Error() string {
	if e.Err == nil {
		return fmt.Sprintf("exit code %d", e.Code)
	}
	return e.Err.Error()
}

func (e *ExitError) Unwrap() error { return e.Err }

// RemedyError is an error with what to do about it.
type RemedyError struct {
	Err    error
	Advice string
}

func (e *RemedyError) Error() string { return e.Err.Error() }
func (e *RemedyError) Unwrap() error { return e.Err }

// Remedy says what the user can do.
func (e *RemedyError) Remedy() string { return e.Advice }
