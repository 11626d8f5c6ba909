// Package v1alpha1 holds the Kubernetes kinds of the operator: AWSProvider and
// ECSCluster in the group aws-infra-operator.runner.codes, field for field those
// of infra-operator, so that its manifests are accepted as they are. What the
// fields mean is decided in internal/operator.
//
// It imports apimachinery and nothing of berth. A new kind is a file beside
// ecscluster_types.go and a line in register.go; `make generate` writes
// zz_generated.deepcopy.go and the definitions in crds.
//
// +kubebuilder:object:generate=true
// +groupName=aws-infra-operator.runner.codes
package v1alpha1

//go:generate go run sigs.k8s.io/controller-tools/cmd/controller-gen@v0.23.0 object paths=. crd:maxDescLen=1024 output:crd:dir=crds
