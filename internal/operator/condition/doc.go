// Package condition says why an object is not as it should be, in the words of a
// condition: a reason, a message that ends with what to do, and when to try
// again.
//
// It may import the kinds, the engine and the errors of internal/aws/gate and
// internal/aws/ecs.
package condition
