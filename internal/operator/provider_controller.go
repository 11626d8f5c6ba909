package operator

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"time"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/equality"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/reconcile"

	"github.com/berthdev/berth/internal/clock"
	"github.com/berthdev/berth/internal/operator/account"
	"github.com/berthdev/berth/internal/operator/api/v1alpha1"
	"github.com/berthdev/berth/internal/operator/condition"
)

// providerIndex is the index of ECSClusters by the provider they refer to.
const providerIndex = "spec.providerRef"

// failedSecretsEvery is how often a provider with an invalid Secret is checked.
const failedSecretsEvery = 15 * time.Second

// conditionDeletable is false while objects refer to a provider that is to go.
const conditionDeletable = "Deletable"

// providerControl reconciles AWSProviders.
type providerControl struct {
	client    client.Client
	providers *providers
	events    *reporter
	metrics   *metrics
	clock     clock.Clock
	log       *slog.Logger
	random    func() float64
	resync    time.Duration
}

// Reconcile implements reconcile.Reconciler.
func (r *providerControl) Reconcile(ctx context.Context, req reconcile.Request) (reconcile.Result, error) {
	var o v1alpha1.AWSProvider
	if err := r.client.Get(ctx, req.NamespacedName, &o); err != nil {
		if apierrors.IsNotFound(err) {
			r.metrics.forget(v1alpha1.KindProvider, req.Namespace, req.Name)
			return reconcile.Result{}, nil
		}
		return reconcile.Result{}, fmt.Errorf("reading AWSProvider %s: %w", req, err)
	}
	if !o.DeletionTimestamp.IsZero() {
		return r.letGo(ctx, &o)
	}
	if !slices.Contains(o.Finalizers, v1alpha1.FinalizerProvider) {
		if err := setFinalizers(ctx, r.client, &o, append(slices.Clone(o.Finalizers), v1alpha1.FinalizerProvider)); err != nil {
			return reconcile.Result{}, err
		}
	}
	r.providers.reread(o.UID)
	was := o.DeepCopy()
	acc, err := r.providers.open(ctx, &o)
	if isKubernetes(err) {
		return reconcile.Result{}, err
	}
	again := resyncOf(&o, r.resync)
	if err != nil {
		t := condition.Of(err)
		r.failed(ctx, &o, t)
		again = failedSecretsEvery
		var signIn *account.SignInError
		if errors.As(err, &signIn) {
			again = condition.Steadily // nothing tells of a change in IAM
		}
	} else {
		r.signedIn(&o, acc)
	}
	r.metrics.set(v1alpha1.KindProvider, o.Namespace, o.Name, o.Status.Ready, o.Status.Ready)
	o.Status.ObservedGeneration = o.Generation
	if !equality.Semantic.DeepEqual(was.Status, o.Status) {
		if err := applyStatus(ctx, r.client, was, v1alpha1.KindProvider, &o.Status); err != nil {
			return reconcile.Result{}, err
		}
	}
	return reconcile.Result{RequeueAfter: spreadOut(again, r.random)}, nil
}

func (r *providerControl) signedIn(o *v1alpha1.AWSProvider, acc *account.Account) {
	s := &o.Status
	if !s.Ready || s.CallerIdentity != acc.ARN || s.AccountID != acc.Account {
		now := metav1.NewTime(r.clock.Now())
		s.LastAuthenticationTime = &now
	}
	s.Ready, s.AccountID, s.CallerIdentity = true, acc.Account, acc.ARN
	meta.SetStatusCondition(&s.Conditions, metav1.Condition{
		Type: v1alpha1.ConditionReady, Status: metav1.ConditionTrue, Reason: v1alpha1.ReasonSignedIn, ObservedGeneration: o.Generation,
		Message: "signed in to account " + acc.Account + " as " + acc.ARN,
	})
}

func (r *providerControl) failed(ctx context.Context, o *v1alpha1.AWSProvider, t *condition.Trouble) {
	message := strings.TrimPrefix(t.Message, fmt.Sprintf("AWSProvider %s/%s: ", o.Namespace, o.Name))
	before := meta.FindStatusCondition(o.Status.Conditions, v1alpha1.ConditionReady)
	if before == nil || before.Message != message {
		_ = r.events.report(ctx, o, corev1.EventTypeWarning, v1alpha1.ReasonSignInFails, "SignIn", message) // the condition says it too
		r.log.WarnContext(ctx, "provider is not ready", "namespace", o.Namespace, "name", o.Name, "message", message)
	}
	o.Status.Ready = false
	meta.SetStatusCondition(&o.Status.Conditions, metav1.Condition{
		Type: v1alpha1.ConditionReady, Status: metav1.ConditionFalse, Reason: v1alpha1.ReasonSignInFails,
		Message: cutMessage(message), ObservedGeneration: o.Generation,
	})
}

// letGo keeps a provider that objects refer to: without it their clusters could
// not be deleted.
func (r *providerControl) letGo(ctx context.Context, o *v1alpha1.AWSProvider) (reconcile.Result, error) {
	if !slices.Contains(o.Finalizers, v1alpha1.FinalizerProvider) {
		return reconcile.Result{}, nil
	}
	var users v1alpha1.ECSClusterList
	if err := r.client.List(ctx, &users, client.MatchingFields{providerIndex: o.Namespace + "/" + o.Name}); err != nil {
		return reconcile.Result{}, fmt.Errorf("listing the objects that use AWSProvider %s: %w", o.Name, err)
	}
	if len(users.Items) == 0 {
		r.providers.forget(o.UID)
		r.metrics.forget(v1alpha1.KindProvider, o.Namespace, o.Name)
		rest := slices.DeleteFunc(slices.Clone(o.Finalizers), func(f string) bool { return f == v1alpha1.FinalizerProvider })
		return reconcile.Result{}, setFinalizers(ctx, r.client, o, rest)
	}
	was := o.DeepCopy()
	meta.SetStatusCondition(&o.Status.Conditions, metav1.Condition{
		Type: conditionDeletable, Status: metav1.ConditionFalse, Reason: v1alpha1.ReasonInUse, ObservedGeneration: o.Generation,
		Message: "the provider is deleted when nothing refers to it any more: " + namesOf(users.Items),
	})
	if equality.Semantic.DeepEqual(was.Status, o.Status) {
		return reconcile.Result{RequeueAfter: condition.Steadily}, nil
	}
	return reconcile.Result{RequeueAfter: condition.Steadily}, applyStatus(ctx, r.client, was, v1alpha1.KindProvider, &o.Status)
}

// namesOf are the first five objects' names.
func namesOf(items []v1alpha1.ECSCluster) string {
	var names []string
	for i, c := range items {
		if i == 5 {
			names = append(names, fmt.Sprintf("and %d more", len(items)-i))
			break
		}
		names = append(names, c.Namespace+"/"+c.Name)
	}
	return strings.Join(names, ", ")
}

var _ reconcile.Reconciler = (*providerControl)(nil)
