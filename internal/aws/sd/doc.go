// Package sd holds the resource types of AWS Cloud Map (service discovery):
// private DNS namespaces and the services in them. It may import
// internal/engine, internal/clock and internal/aws/call. A new type is a new
// file beside service.go and a line in internal/aws/types.go.
package sd
