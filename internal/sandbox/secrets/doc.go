// Package secrets has the services with secret values for containers: the
// Parameter Store of Systems Manager, and Secrets Manager.
//
// It imports package world only.
package secrets
