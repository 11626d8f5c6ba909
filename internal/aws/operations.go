package aws

import (
	_ "embed"
	"strings"
)

// operations is generated from the source (go generate ./test/permissions): one
// operation a line, the SDK's id of its service, a tab and its name.
//
//go:embed operations.txt
var operations string

// Operation is one call that berth can send.
type Operation struct {
	// Service is the SDK's id of the service, such as "EC2".
	Service string
	Name    string
}

// Operations returns all calls that berth can send, in the order of their
// services and names. Anything that replaces AWS must answer each of them.
func Operations() []Operation {
	var all []Operation
	for line := range strings.Lines(operations) {
		service, name, _ := strings.Cut(strings.TrimSpace(line), "\t")
		all = append(all, Operation{Service: service, Name: name})
	}
	return all
}
