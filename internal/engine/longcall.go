package engine

import "context"

// longCall is what a call that takes minutes knows about its run.
type longCall struct {
	note func(detail string)
	stop <-chan struct{}
}

type longCallKey struct{}

// Progress reports what a call is doing, in one short line without secrets: it
// becomes a Waiting event of the call's action. Outside a run it does nothing.
func Progress(ctx context.Context, detail string) {
	if c, ok := ctx.Value(longCallKey{}).(longCall); ok {
		c.note(detail)
	}
}

// Stopping is closed when the call's run stops beginning new work. Most calls
// are short and end by themselves; a call that takes minutes, such as a build,
// gives up when the channel closes. Outside a run it is nil, which is never
// closed.
func Stopping(ctx context.Context) <-chan struct{} {
	if c, ok := ctx.Value(longCallKey{}).(longCall); ok {
		return c.stop
	}
	return nil
}

// callContext is the context of the task's calls.
func (t *task) callContext() context.Context {
	return context.WithValue(t.n.calls, longCallKey{}, longCall{
		note: func(detail string) { t.note(Waiting, detail) }, stop: t.n.going.Done(),
	})
}
