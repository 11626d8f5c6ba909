package concurrent

import "slices"

// Gather calls f concurrently for batches of at most size items and concatenates the
// results in the order of the items.
func Gather[T, R any](items []T, size int, f func([]T) ([]R, error)) ([]R, error) {
	batches := slices.Collect(slices.Chunk(items, size))
	results := make([][]R, len(batches))
	err := Each(batches, func(i int, batch []T) (err error) {
		results[i], err = f(batch)
		return err
	})
	return slices.Concat(results...), err
}
