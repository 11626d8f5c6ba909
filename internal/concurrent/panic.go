package concurrent

import (
	"fmt"
	"runtime/debug"
)

// PanicError says that a goroutine panicked, which is a bug in berth. It
// replaces the crash, so that the failed action is named and the locks are
// released.
type PanicError struct {
	// Value is the value of the panic, Stack the place.
	Value any
	Stack []byte
}

func (e *PanicError) Error() string { return fmt.Sprintf("a bug in berth: %v", e.Value) }

// Remedy is what the user can do.
func (*PanicError) Remedy() string {
	return "run it again: berth goes on from where it stopped; if it happens again, report it with the output of --debug"
}

// Safely calls f and returns its error, or a *PanicError if f panicked. Every
// goroutine whose code handles answers must use it: a panic in a goroutine ends
// the process without running the deferred releases of locks.
func Safely(f func() error) (err error) {
	defer func() {
		if v := recover(); v != nil {
			err = &PanicError{Value: v, Stack: debug.Stack()}
		}
	}()
	return f()
}
