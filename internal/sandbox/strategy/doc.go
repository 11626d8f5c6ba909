// Package strategy is what ECS keeps and refuses of how a service is deployed: the strategies
// that move traffic, and the bounds of a rolling update. Source: the SDK's
// DeploymentConfiguration. It imports only package world.
package strategy
