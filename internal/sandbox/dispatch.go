package sandbox

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"time"

	awsmiddleware "github.com/aws/aws-sdk-go-v2/aws/middleware"
	"github.com/aws/smithy-go/middleware"
)

// request is one call while it is being answered.
type request struct {
	w *World
	// now is the moment of the call's effect. It does not move while the
	// call is answered.
	now  time.Time
	call *Call
}

// route is the handler of one operation.
type route struct {
	service, operation string
	serve              func(rq *request, in any) (any, error)
}

// router takes the operations and events of one part.
type router struct {
	w       *World
	service string
}

// on registers the handler of the operation whose input type is In, as in
// CreateVpcInput. The handler runs with the world's mutex held: it reads and
// changes state, never sleeps. Anything that comes later it gives to
// World.schedule. Input and output are copied, so a handler may keep the one
// and return parts of its state in the other. Its error is a type of the service's own types package, or
// one made by apiError.
func on[In, Out any](r *router, h func(*request, *In) (*Out, error)) {
	op := strings.TrimSuffix(reflect.TypeFor[In]().Name(), "Input")
	r.w.routes[r.service+"."+op] = &route{
		service:   r.service,
		operation: op,
		serve: func(rq *request, in any) (any, error) {
			typed, ok := in.(*In)
			if !ok {
				return nil, fmt.Errorf("sandbox: %s got a %T", op, in)
			}
			typed = clone(typed)
			if r.w.opt.IgnoreFilters {
				dropFilters(op, typed)
			}
			out, err := h(rq, typed)
			if err != nil {
				return nil, err
			}
			return clone(out), nil
		},
	}
}

// event registers what happens when an event of this kind is due. The object
// may be gone by then: the function must accept an id that it does not know.
func (r *router) event(kind string, f func(at time.Time, id string)) {
	r.w.happens[kind] = f
}

// inputKey carries an operation's typed input from the first step of the
// SDK's stack to the last.
type inputKey struct{}

// attach puts the world under an SDK operation: it notes the typed input after
// the SDK has filled in idempotency tokens, and answers in the place of the
// wire. Serialising, endpoint resolution, signing and retries stay real.
func (w *World) attach(stack *middleware.Stack) error {
	err := stack.Initialize.Add(middleware.InitializeMiddlewareFunc("SandboxInput",
		func(ctx context.Context, in middleware.InitializeInput, next middleware.InitializeHandler) (
			middleware.InitializeOutput, middleware.Metadata, error,
		) {
			return next.HandleInitialize(middleware.WithStackValue(ctx, inputKey{}, in.Parameters), in)
		}), middleware.After)
	if err != nil {
		return err
	}
	return stack.Deserialize.Add(middleware.DeserializeMiddlewareFunc("SandboxAnswer",
		func(ctx context.Context, wire middleware.DeserializeInput, next middleware.DeserializeHandler) (
			out middleware.DeserializeOutput, md middleware.Metadata, err error,
		) {
			op := awsmiddleware.GetOperationName(ctx)
			in := middleware.GetStackValue(ctx, inputKey{})
			out.Result, err = w.serve(ctx, awsmiddleware.GetServiceID(ctx), op, in)
			var other *insteadError
			if errors.As(err, &other) {
				return next.HandleDeserialize(context.WithValue(ctx, answerKey{}, other.answer), wire)
			}
			return out, md, err
		}), middleware.Before)
}

// serve answers one call: it sleeps the latency, lets what is due happen, and
// then decides, as AWS does, in the order throttled, denied, handled.
func (w *World) serve(ctx context.Context, service, op string, in any) (any, error) {
	call, fault, err := w.begin(service, op, in)
	if err != nil {
		return nil, err
	}
	if err := w.clock.Sleep(ctx, w.opt.Latency/2); err != nil {
		return nil, canceled(err)
	}
	out, err := w.answer(call, fault, in)
	if sleepErr := w.clock.Sleep(ctx, w.opt.Latency-w.opt.Latency/2+fault.Delay); sleepErr != nil {
		return nil, canceled(sleepErr)
	}
	if fault.Instead != nil {
		return nil, &insteadError{fault.Instead}
	}
	if err := w.lost(call, fault); err != nil {
		return nil, err
	}
	if err != nil {
		return nil, respond(err)
	}
	if fault.Alter != nil {
		fault.Alter(out)
	}
	return out, nil
}

// answer runs the handler under the mutex.
func (w *World) answer(call *Call, fault Fault, in any) (any, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	rq := &request{w: w, now: w.now(), call: call}
	w.settle(rq.now)
	w.at = rq.now
	defer func() { w.at = time.Time{} }()
	out, err := w.decide(rq, fault, in)
	w.finish(call, err)
	return out, err
}

func (w *World) decide(rq *request, fault Fault, in any) (any, error) {
	call := rq.call
	if err := w.before(call, fault); err != nil {
		return nil, err
	}
	rt, ok := w.routes[call.Service+"."+call.Operation]
	if !ok {
		return nil, apiError(501, "UnsupportedOperation",
			"the sandbox does not implement %s %s", call.Service, call.Operation)
	}
	if err := w.throttle(rq); err != nil {
		return nil, err
	}
	if err := w.permit(call); err != nil {
		return nil, err
	}
	return rt.serve(rq, in)
}
