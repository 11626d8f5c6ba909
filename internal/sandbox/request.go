package sandbox

import (
	"slices"
	"time"
)

// request is one call while it is being answered.
type request struct {
	// now is the moment of the call's effect. It does not move while the
	// call is answered.
	now     time.Time
	account *Account
	call    *Call
	access  *access
	tokens  tokens
}

// sent is when the caller sent the call: other calls may have taken effect since.
func (rq *request) sent() time.Time { return rq.call.At }

// passRole checks and records that the caller may hand a role to a service, such
// as "ecs-tasks.amazonaws.com". Handlers call it wherever their operation takes a
// role's ARN.
func (rq *request) passRole(arn, service string) error {
	rq.touch(arn)
	return rq.also("iam:PassRole", arn, facts{"iam:PassedToService": {service}})
}

// also checks and records that a call needs another action, with what is known of
// it for conditions.
func (rq *request) also(action, arn string, known facts) error {
	if !slices.Contains(rq.call.Actions, action) {
		rq.call.Actions = append(rq.call.Actions, action)
	}
	if rq.access.policy.allowsWith(action, arn, known) {
		return nil
	}
	return rq.access.denied(rq.call.Service, action, arn)
}

// needs checks and records the permissions that a service uses in the caller's
// name, on nothing in particular.
func (rq *request) needs(actions ...string) error {
	for _, action := range actions {
		if err := rq.also(action, "*", nil); err != nil {
			return err
		}
	}
	return nil
}

// alsoOn checks the call's own action on a second object that it is about.
func (rq *request) alsoOn(arn string) error {
	return rq.also(rq.call.Actions[0], arn, rq.access.tagsOf(arn))
}

// touch records that the call is about an object.
func (rq *request) touch(arn string) {
	if !slices.Contains(rq.call.Resources, arn) {
		rq.call.Resources = append(rq.call.Resources, arn)
	}
}

// request is what a handler gets that no call has caused: for what happens by
// itself at a moment.
func (a *Account) request(at time.Time) *request {
	return &request{account: a, now: at, call: &Call{}, access: &access{account: a}, tokens: tokens{}}
}
