// Package events reads what happened to the services and jobs of a project: the
// service events of ECS, tasks that stopped, and deployments, in the order of time. It
// changes nothing.
package events
