// Package health is the health check of a container, and what it says about the
// service: the port and the path that it requests.
//
// It imports nothing of berth. Package app reads a check from a Compose file
// (health.go).
package health
