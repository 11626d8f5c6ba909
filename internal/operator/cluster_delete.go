package operator

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	corev1 "k8s.io/api/core/v1"

	"github.com/berthdev/berth/internal/aws/ecs"
	"github.com/berthdev/berth/internal/aws/gate"
	"github.com/berthdev/berth/internal/engine"
	"github.com/berthdev/berth/internal/operator/api/v1alpha1"
	"github.com/berthdev/berth/internal/operator/condition"
	"github.com/berthdev/berth/internal/operator/ecscluster"
)

// letGo lets a deleted object go: it deletes the cluster unless the object
// says otherwise, and takes the finalizers away.
func (p *pass) letGo(ctx context.Context) error {
	if !p.held() {
		return nil // others hold it, and the operator has nothing to do with that
	}
	policy := ecscluster.PolicyOrManage(p.o)
	if p.o.Spec.DeletionPolicy == v1alpha1.DeletionRetain || policy == v1alpha1.PolicyObserve {
		p.tell(ctx, corev1.EventTypeNormal, "Retained", "Delete", "the cluster "+p.o.Spec.ClusterName+" stays in AWS")
		return p.release(ctx)
	}
	if err := p.prepareDelete(ctx, policy); err != nil {
		return p.blocked(err)
	}
	if err := p.look(ctx, p.acc.Clock.Now()); err != nil {
		return p.blocked(err)
	}
	claim, err := p.claim(ctx)
	if err != nil {
		return err
	}
	switch claim {
	case ecscluster.Free:
		return p.vanished(ctx)
	case ecscluster.Foreign:
		p.tell(ctx, corev1.EventTypeWarning, v1alpha1.ReasonTaken, "Delete",
			"the cluster "+p.o.Spec.ClusterName+" was not this object's: it stays in AWS")
		return p.release(ctx)
	case ecscluster.Mine, ecscluster.Granted:
	}
	if err := p.empty(ctx); err != nil {
		return err
	}
	return p.delete(ctx)
}

// held says whether a finalizer that the operator looks after is on the object.
func (p *pass) held() bool {
	return slices.Contains(p.o.Finalizers, v1alpha1.FinalizerCluster) || slices.Contains(p.o.Finalizers, v1alpha1.FinalizerLegacy)
}

// prepareDelete finds the account. The spec need not be valid any more.
func (p *pass) prepareDelete(ctx context.Context, policy string) error {
	acc, _, err := p.providers.account(ctx, p.o.Namespace, p.o.Spec.ProviderRef)
	if err != nil {
		return err
	}
	p.acc, p.policy = acc, policy
	p.graph, p.node = ecscluster.Named(p.o, ecscluster.OwnerOf(p.clusterID, p.o.Namespace, p.o.Name))
	return ecscluster.Elsewhere(p.o, acc)
}

// blocked adds the way out to what keeps a deletion from going on.
func (p *pass) blocked(err error) error {
	if isKubernetes(err) {
		return err
	}
	t := *condition.Of(err)
	t.Message = strings.TrimRight(t.Message, ".") + fmt.Sprintf(
		". To let the object go and leave the cluster in AWS: kubectl patch ecscluster %s -n %s --type=merge -p '{\"spec\":{\"deletionPolicy\":\"Retain\"}}'",
		p.o.Name, p.o.Namespace)
	t.Again = min(t.Again, condition.Steadily)
	return &t
}

// vanished believes that there is no cluster once AWS must have shown it.
func (p *pass) vanished(ctx context.Context) error {
	if !p.memory.settled(p.o.UID, p.acc.Clock.Now()) {
		return &condition.Trouble{Reason: v1alpha1.ReasonDeleting, Again: 3 * time.Second, Message: "AWS does not show the cluster; a cluster that was just made can take 15 s to appear"}
	}
	return p.release(ctx)
}

// empty says what is in the cluster, and removes it if the object asks for that.
func (p *pass) empty(ctx context.Context) error {
	counted := countsOf(p.object)
	if counted == "" {
		return nil
	}
	types := ecs.Clusters{API: p.acc.Clients.ECS, Region: p.acc.Region}
	inside, err := types.Inside(ctx, p.object.ID)
	what := inside.String()
	if err != nil && engine.ClassOf(err) != engine.Denied {
		return err
	}
	if err != nil || inside.Empty() {
		what = counted
	}
	if v1alpha1.IsTrue(p.o, v1alpha1.AnnotationDrain) && err == nil {
		p.tell(ctx, corev1.EventTypeNormal, v1alpha1.ReasonDraining, "Delete", "removing from the cluster: "+what)
		if err := types.Drain(ctx, p.object.ID, inside); err != nil {
			return err
		}
		return &condition.Trouble{Reason: v1alpha1.ReasonDraining, Again: 5 * time.Second, Message: "waiting until the cluster is empty: " + what}
	}
	message := fmt.Sprintf("the cluster still has %s, and ECS deletes only empty clusters. Remove them, or let the operator do it: "+
		"kubectl annotate ecscluster %s -n %s %s=true", what, p.o.Name, p.o.Namespace, v1alpha1.AnnotationDrain)
	if action, _, denied := gate.Missing(err); denied {
		message += " (which ones they are it could tell with " + action + ")"
	}
	return &condition.Trouble{Reason: v1alpha1.ReasonBlocked, Again: 15 * time.Second, Message: message}
}

// countsOf are the counts that a cluster itself shows; empty if all are zero.
func countsOf(object *engine.Object) string {
	var parts []string
	for _, k := range [][2]string{
		{"services", "active services"}, {"running", "running tasks"}, {"pending", "pending tasks"}, {"instances", "container instances"},
	} {
		if n := object.Output(k[0]); n != "" && n != "0" {
			parts = append(parts, n+" "+k[1])
		}
	}
	return strings.Join(parts, ", ")
}

// delete deletes the cluster and waits until it is gone.
func (p *pass) delete(ctx context.Context) error {
	own := *p.object
	own.Address = p.node.Address
	observed := engine.NewObserved(p.node.Address.Owner)
	observed.Add(p.node.Address.Type, own)
	plan, err := engine.MakePlan(nil, observed, p.acc.Registry, engine.PlanOptions{
		Destroy: []engine.Owner{p.node.Address.Owner}, Now: p.acc.Clock.Now(),
	})
	if err != nil {
		return err
	}
	const patience = 45 * time.Second // a task may have started since the look
	runner := engine.Runner{Clock: p.acc.Clock, Provider: "AWS", Timeout: patience, Jitter: p.random, Text: gate.Text}
	_, err = runner.Apply(ctx, plan)
	p.memory.note(p.o.UID, func(x *past) { x.wrote = p.acc.Clock.Now() })
	var late *engine.TimeoutError
	if errors.As(err, &late) {
		return &condition.Trouble{Reason: v1alpha1.ReasonDeleting, Again: 10 * time.Second, Message: "waiting until AWS has deleted the cluster: " + err.Error()}
	}
	if err != nil {
		return p.blocked(err)
	}
	p.object = nil
	p.tell(ctx, corev1.EventTypeNormal, "Deleted", "Delete", "the cluster "+own.Output("arn")+" is deleted")
	return p.release(ctx)
}

// release takes the operator's and infra-operator's finalizers away.
func (p *pass) release(ctx context.Context) error {
	rest := slices.DeleteFunc(slices.Clone(p.o.Finalizers), func(f string) bool {
		return f == v1alpha1.FinalizerCluster || f == v1alpha1.FinalizerLegacy
	})
	return setFinalizers(ctx, p.client, p.o, rest)
}
