package operator

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	corev1 "k8s.io/api/core/v1"

	"github.com/berthdev/berth/internal/aws/gate"
	"github.com/berthdev/berth/internal/engine"
	"github.com/berthdev/berth/internal/operator/api/v1alpha1"
	"github.com/berthdev/berth/internal/operator/condition"
	"github.com/berthdev/berth/internal/operator/ecscluster"
)

// applyTimeout bounds the work on one object. It is longer than what a hundred
// objects at once wait for their turn below ECS's rate of one change a second.
const applyTimeout = 5 * time.Minute

// bring makes AWS as the object says.
func (p *pass) bring(ctx context.Context) error {
	if err := p.prepare(ctx); err != nil {
		return err
	}
	if err := p.look(ctx, p.since()); err != nil {
		return err
	}
	if p.policy == v1alpha1.PolicyObserve {
		return p.observe()
	}
	claim, err := p.claim(ctx)
	if err != nil {
		return err
	}
	switch {
	case claim == ecscluster.Foreign:
		// The status must not name a cluster that is not the object's: the name
		// would pass for infra-operator's consent.
		object := p.object
		p.object, p.read = nil, false
		return ecscluster.Taken(p.o, object)
	case claim == ecscluster.Free && p.policy == v1alpha1.PolicyAdopt:
		return p.absent()
	}
	plan, err := ecscluster.PlanFor(p.acc, p.graph, p.node, p.object, claim)
	if err != nil {
		return err
	}
	if err := p.announce(ctx, claim, plan); err != nil {
		return err
	}
	if err := p.hold(ctx); err != nil {
		return err
	}
	return p.apply(ctx, plan)
}

// prepare finds out what the object wants and where.
func (p *pass) prepare(ctx context.Context) error {
	var err error
	if p.policy, err = ecscluster.PolicyOf(p.o); err != nil {
		return err
	}
	acc, provider, err := p.providers.account(ctx, p.o.Namespace, p.o.Spec.ProviderRef)
	if err != nil {
		return err
	}
	p.acc, p.provider = acc, provider
	p.graph, p.node, err = ecscluster.Graph(p.o, ecscluster.OwnerOf(p.clusterID, p.o.Namespace, p.o.Name), provider.Spec.DefaultTags)
	if err != nil {
		return err
	}
	return ecscluster.Elsewhere(p.o, acc)
}

// since is how old a reading may be. An object whose resync is due takes a reading
// that was made a little earlier together with another object.
func (p *pass) since() time.Time {
	now := p.acc.Clock.Now()
	planned := !p.past.due.IsZero() && !now.Before(p.past.due)
	edited := p.o.Generation != p.o.Status.ObservedGeneration ||
		p.o.Annotations[v1alpha1.AnnotationReconcile] != p.past.handled
	if planned && !edited {
		return p.past.due.Add(-p.past.slack)
	}
	return now
}

// look reads AWS, together with other objects.
func (p *pass) look(ctx context.Context, since time.Time) error {
	p.memory.readIn(p.o.UID, p.acc.Readings)
	reading := p.acc.Readings.Read(ctx, string(p.o.UID), p.graph.Wanted(p.node.Address.Type), since)
	if reading.Err != nil {
		return fmt.Errorf("reading the cluster: %w", reading.Err)
	}
	p.read = true
	p.object = nil
	if len(reading.Lives) > 0 {
		p.object = &reading.Lives[0]
	}
	return nil
}

// observe only looks.
func (p *pass) observe() error {
	if p.object == nil {
		return p.absent()
	}
	if p.o.Status.ClusterARN == "" && slices.Contains(p.o.Finalizers, v1alpha1.FinalizerLegacy) {
		// The ARN beside this finalizer would pass for infra-operator's consent.
		hidden := *p.object
		hidden.Outputs = maps.Clone(hidden.Outputs)
		delete(hidden.Outputs, "arn")
		p.object = &hidden
	}
	return nil
}

func (p *pass) absent() error {
	return &condition.Trouble{Reason: v1alpha1.ReasonAbsent, Again: condition.Steadily, Message: fmt.Sprintf(
		"there is no cluster %s in account %s, region %s, and with the annotation %s=%s the operator makes none",
		p.o.Spec.ClusterName, p.acc.Account, p.acc.Region, v1alpha1.AnnotationPolicy, p.policy)}
}

// announce reports what is about to happen. A cluster that is taken over is not
// touched before that is recorded.
func (p *pass) announce(ctx context.Context, c ecscluster.Claim, plan *engine.Plan) error {
	if paid := ecscluster.PaidInsights(p.o, plan); paid != "" && plan.Changes() {
		p.tell(ctx, corev1.EventTypeNormal, "ContainerInsights", "Plan", paid)
	}
	switch {
	case c == ecscluster.Granted:
		note := "taking over cluster " + p.object.Output("arn") + ": " + ecscluster.ChangesIn(plan)
		for _, more := range ecscluster.ProviderNotes(p.provider) {
			note += ". " + more
		}
		return p.events.report(ctx, p.o, corev1.EventTypeNormal, "TakingOver", "Plan", note)
	case plan.Count(engine.VerbCreate) > 0 && p.was.Status.ClusterARN != "" && readBefore(p.was):
		p.tell(ctx, corev1.EventTypeWarning, "ClusterMissing", "Plan",
			"the cluster was deleted outside the operator; it is made again")
	}
	return nil
}

// hold puts the operator's finalizer in the place of infra-operator's, before
// AWS is changed for the first time.
func (p *pass) hold(ctx context.Context) error {
	want := slices.DeleteFunc(slices.Clone(p.o.Finalizers), func(f string) bool { return f == v1alpha1.FinalizerLegacy })
	if !slices.Contains(want, v1alpha1.FinalizerCluster) {
		want = append(want, v1alpha1.FinalizerCluster)
	}
	if slices.Equal(want, p.o.Finalizers) {
		return nil
	}
	status := p.o.Status
	if err := setFinalizers(ctx, p.client, p.o, want); err != nil {
		return err
	}
	p.o.Status = status
	return nil
}

// apply applies a plan and reports what it did.
func (p *pass) apply(ctx context.Context, plan *engine.Plan) error {
	if plan.Empty() {
		return nil
	}
	runner := engine.Runner{Clock: p.acc.Clock, Provider: "AWS", Timeout: applyTimeout, Jitter: p.random, Text: gate.Text}
	result, err := runner.Apply(ctx, plan)
	if plan.Changes() {
		p.memory.note(p.o.UID, func(x *past) { x.wrote = p.acc.Clock.Now() })
	}
	if object, ok := result.Objects[p.node.Address]; ok {
		p.object = &object
	}
	if err != nil {
		return err
	}
	for _, a := range plan.Actions {
		p.tellDone(ctx, a)
	}
	return nil
}

func (p *pass) tellDone(ctx context.Context, a *engine.Action) {
	reason, note := "", ecscluster.Describe(a)
	switch a.Verb {
	case engine.VerbCreate:
		reason = "Created"
	case engine.VerbUpdate:
		reason = "Updated"
		if slices.ContainsFunc(a.Reasons, func(r engine.Reason) bool { return r.Cause.Kind == engine.CauseDrift }) {
			reason = "DriftRepaired"
		}
	case engine.VerbRecord, engine.VerbWait, engine.VerbReplace, engine.VerbDelete, engine.VerbLeave, engine.VerbNone:
		return
	}
	p.tell(ctx, corev1.EventTypeNormal, reason, actionApply, note)
	p.log.InfoContext(ctx, "cluster changed", "namespace", p.o.Namespace, "name", p.o.Name,
		"cluster", p.o.Spec.ClusterName, "verb", string(a.Verb), "reasons", note)
}
