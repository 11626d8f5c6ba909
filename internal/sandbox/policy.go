package sandbox

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// policy is an IAM identity policy.
type policy struct {
	Statement oneOrMany[statement]
}

type statement struct {
	Sid       string
	Effect    string
	Action    oneOrMany[string]
	NotAction oneOrMany[string]
	Resource  oneOrMany[string]
	Condition conditions
}

// oneOrMany reads both of the forms that IAM allows for a list.
type oneOrMany[T any] []T

// UnmarshalJSON implements json.Unmarshaler.
func (o *oneOrMany[T]) UnmarshalJSON(b []byte) error {
	if len(b) > 0 && b[0] == '[' {
		return json.Unmarshal(b, (*[]T)(o))
	}
	var one T
	if err := json.Unmarshal(b, &one); err != nil {
		return err
	}
	*o = []T{one}
	return nil
}

// SetPolicy replaces the caller's identity policy, a JSON document; nil allows
// everything.
func (w *World) SetPolicy(document []byte) error {
	var p *policy
	if document != nil {
		p = &policy{}
		if err := json.Unmarshal(document, p); err != nil {
			return fmt.Errorf("identity policy: %w", err)
		}
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.policy, w.opt.Policy = p, document
	return nil
}

// permit checks every action that a call needs. What it implies in another
// service is not about its own resource.
func (w *World) permit(c *Call) error {
	for _, action := range c.Actions {
		resource := c.resource()
		if serviceIn(action) != serviceIn(c.Actions[0]) {
			resource = "*"
		}
		if w.policy == nil {
			continue
		}
		known := w.resourceFacts(resource)
		if service := fieldText(c.Input, "AWSServiceName"); service != "" {
			known["iam:AWSServiceName"] = []string{service}
		}
		if boundary, ok := w.iam.boundaryFacts(c.Operation, c.Input); ok {
			known["iam:PermissionsBoundary"] = boundary
		}
		if !w.policy.allowsWith(action, resource, known) {
			return w.deniedOn(c.Service, action, resource)
		}
	}
	return nil
}

// serviceIn is the service of an action.
func serviceIn(action string) string {
	prefix, _, _ := strings.Cut(action, ":")
	return prefix
}

// passRole checks and records that the caller may hand a role to a service.
// Handlers call it wherever their operation takes a role's ARN.
func (rq *request) passRole(arn string) error {
	const action = "iam:PassRole"
	if !slices.Contains(rq.call.Actions, action) {
		rq.call.Actions = append(rq.call.Actions, action)
	}
	rq.touch(arn)
	if rq.w.policy.allowsWith(action, arn, passedTo(rq.call.Service)) {
		return nil
	}
	return rq.w.deniedOn(rq.call.Service, action, arn)
}

// alsoOn checks the call's own action on a second object that it is about.
func (rq *request) alsoOn(arn string) error {
	action := rq.call.Actions[0]
	if rq.w.policy.allowsWith(action, arn, rq.w.resourceFacts(arn)) {
		return nil
	}
	return rq.w.deniedOn(rq.call.Service, action, arn)
}

// touch records that the call is about an object.
func (rq *request) touch(arn string) {
	if !slices.Contains(rq.call.Resources, arn) {
		rq.call.Resources = append(rq.call.Resources, arn)
	}
}

// resource is what the call is about; "*" when nothing in particular.
func (c *Call) resource() string {
	if len(c.Resources) > 0 {
		return c.Resources[0]
	}
	return "*"
}

// allows evaluates as IAM does: an explicit Deny wins, then any Allow. A call
// about nothing in particular ("*") is within every Allow's resources, so that
// a policy can name resources which the record does not know, and within a
// Deny's only if that says "*" too.
func (p *policy) allows(action, resource string) bool {
	return p.allowsWith(action, resource, nil)
}

// allowsWith evaluates with what is known of the call for conditions.
func (p *policy) allowsWith(action, resource string, known facts) bool {
	if p == nil {
		return true
	}
	allowed := false
	for _, s := range p.Statement {
		if !s.covers(action) || !s.Condition.hold(known) {
			continue
		}
		if s.Effect == "Deny" {
			if matchAny(s.Resource, resource, false) {
				return false
			}
			continue
		}
		allowed = allowed || resource == "*" || matchAny(s.Resource, resource, false)
	}
	return allowed
}

// covers tells whether a statement is about an action.
func (s statement) covers(action string) bool {
	if len(s.NotAction) > 0 {
		return !matchAny(s.NotAction, action, true)
	}
	return matchAny(s.Action, action, true)
}

// matchAny matches a text against IAM's wildcards * and ?. Actions are not
// case-sensitive, resources are.
func matchAny(patterns []string, text string, fold bool) bool {
	for _, p := range patterns {
		t := text
		if fold {
			p, t = strings.ToLower(p), strings.ToLower(t)
		}
		if wildcard(p, t) {
			return true
		}
	}
	return false
}

// wildcard is iterative, with one point to fall back to: linear in practice
// and never exponential.
func wildcard(pattern, text string) bool {
	p, t, star, mark := 0, 0, -1, 0
	for t < len(text) {
		switch {
		case p < len(pattern) && pattern[p] == '*':
			star, mark = p, t
			p++
		case p < len(pattern) && (pattern[p] == '?' || pattern[p] == text[t]):
			p++
			t++
		case star >= 0:
			mark++
			p, t = star+1, mark
		default:
			return false
		}
	}
	return strings.Trim(pattern[p:], "*") == ""
}

func (w *World) denied(c *Call, action string) error {
	return w.deniedOn(c.Service, action, c.resource())
}

// deniedOn is the service's way to refuse an action.
func (w *World) deniedOn(service, action, resource string) error {
	if resource == "*" {
		resource = "arn:aws:" + strings.SplitN(action, ":", 2)[0] + ":" + w.opt.Region + ":" + w.opt.Account + ":*"
	}
	text := fmt.Sprintf("User: %s is not authorized to perform: %s on resource: %s"+
		" because no identity-based policy allows the %s action", w.caller(), action, resource, action)
	switch service {
	case "EC2":
		return apiError(403, "UnauthorizedOperation", "You are not authorized to perform this operation. %s", text)
	case "IAM", "STS", "S3", "Elastic Load Balancing v2":
		return apiError(403, "AccessDenied", "%s", text)
	}
	return apiError(400, "AccessDeniedException", "%s", text)
}

// caller is the ARN of whoever makes the calls.
func (w *World) caller() string {
	return "arn:aws:iam::" + w.opt.Account + ":user/sandbox"
}
