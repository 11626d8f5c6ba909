package gate

import "context"

type guardKey struct{}

// WithGuard returns a context whose changing calls are asked about just before
// they are sent: an error of guard fails the call. Runs that share a gate each
// have a guard of their own. Calls to S3 and STS are not asked about: the lease
// itself is kept with conditional writes to S3.
func WithGuard(ctx context.Context, guard func() error) context.Context {
	return context.WithValue(ctx, guardKey{}, guard)
}

// Guard asks the guard of a context, for changes that no client of a gate makes.
// A context without one lets everything pass.
func Guard(ctx context.Context) error {
	if guard, ok := ctx.Value(guardKey{}).(func() error); ok {
		return guard()
	}
	return nil
}
