package operator

import (
	"context"

	"k8s.io/apimachinery/pkg/api/equality"
	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/event"
	"sigs.k8s.io/controller-runtime/pkg/predicate"
	"sigs.k8s.io/controller-runtime/pkg/reconcile"

	"github.com/berthdev/berth/internal/operator/api/v1alpha1"
)

// asked lets changes of the spec and of annotations through, and deletions,
// which raise the generation too. The operator's own writes to the status never
// wake it.
func asked() predicate.Predicate {
	return predicate.Or(predicate.GenerationChangedPredicate{}, predicate.AnnotationChangedPredicate{})
}

// providerTurned lets a provider's change through to the objects that use it:
// of its spec, of who may use it, of whether it works.
func providerTurned() predicate.Predicate {
	return predicate.Or(asked(), predicate.Funcs{
		UpdateFunc: func(e event.UpdateEvent) bool {
			before, ok := e.ObjectOld.(*v1alpha1.AWSProvider)
			after, ok2 := e.ObjectNew.(*v1alpha1.AWSProvider)
			if !ok || !ok2 {
				return false
			}
			ready := func(p *v1alpha1.AWSProvider) any {
				return meta.FindStatusCondition(p.Status.Conditions, v1alpha1.ConditionReady)
			}
			return before.Status.AccountID != after.Status.AccountID || before.Status.CallerIdentity != after.Status.CallerIdentity ||
				!equality.Semantic.DeepEqual(ready(before), ready(after))
		},
	})
}

// onlyDeleted lets the end of an object through.
func onlyDeleted() predicate.Predicate {
	return predicate.Funcs{
		CreateFunc:  func(event.CreateEvent) bool { return false },
		UpdateFunc:  func(event.UpdateEvent) bool { return false },
		GenericFunc: func(event.GenericEvent) bool { return false },
	}
}

// providerOf is the index value of an ECSCluster: its provider.
func providerOf(o client.Object) []string {
	c, ok := o.(*v1alpha1.ECSCluster)
	if !ok {
		return nil
	}
	return []string{c.Spec.ProviderRef.Key(c.Namespace).String()}
}

// usersOf are the ECSClusters that refer to a provider.
func usersOf(c client.Client) func(context.Context, client.Object) []reconcile.Request {
	return func(ctx context.Context, o client.Object) []reconcile.Request {
		var users v1alpha1.ECSClusterList
		if err := c.List(ctx, &users, client.MatchingFields{providerIndex: o.GetNamespace() + "/" + o.GetName()}); err != nil {
			return nil // the cache answers, unless the process is about to end
		}
		var out []reconcile.Request
		for _, u := range users.Items {
			out = append(out, reconcile.Request{NamespacedName: client.ObjectKeyFromObject(&u)})
		}
		return out
	}
}

// providersOf is the provider that an ECSCluster refers to.
func providersOf(_ context.Context, o client.Object) []reconcile.Request {
	c, ok := o.(*v1alpha1.ECSCluster)
	if !ok {
		return nil
	}
	key := c.Spec.ProviderRef.Key(c.Namespace)
	return []reconcile.Request{{NamespacedName: types.NamespacedName{Namespace: key.Namespace, Name: key.Name}}}
}
