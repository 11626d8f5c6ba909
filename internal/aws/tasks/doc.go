// Package tasks has what several services know of ECS tasks: which there are, how one
// is stopped, and what an answer of RunTask says.
package tasks
