// Package ecs holds the resource types of Amazon ECS: clusters, task
// definitions, services, and jobs, which are tasks that run to their end.
//
// What is sent to ECS is made in the files *_input.go, what ECS answers is read
// in *_shown.go, and what the state of an object means is decided in
// *_state.go. Errors that ECS has no code for are told apart by their text, in
// passing.go.
//
// It may import internal/engine and internal/aws/gate. A new type is a new file
// beside service.go and a line in internal/aws/types.go.
package ecs
