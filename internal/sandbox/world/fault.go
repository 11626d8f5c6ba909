package world

import "time"

// FaultKind is a way in which a call goes wrong.
type FaultKind int

const (
	// NoFault lets the call pass; Fault.Delay still applies.
	NoFault FaultKind = iota
	// FailBefore breaks the connection before the call takes effect.
	FailBefore
	// FailAfter lets the call take effect and loses its answer.
	FailAfter
	// Throttle answers with the service's throttling error.
	Throttle
	// Deny answers that the caller lacks the permission.
	Deny
	// Expire answers that the caller's credentials have expired.
	Expire
	// KillBefore ends the caller before the call takes effect: this and every
	// later call fails, until Revive.
	KillBefore
	// KillAfter ends the caller after the call took effect.
	KillAfter
)

// Fault is what happens to a call. The zero value is nothing.
type Fault struct {
	Kind FaultKind
	// Delay is added to the time until the answer, whatever the kind.
	Delay time.Duration
	// Alter changes the answer of a call that succeeded, the SDK's typed output;
	// nil leaves it unchanged. The call's effect stays.
	Alter func(output any)
	// Instead replaces AWS's answer, and passes through all the SDK's code that
	// reads answers from the wire. With FailBefore the call does not take effect. It
	// does not work for Cloudflare.
	Instead *Answer
}

// caller is the process that makes the calls.
type caller struct {
	inject func(Call) Fault
	killed bool
	// life counts the processes that there were.
	life int
}

// Inject calls f for every call that follows; nil ends that. f may run in many
// goroutines at once and must not call the world.
func (w *World) Inject(f func(Call) Fault) {
	w.server.mu.Lock()
	defer w.server.mu.Unlock()
	w.server.caller.inject = f
}

// Revive lets calls pass again after a kill, as if by a new process. Calls that
// the dead process had under way still fail.
func (w *World) Revive() {
	w.server.mu.Lock()
	defer w.server.mu.Unlock()
	w.server.caller.killed = false
	w.server.caller.life++
}

// Killed reports whether a fault has killed the caller.
func (w *World) Killed() bool {
	w.server.mu.Lock()
	defer w.server.mu.Unlock()
	return w.server.caller.killed
}

// dead reports whether a call's caller was killed.
func (p *caller) dead(c *Call) bool { return p.killed || c.life != p.life }

// before is the error of a call that does not take effect.
func (p *caller) before(c *Call, f Fault) error {
	if p.dead(c) {
		return canceled(ErrKilled)
	}
	switch f.Kind {
	case FailBefore:
		return connectionReset()
	case KillBefore:
		p.killed = true
		return canceled(ErrKilled)
	case KillAfter:
		// This call still takes effect; whatever else is under way does not.
		p.killed = true
	case Throttle:
		return throttled(c.Service)
	case Expire:
		return expired(c.Service)
	case NoFault, FailAfter, Deny:
	}
	return nil
}

// after is the error of a call that took effect and whose answer is lost.
func (p *caller) after(c *Call, f Fault) error {
	switch {
	case p.dead(c):
		return canceled(ErrKilled)
	case f.Kind == FailAfter:
		return connectionReset()
	}
	return nil
}

// throttled returns the service's error for too many calls.
func throttled(service string) error {
	switch service {
	case "EC2":
		return APIError(503, "RequestLimitExceeded", "Request limit exceeded.")
	case "S3":
		return APIError(503, "SlowDown", "Please reduce your request rate.")
	case "IAM", "STS", "Elastic Load Balancing v2":
		return APIError(400, "Throttling", "Rate exceeded")
	}
	return APIError(400, "ThrottlingException", "Rate exceeded")
}

// expired returns the service's error for expired credentials.
func expired(service string) error {
	const text = "The security token included in the request is expired"
	switch service {
	case "EC2":
		return APIError(400, "RequestExpired", "Request has expired.")
	case "S3":
		return APIError(400, "ExpiredToken", "The provided token has expired.")
	case "IAM", "STS", "Elastic Load Balancing v2":
		return APIError(403, "ExpiredToken", text)
	}
	return APIError(400, "ExpiredTokenException", text)
}
