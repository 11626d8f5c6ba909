package iam

// Role is a role that an AWS service assumes, with its policies. Roles are
// found by their path, which names the owner, and carry what berth asked for
// in their description, because listing roles shows no tags. Outputs: id (the
// name), arn.
type Role struct {
	// Name is unique in the account; Path is /berth/ENVIRONMENT/ or
	// /berth/ENVIRONMENT/PROJECT/.
	Name string `attr:"name,replace"`
	Path string `attr:"path,replace"`
	// Service is the principal that assumes it, as in ecs-tasks.amazonaws.com.
	Service string `attr:"service"`
	// Managed are the ARNs of attached policies.
	Managed []string `attr:"managed,set"`
	// Inline are the role's own policies: name to JSON document.
	Inline map[string]string `attr:"inline"`
}

// Type implements engine.Resource.
func (Role) Type() string { return "iam.role" }
