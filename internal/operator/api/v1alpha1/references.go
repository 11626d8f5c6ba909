package v1alpha1

import (
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
)

// Key is the provider that an object in a namespace refers to: one of its own
// namespace unless the reference names another.
func (r ProviderReference) Key(namespace string) types.NamespacedName {
	if r.Namespace != "" {
		namespace = r.Namespace
	}
	return types.NamespacedName{Namespace: namespace, Name: r.Name}
}

// IsTrue says whether an object has an annotation with the value "true".
func IsTrue(o metav1.Object, annotation string) bool { return o.GetAnnotations()[annotation] == "true" }
