package world

import (
	"slices"
	"time"
)

// Request is one call while it is being answered.
type Request struct {
	// Now is the time of the call's effect. It does not change while the call
	// is answered.
	Now     time.Time
	account *Account
	call    *Call
	access  *access
	tokens  tokens
}

// Sent is when the caller sent the call: other calls may have taken effect since.
func (rq *Request) Sent() time.Time { return rq.call.At }

// PassRole checks and records that the caller may pass a role to a service, such
// as "ecs-tasks.amazonaws.com". Handlers call it wherever their operation takes a
// role's ARN.
func (rq *Request) PassRole(arn, service string) error {
	rq.touch(arn)
	return rq.Also("iam:PassRole", arn, Facts{"iam:PassedToService": {service}})
}

// Also checks and records that a call needs another action, with the facts for
// conditions.
func (rq *Request) Also(action, arn string, known Facts) error {
	if !slices.Contains(rq.call.Actions, action) {
		rq.call.Actions = append(rq.call.Actions, action)
	}
	if rq.access.policy.allowsWith(action, arn, known) {
		return nil
	}
	return rq.access.denied(rq.call.Service, action, arn)
}

// Needs checks and records the permissions that a service uses on the caller's
// behalf, without a specific resource.
func (rq *Request) Needs(actions ...string) error {
	for _, action := range actions {
		if err := rq.Also(action, "*", nil); err != nil {
			return err
		}
	}
	return nil
}

// AlsoOn checks the call's own action on a second object that it is about.
func (rq *Request) AlsoOn(arn string) error {
	return rq.Also(rq.call.Actions[0], arn, rq.access.tagsOf(arn))
}

// touch records that the call is about an object.
func (rq *Request) touch(arn string) {
	if !slices.Contains(rq.call.Resources, arn) {
		rq.call.Resources = append(rq.call.Resources, arn)
	}
}

// RequestAt returns a request for a handler that no call has caused, for
// events.
func (a *Account) RequestAt(at time.Time) *Request {
	return &Request{account: a, Now: at, call: &Call{}, access: &access{account: a}, tokens: tokens{}}
}
