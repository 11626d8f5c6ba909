package engine

import (
	"errors"
	"sync"
)

// Each calls f for every item, all side by side, and joins the errors. The provider's
// rate limits are kept by whoever makes the calls.
func Each[T any](items []T, f func(i int, item T) error) error {
	errs := make([]error, len(items))
	var wg sync.WaitGroup
	for i, item := range items {
		wg.Go(func() { errs[i] = Safely(func() error { return f(i, item) }) })
	}
	wg.Wait()
	return errors.Join(errs...)
}
