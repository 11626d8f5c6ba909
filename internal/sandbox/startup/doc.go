// Package startup is what ECS checks before the containers of a task can start, and the
// texts with which it says what is missing. It imports only package world.
package startup
