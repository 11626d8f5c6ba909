// Package asleep says what goes on in an environment that sleeps, and what of it costs. It
// may import internal/app and internal/project. What else a sleep does not reach is a line
// in Notices.
package asleep
