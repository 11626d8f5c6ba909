// Package aliases finds the further names of services: network aliases, links,
// container_name and hostname. A stack has one namespace, so a name belongs to one
// service.
//
// It may import internal/project. Package app calls it before it translates the
// services.
package aliases
