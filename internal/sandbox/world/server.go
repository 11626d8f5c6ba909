package world

import (
	"context"
	"errors"
	"sync"
	"time"

	awsmiddleware "github.com/aws/aws-sdk-go-v2/aws/middleware"
	"github.com/aws/smithy-go/middleware"
)

// server answers the calls of a world.
type server struct {
	account  *Account
	services Services
	routes   map[string]*route

	// mu guards the account, the services and everything below. It is held while
	// a call is answered and never during a sleep.
	mu     sync.Mutex
	record record
	caller caller
	limits limits
	access *access
	tokens tokens
}

func newServer(account *Account, all Services) (*server, error) {
	routes, err := newRoutes(account, all)
	if err != nil {
		return nil, err
	}
	policy, err := parsePolicy(account.opt.Policy)
	if err != nil {
		return nil, err
	}
	s := &server{
		account: account, services: all, routes: routes,
		limits: limits{on: account.opt.Buckets, buckets: map[string]*Bucket{}},
		access: &access{account: account, services: all, policy: policy}, tokens: tokens{},
	}
	account.actor = actor{s}
	return s, nil
}

// begin makes the objects that every account has.
func (s *server) begin() {
	// The time is long ago, so that no lag applies.
	rq := s.account.RequestAt(s.account.Now().AddDate(-1, 0, 0))
	for _, one := range s.services {
		if b, ok := one.(Beginner); ok {
			b.Begin(rq)
		}
	}
}

// inputKey carries an operation's typed input from the first step of the
// SDK's stack to the last.
type inputKey struct{}

// attach connects an SDK operation to the world: it stores the typed input
// after the SDK has filled in idempotency tokens, and answers instead of the
// wire. Serialising, endpoint resolution, signing and retries stay real.
func (s *server) attach(stack *middleware.Stack) error {
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
			out.Result, err = s.serve(ctx, awsmiddleware.GetServiceID(ctx), op, in)
			var other *insteadError
			if errors.As(err, &other) {
				return next.HandleDeserialize(context.WithValue(ctx, answerKey{}, other.answer), wire)
			}
			return out, md, err
		}), middleware.Before)
}

// serve answers one call: it sleeps for the latency, runs the events that are
// due, and then decides, as AWS does, in the order throttled, denied, handled.
func (s *server) serve(ctx context.Context, service, op string, in any) (any, error) {
	call, fault, err := s.receive(service, op, in)
	if err != nil {
		return nil, err
	}
	if err := s.account.clock.Sleep(ctx, s.account.opt.Latency/2); err != nil {
		return nil, canceled(err)
	}
	out, err := s.answer(call, fault, in)
	if sleepErr := s.account.clock.Sleep(ctx, s.account.opt.Latency-s.account.opt.Latency/2+fault.Delay); sleepErr != nil {
		return nil, canceled(sleepErr)
	}
	if fault.Instead != nil {
		return nil, &insteadError{fault.Instead}
	}
	if err := s.lost(call, fault); err != nil {
		return nil, err
	}
	if err != nil {
		return nil, Respond(err)
	}
	if fault.Alter != nil {
		fault.Alter(out)
	}
	return out, nil
}

// answer runs the handler under the mutex.
func (s *server) answer(call *Call, fault Fault, in any) (any, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	a := s.account
	rq := &Request{account: a, Now: a.Now(), call: call, access: s.access, tokens: s.tokens}
	a.settle(rq.Now)
	a.at = rq.Now
	defer func() { a.at = time.Time{} }()
	out, err := s.decide(rq, fault, in)
	s.record.finish(call, err)
	return out, err
}

// decide answers in AWS's order: throttled, denied, handled.
func (s *server) decide(rq *Request, fault Fault, in any) (any, error) {
	call := rq.call
	if err := s.before(call, fault); err != nil {
		return nil, err
	}
	rt, ok := s.routes[routeName(call.Service, call.Operation)]
	if !ok {
		return nil, APIError(501, "UnsupportedOperation",
			"the sandbox does not implement %s %s", call.Service, call.Operation)
	}
	if err := s.limits.take(call, rq.Now); err != nil {
		return nil, err
	}
	if err := s.access.permit(call); err != nil {
		return nil, err
	}
	return rt.serve(rq, in)
}

// receive records a call and asks for its fault.
func (s *server) receive(service, op string, in any) (*Call, Fault, error) {
	s.mu.Lock()
	if s.caller.killed {
		s.mu.Unlock()
		return nil, Fault{}, canceled(ErrKilled)
	}
	c := Call{
		At: s.account.Now(), Service: service, Operation: op, Mutating: Mutating(op), Input: in, life: s.caller.life,
	}
	if _, other := s.services.find(service).(Foreign); !other {
		c.Actions = actionsOf(service, op, in)
	}
	if arn := s.services.locate(service, op, in); arn != "" {
		c.Resources = []string{arn}
	}
	s.record.add(&c)
	inject := s.caller.inject
	s.mu.Unlock()
	if inject == nil {
		return &c, Fault{}, nil
	}
	return &c, inject(c), nil
}

// before is the error of a call that does not take effect.
func (s *server) before(c *Call, f Fault) error {
	if f.Kind != Deny || s.caller.dead(c) {
		return s.caller.before(c, f)
	}
	if other, ok := s.services.find(c.Service).(Foreign); ok {
		return other.Denied()
	}
	return s.access.denied(c.Service, c.Actions[0], c.resource())
}

// lost is the error of a call whose answer does not arrive.
func (s *server) lost(c *Call, f Fault) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	err := s.caller.after(c, f)
	if err != nil && c.Code == "" {
		s.record.finish(c, err)
	}
	return err
}

// Serve answers one call as the SDK's stack does: the error is the one that a
// client sees.
func (w *World) Serve(ctx context.Context, service, operation string, in any) (any, error) {
	return w.server.serve(ctx, service, operation, in)
}
