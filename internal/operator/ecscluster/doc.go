// Package ecscluster is what an ECSCluster object asks of AWS: its graph, whose
// the cluster of its name is, and what making AWS so would change. All of it is
// the same in the operator, which does it, and in `berth plan -f -`, which only
// shows it (foresee.go).
//
// It may import the engine, internal/aws/ecs and the packages beside it that
// need no connection to Kubernetes: the kinds, account, manifests and trouble.
package ecscluster
