package iam

// ServiceLinkedRole is the role by which an AWS service works in the account.
// It belongs to the account: berth makes it when it is missing and never
// deletes it. Outputs: id (the name), arn.
type ServiceLinkedRole struct {
	// Service is the principal, as in ecs.amazonaws.com.
	Service string `attr:"service,replace"`
}

// Type implements engine.Resource.
func (ServiceLinkedRole) Type() string { return "iam.service-linked-role" }
