package operator

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"time"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/reconcile"

	"github.com/berthdev/berth/internal/clock"
	"github.com/berthdev/berth/internal/engine"
	"github.com/berthdev/berth/internal/operator/account"
	"github.com/berthdev/berth/internal/operator/api/v1alpha1"
	"github.com/berthdev/berth/internal/operator/condition"
	"github.com/berthdev/berth/internal/operator/ecscluster"
)

// clusters reconciles ECSClusters.
type clusters struct {
	client    client.Client
	providers *providers
	events    *reporter
	metrics   *metrics
	memory    *memory
	clock     clock.Clock
	log       *slog.Logger
	random    func() float64
	// clusterID identifies this Kubernetes cluster in AWS's tags.
	clusterID string
	resync    time.Duration
}

// pass is one reconciliation of one object.
type pass struct {
	*clusters
	// was is the object as it was when the pass began, o what is worked on.
	was, o *v1alpha1.ECSCluster
	past   past
	policy string
	// acc and provider are where the object's cluster is.
	acc      *account.Account
	provider *v1alpha1.AWSProvider
	graph    *engine.Graph
	node     *engine.Node
	// object is the cluster of the object's name; nil if there is none.
	object *engine.Object
	// read says that AWS has answered.
	read bool
}

// Reconcile implements reconcile.Reconciler. It returns an error only when
// Kubernetes does not answer: all others go into the status.
func (r *clusters) Reconcile(ctx context.Context, req reconcile.Request) (reconcile.Result, error) {
	var o v1alpha1.ECSCluster
	if err := r.client.Get(ctx, req.NamespacedName, &o); err != nil {
		if apierrors.IsNotFound(err) {
			r.metrics.forget(v1alpha1.KindCluster, req.Namespace, req.Name)
			return reconcile.Result{}, nil
		}
		return reconcile.Result{}, fmt.Errorf("reading ECSCluster %s: %w", req, err)
	}
	p := &pass{clusters: r, was: o.DeepCopy(), o: &o, past: r.memory.of(o.UID)}
	if !o.DeletionTimestamp.IsZero() {
		return p.finish(ctx, p.letGo(ctx))
	}
	if policy, err := ecscluster.PolicyOf(&o); err == nil && ecscluster.MustRemember(&o, policy) {
		if err := p.hold(ctx); err != nil {
			return reconcile.Result{}, err
		}
	}
	if v1alpha1.IsTrue(&o, v1alpha1.AnnotationPaused) {
		return p.rest(ctx)
	}
	return p.finish(ctx, p.bring(ctx))
}

// rest leaves a paused object alone.
func (p *pass) rest(ctx context.Context) (reconcile.Result, error) {
	setSynced(&p.o.Status, p.o.Generation, metav1.ConditionFalse, v1alpha1.ReasonPaused,
		"nothing is done until the annotation "+v1alpha1.AnnotationPaused+" is removed; only a deletion is still carried out")
	return reconcile.Result{}, p.write(ctx)
}

// finish puts the outcome of a pass into the status and says when the next one
// is due.
func (p *pass) finish(ctx context.Context, err error) (reconcile.Result, error) {
	if isKubernetes(err) {
		return reconcile.Result{}, err
	}
	if err == nil && p.gone() {
		p.memory.drop(p.o.UID)
		p.metrics.forget(v1alpha1.KindCluster, p.o.Namespace, p.o.Name)
		return reconcile.Result{}, nil
	}
	if p.read {
		show(&p.o.Status, p.object)
	}
	setReady(&p.o.Status, p.o.Generation, p.read || err == nil)
	var again time.Duration
	if err == nil {
		again = p.succeed()
	} else {
		again = p.fail(ctx, condition.Of(err))
	}
	if err := p.write(ctx); err != nil {
		return reconcile.Result{}, err
	}
	return reconcile.Result{RequeueAfter: again}, nil
}

// gone says that the operator has let the object go.
func (p *pass) gone() bool {
	return !p.o.DeletionTimestamp.IsZero() && !slices.Contains(p.o.Finalizers, v1alpha1.FinalizerCluster)
}

// succeed notes that AWS is as the object says.
func (p *pass) succeed() time.Duration {
	reason, message := v1alpha1.ReasonSynced, "AWS matches the spec"
	if p.policy == v1alpha1.PolicyObserve {
		reason, message = v1alpha1.ReasonObserved, "the status shows what AWS has; the operator changes nothing there (annotation "+v1alpha1.AnnotationPolicy+")"
	}
	setSynced(&p.o.Status, p.o.Generation, metav1.ConditionTrue, reason, message)
	again := spreadOut(resyncOf(p.o, p.resync), p.random)
	if p.past.due.IsZero() {
		again = somewhere(resyncOf(p.o, p.resync), p.random)
	}
	slack := again / 2
	if !p.o.Status.Ready && p.object != nil {
		again, slack = 10*time.Second, 0
	}
	due := p.acc.Clock.Now().Add(again)
	p.acc.Readings.Expect(string(p.o.UID), due, slack)
	handled := p.o.Annotations[v1alpha1.AnnotationReconcile]
	p.o.Status.LastHandledReconcile = handled
	p.memory.note(p.o.UID, func(x *past) { x.failures, x.due, x.slack, x.handled = 0, due, slack, handled })
	return again
}

// fail records why AWS does not match the object, and reports it.
func (p *pass) fail(ctx context.Context, t *condition.Trouble) time.Duration {
	if t.Rejected && p.acc != nil {
		p.rejected(ctx)
	}
	setSynced(&p.o.Status, p.o.Generation, metav1.ConditionFalse, t.Reason, t.Message)
	failures := p.past.failures + 1
	p.memory.note(p.o.UID, func(x *past) { x.failures, x.due = failures, time.Time{} })
	before := meta.FindStatusCondition(p.was.Status.Conditions, v1alpha1.ConditionSynced)
	if before == nil || before.Reason != t.Reason || before.Message != t.Message {
		kind := corev1.EventTypeWarning
		if t.Passes() {
			kind = corev1.EventTypeNormal
		}
		p.tell(ctx, kind, t.Reason, "Reconcile", t.Message)
		p.log.WarnContext(ctx, "object is not synced", "kind", v1alpha1.KindCluster,
			"namespace", p.o.Namespace, "name", p.o.Name, "reason", t.Reason, "message", t.Message)
	}
	if t.Again == 0 {
		return spreadOut(backOff(failures), p.random)
	}
	return spreadOut(t.Again, p.random)
}

// rejected makes the provider read its Secret and sign in anew.
func (p *pass) rejected(ctx context.Context) {
	var provider v1alpha1.AWSProvider
	if err := p.client.Get(ctx, p.o.Spec.ProviderRef.Key(p.o.Namespace), &provider); err == nil {
		p.providers.forget(provider.UID)
	}
}

// write writes the status, if it is another one, and the gauges.
func (p *pass) write(ctx context.Context) error {
	synced := meta.IsStatusConditionTrue(p.o.Status.Conditions, v1alpha1.ConditionSynced)
	p.metrics.set(v1alpha1.KindCluster, p.o.Namespace, p.o.Name, p.o.Status.Ready, synced)
	return writeClusterStatus(ctx, p.client, p.was, &p.o.Status, metav1.NewTime(p.clock.Now()))
}

// tell writes an event. A failure to write it is only logged: in a namespace that
// is being deleted no event can be written.
func (p *pass) tell(ctx context.Context, kind, reason, action, note string) {
	if err := p.events.report(ctx, p.o, kind, reason, action, note); err != nil {
		p.log.DebugContext(ctx, "event not written", "namespace", p.o.Namespace, "name", p.o.Name, "error", err.Error())
	}
}

// isKubernetes says whether an error is Kubernetes', which asks for the pass to
// be repeated.
func isKubernetes(err error) bool {
	return err != nil && apierrors.ReasonForError(err) != metav1.StatusReasonUnknown
}

var _ reconcile.Reconciler = (*clusters)(nil)
