// Package operator runs `berth operator` against a real Kubernetes API
// (kubeapi): the chart, the manifests that the kinds must accept, the life of
// their objects with moto and with the sandbox on AWS's side, and the figures of
// docs/benchmarks.md. `make test-operator` builds what it needs and runs it;
// without BERTH_KUBE its tests are skipped, loudly.
package operator
