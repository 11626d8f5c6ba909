// Package ecs holds the resource types of Amazon ECS: clusters, task
// definitions, services and jobs. It may import internal/engine and
// internal/aws/call. A new type is a new file beside service.go and a line in
// internal/aws/types.go.
package ecs
