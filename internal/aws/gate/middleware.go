package gate

import (
	"context"
	"errors"
	"time"

	awsmiddleware "github.com/aws/aws-sdk-go-v2/aws/middleware"
	"github.com/aws/smithy-go/middleware"

	"github.com/berthdev/berth/internal/engine"
)

// Attempt is one sending of one operation.
type Attempt struct {
	// Service is berth's short name, such as "ec2".
	Service, Operation string
	// Number counts the attempts of one operation from 1.
	Number int
	// Began is when the attempt began to wait for its token, Waited is how long
	// it waited, and Took is the time from then to the answer.
	Began        time.Time
	Waited, Took time.Duration
	// Err is nil or an *Error.
	Err error
}

// progress is how far an operation has come; the SDK runs the attempts of one
// operation one after the other.
type progress struct {
	attempts int
	// sent is set once the present attempt is on the wire: an attempt that
	// fails before that has no effect.
	sent bool
}

type progressKey struct{}

// install puts the gate into the stack of one operation.
func (g *Gate) install(s *middleware.Stack) error {
	err := s.Initialize.Add(middleware.InitializeMiddlewareFunc("BerthOperation", g.operation), middleware.Before)
	if err != nil {
		return err
	}
	attempt := middleware.FinalizeMiddlewareFunc("BerthAttempt", g.attempt)
	if _, ok := s.Finalize.Get("Retry"); ok {
		err = s.Finalize.Insert(attempt, "Retry", middleware.After)
	} else {
		err = s.Finalize.Add(attempt, middleware.Before)
	}
	if err != nil {
		return err
	}
	if err := s.Deserialize.Add(middleware.DeserializeMiddlewareFunc("BerthAnswer", checkAnswer), middleware.After); err != nil {
		return err
	}
	return s.Finalize.Add(middleware.FinalizeMiddlewareFunc("BerthSent", g.send), middleware.After)
}

// operation is the outermost middleware: it turns every failure into an *Error,
// without the SDK's wrappers.
func (g *Gate) operation(ctx context.Context, in middleware.InitializeInput, next middleware.InitializeHandler) (
	middleware.InitializeOutput, middleware.Metadata, error,
) {
	p := &progress{}
	out, md, err := next.HandleInitialize(middleware.WithStackValue(ctx, progressKey{}, p), in)
	if err == nil {
		return out, md, nil
	}
	var e *Error
	if !errors.As(err, &e) {
		e = newError(ctx, p, err)
	}
	if e.class == engine.Denied && e.object == "" {
		e.object = objectOf(e, in.Parameters)
	}
	if ctx.Err() != nil && !errors.Is(e, ctx.Err()) {
		e = e.stopped(context.Cause(ctx))
	}
	return out, md, e
}

// attempt runs once for every attempt, inside the SDK's retry loop.
func (g *Gate) attempt(ctx context.Context, in middleware.FinalizeInput, next middleware.FinalizeHandler) (
	middleware.FinalizeOutput, middleware.Metadata, error,
) {
	p := progressOf(ctx)
	p.attempts++
	p.sent = false
	service, op := serviceOf(ctx), awsmiddleware.GetOperationName(ctx)
	a := Attempt{Service: service.name, Operation: op, Number: p.attempts, Began: g.clock.Now()}
	var out middleware.FinalizeOutput
	var md middleware.Metadata
	err := g.buckets.take(ctx, service.name, op)
	a.Waited = g.clock.Now().Sub(a.Began)
	if err == nil {
		if out, md, err = next.HandleFinalize(ctx, in); err == nil {
			err = complete(service.name, op, out.Result)
		}
		a.Took = g.clock.Now().Sub(a.Began) - a.Waited
	}
	if p.sent {
		g.counter.add(service.name, op)
	}
	if err != nil {
		err = newError(ctx, p, err)
	}
	if g.observe != nil {
		a.Err = err
		g.observe(a)
	}
	return out, md, err
}

// send is the last step before the wire. It calls the guard here and not
// earlier: the lease may be lost while a call waits for its token or is signed,
// and a process that was suspended continues in the middle of a step.
func (g *Gate) send(ctx context.Context, in middleware.FinalizeInput, next middleware.FinalizeHandler) (
	middleware.FinalizeOutput, middleware.Metadata, error,
) {
	if !serviceOf(ctx).unguarded && !IsReading(awsmiddleware.GetOperationName(ctx)) {
		if err := Guard(ctx); err != nil {
			return middleware.FinalizeOutput{}, middleware.Metadata{}, &refusedError{err}
		}
	}
	progressOf(ctx).sent = true
	return next.HandleFinalize(ctx, in)
}

func progressOf(ctx context.Context) *progress {
	if p, ok := middleware.GetStackValue(ctx, progressKey{}).(*progress); ok {
		return p
	}
	return &progress{}
}

// refusedError is the guard's refusal: the call was not sent.
type refusedError struct{ err error }

func (e *refusedError) Error() string { return "not sent: " + Text(e.err) }
func (e *refusedError) Unwrap() error { return e.err }

// Class implements engine.Classified.
func (e *refusedError) Class() engine.Class { return engine.ClassOf(e.err) }
