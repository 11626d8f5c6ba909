// Package capacity says what tasks can run on: a Capacity is a value that knows
// which sizes it has and how it rounds to them, what a container may ask of it,
// and what it cannot do. What it cannot do is a Refusal, which says why and what
// lifts it. Fargate is the only one so far.
//
// It imports nothing of berth. Another capacity is a file beside fargate.go with
// a function that returns its value; a new question is a method of Capacity.
package capacity
