package operator

import (
	"context"
	"fmt"
	"slices"
	"strings"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/apimachinery/pkg/types"

	"github.com/berthdev/berth/internal/engine"
	"github.com/berthdev/berth/internal/operator/account"
	"github.com/berthdev/berth/internal/operator/api/v1alpha1"
)

// claim is whose the cluster of an object's name is.
type claim int

const (
	// free: there is no cluster of the name.
	free claim = iota
	// mine: it carries the object's mark.
	mine
	// granted: it is not the object's yet, but the object may take it over:
	// infra-operator managed it for the object, or an annotation says so.
	granted
	// foreign: it belongs to others, or to nobody.
	foreign
)

// policyOf is what an object's annotation lets the operator do.
func policyOf(o *v1alpha1.ECSCluster) (string, error) {
	p := o.Annotations[v1alpha1.AnnotationPolicy]
	switch p {
	case "":
		return v1alpha1.PolicyManage, nil
	case v1alpha1.PolicyManage, v1alpha1.PolicyObserve, v1alpha1.PolicyAdopt, v1alpha1.PolicyAdoptOrCreate:
		return p, nil
	}
	return "", &InvalidError{
		Problem: fmt.Sprintf("the annotation %s cannot be %q", v1alpha1.AnnotationPolicy, p),
		Steps:   "use manage, observe, adopt or adopt-or-create",
	}
}

// policyOr is the policy; an annotation that is no good counts as none.
func policyOr(o *v1alpha1.ECSCluster) string {
	if p, err := policyOf(o); err == nil {
		return p
	}
	return v1alpha1.PolicyManage
}

// claimOn decides whose a cluster is. held says that another object of this
// Kubernetes cluster has it: it cannot be taken from it.
func claimOn(o *v1alpha1.ECSCluster, want engine.Address, live *engine.Live, policy string, held bool) claim {
	switch {
	case live == nil:
		return free
	case live.Address == want:
		return mine
	case live.Address.IsZero() && (tookOver(o, live) || keptBefore(o, live)):
		return granted
	case adopts(policy) && !held && (live.Address.IsZero() || isOperators(live.Address.Owner)):
		return granted
	}
	return foreign
}

func adopts(policy string) bool {
	return policy == v1alpha1.PolicyAdopt || policy == v1alpha1.PolicyAdoptOrCreate
}

// tookOver says that infra-operator managed the cluster for this object: its
// status names the cluster, and either infra-operator's finalizer is on the
// object still or this operator has never written the status.
func tookOver(o *v1alpha1.ECSCluster, live *engine.Live) bool {
	return o.Status.ClusterARN != "" && o.Status.ClusterARN == live.Output("arn") &&
		(slices.Contains(o.Finalizers, v1alpha1.FinalizerLegacy) || len(o.Status.Conditions) == 0)
}

// mustRemember says that nothing but the empty status tells of infra-operator's
// work: once a status is written, the finalizer must tell.
func mustRemember(o *v1alpha1.ECSCluster, policy string) bool {
	_, _, name := splitARN(o.Status.ClusterARN)
	return len(o.Status.Conditions) == 0 && name == o.Spec.ClusterName && policy != v1alpha1.PolicyObserve &&
		!slices.Contains(o.Finalizers, v1alpha1.FinalizerLegacy) && !slices.Contains(o.Finalizers, v1alpha1.FinalizerCluster)
}

// keptBefore says that this operator managed the cluster already, or was about
// to, and its mark is missing: the finalizer comes before the first change.
func keptBefore(o *v1alpha1.ECSCluster, live *engine.Live) bool {
	return slices.Contains(o.Finalizers, v1alpha1.FinalizerCluster) && o.Status.ClusterARN == live.Output("arn")
}

// elsewhere says that the object's cluster is in another account or region than
// its provider leads to now: going on would leave it behind.
func elsewhere(o *v1alpha1.ECSCluster, acc *account.Account) error {
	account, region, name := splitARN(o.Status.ClusterARN)
	if name != o.Spec.ClusterName || account == acc.Account && region == acc.Region {
		return nil
	}
	return &trouble{reason: reasonElsewhere, again: slowly, message: fmt.Sprintf(
		"the cluster is in account %s, region %s, and the provider leads to account %s, region %s: it would be left behind. "+
			"Go back to the former provider, or make a new ECSCluster", account, region, acc.Account, acc.Region)}
}

// splitARN reads arn:aws:ecs:REGION:ACCOUNT:cluster/NAME.
func splitARN(arn string) (account, region, name string) {
	parts := strings.SplitN(arn, ":", 6)
	if len(parts) < 6 {
		return "", "", ""
	}
	return parts[4], parts[3], strings.TrimPrefix(parts[5], "cluster/")
}

// holder is the object of this Kubernetes cluster that a mark names; ok is
// false for any other mark. A namespace has no dots.
func holder(at engine.Owner, clusterID string) (key types.NamespacedName, ok bool) {
	if at.Environment != ownerPrefix+clusterID {
		return key, false
	}
	key.Namespace, key.Name, ok = strings.Cut(at.Project, ".")
	return key, ok
}

// heldByOther says whether another object, which is still there, has the
// cluster.
func (p *pass) heldByOther(ctx context.Context) (bool, error) {
	if p.live == nil || p.live.Address == p.node.Address {
		return false, nil
	}
	key, ok := holder(p.live.Address.Owner, p.clusterID)
	if !ok {
		return false, nil
	}
	err := p.client.Get(ctx, key, &v1alpha1.ECSCluster{})
	if apierrors.IsNotFound(err) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("reading ECSCluster %s: %w", key, err)
	}
	return true, nil
}

// claim decides whose the cluster is that was found.
func (p *pass) claim(ctx context.Context) (claim, error) {
	held, err := p.heldByOther(ctx)
	return claimOn(p.o, p.node.Address, p.live, p.policy, held), err
}

// foreignTrouble says whose the cluster is and how to take it over.
func foreignTrouble(o *v1alpha1.ECSCluster, live *engine.Live) *trouble {
	whose := "it carries no mark of berth's"
	remedy := fmt.Sprintf("Take it over with: kubectl annotate ecscluster %s -n %s %s=%s (`kubectl get ecscluster %s -n %s -o yaml | berth plan -f -` shows what changes), or choose another clusterName",
		o.Name, o.Namespace, v1alpha1.AnnotationPolicy, v1alpha1.PolicyAdopt, o.Name, o.Namespace)
	if !live.Address.IsZero() {
		whose = "it belongs to " + live.Address.Owner.String()
		if !isOperators(live.Address.Owner) {
			remedy = "It is managed by `berth up`: choose another clusterName"
		} else if policyOr(o) != v1alpha1.PolicyManage {
			remedy = "Another ECSCluster has it: delete that one with deletionPolicy Retain first, or choose another clusterName"
		}
	}
	return &trouble{reason: reasonTaken, again: steadily, message: fmt.Sprintf(
		"the cluster %s exists already, and %s. %s", o.Spec.ClusterName, whose, remedy)}
}

// readBefore says whether this operator has written the object's status.
func readBefore(o *v1alpha1.ECSCluster) bool {
	return meta.FindStatusCondition(o.Status.Conditions, v1alpha1.ConditionSynced) != nil
}
