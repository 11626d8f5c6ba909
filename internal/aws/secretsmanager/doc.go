// Package secretsmanager reads whether secrets that a project names by ARN
// exist in AWS Secrets Manager and which version is current; it never reads a
// value. It may import internal/engine. Code that reads more about a secret
// belongs in versions.go.
package secretsmanager
