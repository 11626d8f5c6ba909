package sd

import "github.com/berthdev/berth/internal/engine"

// Namespace is a Cloud Map private DNS namespace: the domain in which the
// services of a stack have their names. Outputs: id, arn.
type Namespace struct {
	Name string     `attr:"name,replace"`
	VPC  engine.Ref `attr:"vpc,replace"`
}

// Type implements engine.Resource.
func (Namespace) Type() string { return "sd.namespace" }
