// Package elb has the resource types of Elastic Load Balancing: load balancers,
// target groups, listeners and rules.
//
// AWS cannot filter their lists by tag, and shows no tags in them. The four
// types therefore share one reading (reading.go): it picks balancers and target
// groups by the owner's mark in their names, and listeners and rules by their
// balancer; then the tags of all of them, read twenty per call, decide.
//
// If an object with the name and equal settings exists, AWS's create call
// returns that object, even if somebody else made it ("This operation is
// idempotent", API reference of CreateLoadBalancer, CreateTargetGroup and
// CreateListener;
// https://github.com/hashicorp/terraform-provider-aws/issues/32942 and 32717
// show the consequences). Whether tags count as settings is not documented. So
// Create first recalls which object the reading of its run found under the name,
// which costs no call; and it reads an object again if the answer cannot be a
// new one.
//
// It imports engine and gate. To add a type, add a file beside rule.go, and add
// its objects to the reading.
package elb
