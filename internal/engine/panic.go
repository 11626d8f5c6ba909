package engine

import (
	"fmt"
	"runtime/debug"
)

// PanicError is a mistake of berth's own: a goroutine panicked. It takes the
// place of the crash, so that the action it happened in is named and the locks
// are released.
type PanicError struct {
	// Value is what was panicked with, Stack where.
	Value any
	Stack []byte
}

func (e *PanicError) Error() string { return fmt.Sprintf("a mistake in berth: %v", e.Value) }

// Remedy is what the user can do.
func (*PanicError) Remedy() string {
	return "run it again: berth goes on from where it stopped; if it comes back, report it with what --debug prints"
}

// Safely calls f and returns its error, or a *PanicError if f panicked. Every
// goroutine that runs code which takes in answers goes through it: a panic in
// a goroutine ends the process, and no deferred release of a lock is run.
func Safely(f func() error) (err error) {
	defer func() {
		if v := recover(); v != nil {
			err = &PanicError{Value: v, Stack: debug.Stack()}
		}
	}()
	return f()
}
