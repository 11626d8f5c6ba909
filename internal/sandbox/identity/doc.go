// Package identity has the sandbox's permissions and account-wide services: IAM,
// STS, Service Quotas and the index of tags over all services.
//
// Other services ask IAM whether they can assume a role and what it allows, and
// have their service-linked roles made. The caller's policies are not part of it:
// package world evaluates them before it answers a call.
//
// It only imports package world.
package identity
