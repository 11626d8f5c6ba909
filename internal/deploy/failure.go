package deploy

import (
	"errors"

	"github.com/berthdev/berth/internal/aws/ecs"
	"github.com/berthdev/berth/internal/engine"
)

// Unhealthy reports whether the only failures are services that did not become
// healthy and jobs that failed: AWS did what it was asked, and what runs in the
// containers did not work.
func Unhealthy(err error) bool {
	failed := Failures(err)
	for _, f := range failed {
		var notReady *engine.NotReadyError
		runs := f.Address.Type == ecs.Service{}.Type() || f.Address.Type == ecs.Job{}.Type()
		if !runs || !errors.As(f.Err, &notReady) {
			return false
		}
	}
	return len(failed) > 0
}

// Failures returns the failed actions in an error of Apply.
func Failures(err error) []*engine.ActionError {
	var out []*engine.ActionError
	var walk func(error)
	walk = func(err error) {
		if err == nil {
			return
		}
		//nolint:errorlint // every branch of the tree is visited
		switch e := err.(type) {
		case *engine.ActionError:
			out = append(out, e)
		case interface{ Unwrap() []error }:
			for _, inner := range e.Unwrap() {
				walk(inner)
			}
		case interface{ Unwrap() error }:
			walk(e.Unwrap())
		}
	}
	walk(err)
	return out
}
