package v1alpha1

import (
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

// Group is the API group of all kinds.
const Group = "aws-infra-operator.runner.codes"

// The kinds.
const (
	KindProvider = "AWSProvider"
	KindCluster  = "ECSCluster"
)

// GroupVersion is the only version.
func GroupVersion() schema.GroupVersion {
	return schema.GroupVersion{Group: Group, Version: "v1alpha1"}
}

// AddToScheme makes the kinds known to a scheme.
func AddToScheme(s *runtime.Scheme) error {
	s.AddKnownTypes(GroupVersion(), &AWSProvider{}, &AWSProviderList{}, &ECSCluster{}, &ECSClusterList{})
	metav1.AddToGroupVersion(s, GroupVersion())
	return nil
}
