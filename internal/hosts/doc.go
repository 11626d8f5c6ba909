// Package hosts looks after the host names of a project: it finds the zones and
// certificates that they need, refuses a plan that would take a record from
// somebody else, says which records the user has to make, and keeps the records
// of tasks right. A zone is at a Provider: Route 53 or Cloudflare.
//
// It may import app, blueprint for the facts that it finds out for the graph,
// engine, clock, cloudflare and the packages of internal/aws/*. It knows nothing
// of locks, of a run's course or of how tasks are watched: those come in as
// arguments. Another provider is a file of its own beside route53.go.
package hosts
