// Package attach reaches into running containers of a project with ECS Exec: it runs
// commands there, forwards ports, and copies files. It finds the task and the container
// that a name means, and says what is missing when there is none. Sessions themselves
// are package session's.
package attach
