package world

import (
	"time"
)

// actor answers the calls that a service of AWS makes with a role.
type actor struct{ server *server }

// Act is a call that a service makes with a role, such as EventBridge Scheduler with the
// role of a schedule: it needs what policy allows, and nothing of the caller. It is not
// in the record of calls.
func (a *Account) Act(at time.Time, policy *Policy, service, operation string, in any) (any, error) {
	s := a.actor.server
	c := &Call{
		At: at, Service: service, Operation: operation, Mutating: Mutating(operation), Input: in, Actions: actionsOf(service, operation, in),
	}
	if arn := s.services.locate(service, operation, in); arn != "" {
		c.Resources = []string{arn}
	}
	rt, ok := s.routes[routeName(service, operation)]
	if !ok {
		return nil, APIError(501, "UnsupportedOperation", "the sandbox does not implement %s %s", service, operation)
	}
	who := &access{account: a, services: s.services, policy: policy}
	if err := who.permit(c); err != nil {
		return nil, err
	}
	return rt.serve(&Request{account: a, Now: at, call: c, access: who, tokens: s.tokens}, in)
}
