package ecscluster

import (
	"fmt"
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/types"

	"github.com/berthdev/berth/internal/engine"
	"github.com/berthdev/berth/internal/operator/api/v1alpha1"
	"github.com/berthdev/berth/internal/operator/condition"
)

// Claim says who owns the cluster of an object's name.
type Claim int

const (
	// Free means that there is no cluster of the name.
	Free Claim = iota
	// Mine means that it carries the object's mark.
	Mine
	// Granted means that it is not the object's yet, but the object may take it
	// over: infra-operator managed it for the object, or an annotation says so.
	Granted
	// Foreign means that it belongs to another owner, or to none.
	Foreign
)

// String is the claim in a few words.
func (c Claim) String() string {
	switch c {
	case Free:
		return "there is none yet"
	case Mine:
		return "managed by berth for this object"
	case Granted:
		return "to be taken over"
	case Foreign:
	}
	return "not this object's"
}

// ClaimOn decides who owns a cluster. held says that another object of this
// Kubernetes cluster has it: it cannot be taken over from that object.
func ClaimOn(o *v1alpha1.ECSCluster, want engine.Address, object *engine.Object, policy string, held bool) Claim {
	switch {
	case object == nil:
		return Free
	case object.Address == want:
		return Mine
	case object.Address.IsZero() && (tookOver(o, object) || keptBefore(o, object)):
		return Granted
	case adopts(policy) && !held && (object.Address.IsZero() || IsOperators(object.Address.Owner)):
		return Granted
	}
	return Foreign
}

// tookOver says that infra-operator managed the cluster for this object: its
// status names the cluster, and either infra-operator's finalizer is on the
// object still or this operator has never written the status.
func tookOver(o *v1alpha1.ECSCluster, object *engine.Object) bool {
	return o.Status.ClusterARN != "" && o.Status.ClusterARN == object.Output("arn") &&
		(slices.Contains(o.Finalizers, v1alpha1.FinalizerLegacy) || len(o.Status.Conditions) == 0)
}

// MustRemember says that only a status without conditions shows that infra-operator
// managed the cluster: once a status is written, the finalizer must record it.
func MustRemember(o *v1alpha1.ECSCluster, policy string) bool {
	_, _, name := splitARN(o.Status.ClusterARN)
	return len(o.Status.Conditions) == 0 && name == o.Spec.ClusterName && policy != v1alpha1.PolicyObserve &&
		!slices.Contains(o.Finalizers, v1alpha1.FinalizerLegacy) && !slices.Contains(o.Finalizers, v1alpha1.FinalizerCluster)
}

// keptBefore says that this operator managed the cluster already, or was about
// to, and its mark is missing: the finalizer comes before the first change.
func keptBefore(o *v1alpha1.ECSCluster, object *engine.Object) bool {
	return slices.Contains(o.Finalizers, v1alpha1.FinalizerCluster) && o.Status.ClusterARN == object.Output("arn")
}

// Holder is the object of this Kubernetes cluster that a mark names; ok is
// false for any other mark. A namespace has no dots.
func Holder(at engine.Owner, clusterID string) (key types.NamespacedName, ok bool) {
	if at.Environment != ownerPrefix+clusterID {
		return key, false
	}
	key.Namespace, key.Name, ok = strings.Cut(at.Project, ".")
	return key, ok
}

// Taken is a Foreign claim in the words of a condition: whose the cluster is, and
// how to take it over.
func Taken(o *v1alpha1.ECSCluster, object *engine.Object) *condition.Trouble {
	whose := "it has no berth mark"
	remedy := fmt.Sprintf("Take it over with: kubectl annotate ecscluster %s -n %s %s=%s (`kubectl get ecscluster %s -n %s -o yaml | berth plan -f -` shows what changes), or choose another clusterName",
		o.Name, o.Namespace, v1alpha1.AnnotationPolicy, v1alpha1.PolicyAdopt, o.Name, o.Namespace)
	if !object.Address.IsZero() {
		whose = "it belongs to " + object.Address.Owner.String()
		if !IsOperators(object.Address.Owner) {
			remedy = "It is managed by `berth up`: choose another clusterName"
		} else if PolicyOrManage(o) != v1alpha1.PolicyManage {
			remedy = "Another ECSCluster has it: delete that one with deletionPolicy Retain first, or choose another clusterName"
		}
	}
	return &condition.Trouble{Reason: v1alpha1.ReasonTaken, Again: condition.Steadily, Message: fmt.Sprintf(
		"the cluster %s exists already, and %s. %s", o.Spec.ClusterName, whose, remedy)}
}
