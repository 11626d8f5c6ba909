// Package capacity says what tasks can run on. A Capacity knows its sizes and how
// to round to them, what a container may use, and what it cannot do. The latter is
// a Refusal, which says why and what to do about it. The capacities are Fargate, Managed
// Instances, and EC2 instances of berth's and of an existing capacity provider.
//
// It imports nothing of berth. Another capacity is a file beside fargate.go with
// a function that returns its value; a new question is a method of Capacity.
package capacity
