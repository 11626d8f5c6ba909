// Package elb has the resource types of Elastic Load Balancing: load balancers,
// target groups, listeners and rules.
//
// AWS cannot filter their lists by tag, and shows no tags in them. The four
// types therefore share one reading (reading.go): balancers and target groups
// are picked by the owner's mark in their names, listeners and rules by the
// balancer they hang on, and the tags of all of them, twenty a call, decide.
//
// AWS answers the creation of a name that exists, with equal settings, with the
// object that has the name, whoever made it ("This operation is idempotent",
// API reference of CreateLoadBalancer, CreateTargetGroup and CreateListener;
// https://github.com/hashicorp/terraform-provider-aws/issues/32942 and 32717
// show what comes of it). Whether tags count as settings is not documented. So
// a create first recalls what the reading of its run found under the name, which
// costs no call; and an answer that cannot be a new object is looked at again.
//
// It imports engine and gate. Another type is a file of its own beside
// rule.go, and its objects join the reading.
package elb
