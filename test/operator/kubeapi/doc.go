// Package kubeapi runs a real Kubernetes API for the operator's tests: a
// kube-apiserver with an etcd of its own, both built from their Go modules by
// `make kube`. There is no controller manager and no node: objects are stored,
// validated, admitted and watched as in any cluster, and nothing runs pods.
//
// It imports nothing of berth. Programs are started in process.go, certificates
// are made in certificates.go, and what tests ask of the API is in kubectl.go,
// request.go and metrics.go.
package kubeapi
