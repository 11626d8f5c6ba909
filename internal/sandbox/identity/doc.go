// Package identity is who may do what in the sandbox, and what is there: IAM, STS,
// Service Quotas and the index of tags over all services.
//
// Other services ask IAM whether they can assume a role and what it allows, and
// have their service-linked roles made. The policies of the caller are no part of
// it: package world evaluates them before a call is answered.
//
// It imports package world only.
package identity
