package world

import (
	"fmt"
	"maps"
	"strings"
)

// access is what the caller may do.
type access struct {
	account  *Account
	services Services
	// policy is the caller's identity policy; nil allows everything.
	policy *Policy
}

// permit checks every action that a call needs. An action that the call implies
// in another service is not about the call's own resource.
func (a *access) permit(c *Call) error {
	if a.policy == nil {
		return nil
	}
	for _, action := range c.Actions {
		resource := c.resource()
		if serviceIn(action) != serviceIn(c.Actions[0]) {
			resource = "*"
		}
		known := a.tagsOf(resource)
		if service := FieldText(c.Input, "AWSServiceName"); service != "" {
			known["iam:AWSServiceName"] = []string{service}
		}
		for _, s := range a.services {
			if more, ok := s.(Conditioned); ok {
				maps.Copy(known, more.Conditions(c.Operation, c.Input))
			}
		}
		if !a.policy.allowsWith(action, resource, known) {
			return a.denied(c.Service, action, resource)
		}
	}
	return nil
}

// serviceIn is the service of an action.
func serviceIn(action string) string {
	prefix, _, _ := strings.Cut(action, ":")
	return prefix
}

// resource is what the call is about; "*" when nothing in particular.
func (c *Call) resource() string {
	if len(c.Resources) > 0 {
		return c.Resources[0]
	}
	return "*"
}

// tagsOf returns the tags of an object as conditions see them, and marks other
// tags as absent. For an object that does not exist the operation's handler
// answers: AWS usually says that it does not exist.
func (a *access) tagsOf(arn string) Facts {
	tags, ok := a.services.tagsOf(arn)
	if !ok {
		return Facts{}
	}
	known := Facts{tagKey: nil}
	for k, v := range tags {
		known[tagKey+k] = []string{v}
	}
	return known
}

// denied returns the error with which the service refuses an action.
func (a *access) denied(service, action, resource string) error {
	if resource == "*" {
		resource = a.account.ARN(serviceIn(action), "*")
	}
	text := fmt.Sprintf("User: %s is not authorized to perform: %s on resource: %s"+
		" because no identity-based policy allows the %s action", a.account.Caller(), action, resource, action)
	switch service {
	case "EC2":
		return APIError(403, "UnauthorizedOperation", "You are not authorized to perform this operation. %s", text)
	case "IAM", "STS", "S3", "Elastic Load Balancing v2":
		return APIError(403, "AccessDenied", "%s", text)
	}
	return APIError(400, "AccessDeniedException", "%s", text)
}
