package ecr_test

import "errors"

// isA is errors.As.
func isA[E error](err error, target *E) bool { return errors.As(err, target) }
