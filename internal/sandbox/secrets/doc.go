// Package secrets is where the sandbox keeps values for containers: the Parameter
// Store of Systems Manager, and Secrets Manager.
//
// It imports package world only.
package secrets
