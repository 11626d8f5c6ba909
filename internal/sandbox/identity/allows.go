package identity

import (
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/berthdev/berth/internal/sandbox/world"
)

// RoleAllows reports whether a role may do something.
func (p *IAM) RoleAllows(arn, action, resource string) bool {
	return p.Refusal(arn, action, resource) == ""
}

// Refusal is why a role may not do something, as IAM says it at the end of an error; empty
// if it may: a policy of the role must allow it, none deny it, and a permissions boundary
// allow it too. A managed policy whose document the account does not have, such as one of
// AWS's, counts as if it allowed everything.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
func (p *IAM) Refusal(arn, action, resource string) string {
	r := p.s.Roles.Get(strings.ToLower(world.LastPart(arn)))
	if r == nil {
		return because("identity-based policy", action)
	}
	own, unknown := &world.Policy{}, false
	for _, document := range r.Inline {
		own.Add(document)
	}
	for _, attached := range r.Attached {
		document, known := p.s.Documents[attached]
		own.Add(document)
		unknown = unknown || !known
	}
	switch {
	case own.Denies(action, resource):
		return "with an explicit deny in an identity-based policy"
	case !unknown && !own.Allows(action, resource):
		return because("identity-based policy", action)
	case r.PermissionsBoundary == nil:
		return ""
	}
	document, known := p.s.Documents[aws.ToString(r.PermissionsBoundary.PermissionsBoundaryArn)]
	boundary := &world.Policy{}
	boundary.Add(document)
	switch {
	case boundary.Denies(action, resource):
		return "with an explicit deny in a permissions boundary"
	case known && !boundary.Allows(action, resource):
		return because("permissions boundary", action)
	}
	return ""
}

func because(kind, action string) string {
	return "because no " + kind + " allows the " + action + " action"
}
