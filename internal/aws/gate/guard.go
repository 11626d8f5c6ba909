package gate

import "context"

type guardKey struct{}

// WithGuard returns a context for which guard is called just before each
// changing call is sent: an error of guard fails the call. Runs that share a
// gate each have their own guard. Calls to S3 and STS are not guarded: the
// lease itself is kept with conditional writes to S3.
func WithGuard(ctx context.Context, guard func() error) context.Context {
	return context.WithValue(ctx, guardKey{}, guard)
}

// Guard calls the guard of a context, for changes that are not made through a
// gate. It returns nil for a context without a guard.
func Guard(ctx context.Context) error {
	if guard, ok := ctx.Value(guardKey{}).(func() error); ok {
		return guard()
	}
	return nil
}
