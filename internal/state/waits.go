package state

import "context"

type waitsKey struct{}

// TellWaits returns a context whose calls report why they wait: Observe for a run
// to end, a Bucket for S3 to know it.
func TellWaits(ctx context.Context, tell func(reason string)) context.Context {
	return context.WithValue(ctx, waitsKey{}, tell)
}

// waits reports why a call waits, if the context comes from TellWaits.
func waits(ctx context.Context, reason string) {
	if tell, ok := ctx.Value(waitsKey{}).(func(string)); ok {
		tell(reason)
	}
}
