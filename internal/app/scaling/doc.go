// Package scaling is how the load of a service decides how many tasks run: what a file
// asks for, and what that means. It may import internal/project and
// internal/cron.
package scaling
