package ecscluster

import (
	"fmt"

	"github.com/berthdev/berth/internal/operator/api/v1alpha1"
	"github.com/berthdev/berth/internal/operator/condition"
)

// PolicyOf is what an object's annotation lets the operator do: one of
// v1alpha1's policies, PolicyManage without an annotation. The error is a
// *trouble.InvalidError.
func PolicyOf(o *v1alpha1.ECSCluster) (string, error) {
	p := o.Annotations[v1alpha1.AnnotationPolicy]
	switch p {
	case "":
		return v1alpha1.PolicyManage, nil
	case v1alpha1.PolicyManage, v1alpha1.PolicyObserve, v1alpha1.PolicyAdopt, v1alpha1.PolicyAdoptOrCreate:
		return p, nil
	}
	return "", &condition.InvalidError{
		Problem: fmt.Sprintf("the annotation %s cannot be %q", v1alpha1.AnnotationPolicy, p),
		Steps:   "use manage, observe, adopt or adopt-or-create",
	}
}

// PolicyOrManage is PolicyOf; an invalid annotation counts as a missing one.
func PolicyOrManage(o *v1alpha1.ECSCluster) string {
	if p, err := PolicyOf(o); err == nil {
		return p
	}
	return v1alpha1.PolicyManage
}

func adopts(policy string) bool {
	return policy == v1alpha1.PolicyAdopt || policy == v1alpha1.PolicyAdoptOrCreate
}
