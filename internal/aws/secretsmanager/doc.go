// Package secretsmanager reads what AWS Secrets Manager says of secrets that a
// project names by their ARN: that they exist and which version is current,
// never a value. It may import internal/engine. Reading more of a secret goes
// into versions.go.
package secretsmanager
