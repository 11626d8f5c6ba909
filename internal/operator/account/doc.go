// Package account signs in to AWS for the operator and holds what the objects
// of one account and region share: credentials, clients, the token buckets and
// the readings, one for many objects.
//
// It imports internal/aws, internal/aws/gate, internal/engine and
// internal/clock. A new way to sign in is a field of Connection and a step in
// chain.go; a resource type that a kind of the operator needs is a name in
// kinds (account.go).
package account
