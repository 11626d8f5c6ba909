// Package events reads what happened to the services and jobs of a project: the
// service events of ECS, tasks that stopped, and deployments, in the order of time; and
// of those that ECS has forgotten, what EventBridge keeps of them (kept.go). It changes
// nothing.
package events
