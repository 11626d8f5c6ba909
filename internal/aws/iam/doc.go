// Package iam holds the resource types of AWS IAM: roles and service-linked
// roles. It may import internal/engine, internal/aws/gate and
// internal/aws/roles. To add a type, add a file beside role.go and a line in
// internal/aws/types.go.
package iam
