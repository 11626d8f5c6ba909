// Package cloudmap holds the resource types of AWS Cloud Map (service discovery):
// private DNS namespaces and the services in them. It may import internal/engine,
// internal/clock and internal/aws/gate. To add a type, add a file beside
// service.go and a line in internal/aws/types.go.
package cloudmap
