// Package cloudmap holds the resource types of AWS Cloud Map (service discovery):
// private DNS namespaces and the services in them. It may import
// internal/engine, internal/clock and internal/aws/gate. A new type is a new
// file beside service.go and a line in internal/aws/types.go.
package cloudmap
