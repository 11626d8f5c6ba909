package concurrent

import (
	"errors"
	"sync"
)

// Each calls f for all items concurrently and joins the errors. It does not limit the
// rate: the caller's f must keep the provider's limits.
func Each[T any](items []T, f func(i int, item T) error) error {
	errs := make([]error, len(items))
	var wg sync.WaitGroup
	for i, item := range items {
		wg.Go(func() { errs[i] = Safely(func() error { return f(i, item) }) })
	}
	wg.Wait()
	return errors.Join(errs...)
}
