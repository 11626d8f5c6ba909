// Package topics is the sandbox's Amazon SNS, as far as it is needed to refer to existing
// topics: their attributes, and what EventBridge publishes to them.
//
// It imports world.
package topics
