// Package bus is the sandbox's Amazon EventBridge: the default event bus with its rules and
// their targets.
//
// ECS sends an event at each change of a task that it makes (TaskChanged) and for what it
// says of services and deployments (Said). An event goes through every rule whose pattern
// matches, and what its target gets is written to a log group or published to a topic, if
// the policy there lets EventBridge do that. What is refused is counted in the rule: AWS
// reports it nowhere but in the metric FailedInvocations.
//
// Patterns are read and matched as AWS's own matcher does
// (https://github.com/aws/event-ruler); the sandbox knows the operators that
// pattern_check.go lists, and refuses the others.
//
// It imports world and the SDK. A new kind of target is a case in deliver.go.
package bus
