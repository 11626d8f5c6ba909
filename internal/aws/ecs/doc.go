// Package ecs holds the resource types of Amazon ECS: clusters, task
// definitions, services, and jobs, which are tasks that run to their end.
//
// The files *_input.go make requests to ECS, *_shown.go read ECS's answers, and
// *_state.go decide what an object's state means. passing.go recognises by
// their text the errors for which ECS has no code.
//
// It may import internal/engine and internal/aws/gate. To add a type, add a
// file beside service.go and a line in internal/aws/types.go.
package ecs
