// Package update is how a new version of a service replaces the old one. It may import
// internal/project.
package update
