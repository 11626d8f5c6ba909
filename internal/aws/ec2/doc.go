// Package ec2 is berth's network: VPC, subnets, gateways, routes, security
// groups. One resource type is one file: the struct that is the desired state,
// and a Type (VPCs, Subnets, ...) with its verbs around an SDK client.
//
// It imports engine, internal/aws/gate and the SDK's EC2 client, which must
// pass a gate.Gate: the types rely on its classes of errors.
//
// What all types share: they are found by the tag berth:owner, all owners in
// one call; tags go into the create call (tags.go); describes that several
// types need are made once per reading (describe.go). A creation of several
// calls that was cut off between them is seen by its attributes, and Update
// completes it.
//
// Where to add to it: copy the file of the nearest type, and add the type to
// the list in package aws.
package ec2
