// Package ec2 has the resource types of networks: VPCs, subnets, gateways,
// routes, security groups. Each file has one resource type: the struct for the
// desired state, and the Type (VPCs, Subnets, ...) with its calls to an SDK
// client.
//
// It imports engine, internal/aws/gate and the SDK's EC2 client, which must be
// attached to a gate.Gate: the types rely on its classes of errors.
//
// All types share this: List finds objects by the tag berth:owner, for all
// owners in one call; tags are part of the create call (tags.go); describe
// calls that several types need are made once per reading (describe.go). If a
// creation of several calls was interrupted, the object's attributes show it,
// and Update completes it.
//
// Where to add to it: copy the file of the nearest type, and add the type to
// the list in package aws.
package ec2
