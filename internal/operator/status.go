package operator

import (
	"context"
	"fmt"

	"k8s.io/apimachinery/pkg/api/equality"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/berthdev/berth/internal/aws/ecs"
	"github.com/berthdev/berth/internal/engine"
	"github.com/berthdev/berth/internal/operator/api/v1alpha1"
)

// fieldManager is who owns the fields of a status.
const fieldManager = "berth-operator"

// show puts what AWS showed of a cluster into its status. No cluster leaves
// what it was called.
func show(s *v1alpha1.ECSClusterStatus, object *engine.Object) {
	if object == nil {
		s.Ready = false
		if s.Status != "" {
			s.Status = "INACTIVE"
		}
		s.RegisteredContainerInstancesCount, s.RunningTasksCount = nil, nil
		s.PendingTasksCount, s.ActiveServicesCount = nil, nil
		return
	}
	shown := ecs.ClusterStateOf(*object)
	s.ClusterARN, s.Status, s.Ready = shown.ARN, shown.Status, shown.Status == "ACTIVE"
	s.RegisteredContainerInstancesCount, s.RunningTasksCount = shown.Instances, shown.Running
	s.PendingTasksCount, s.ActiveServicesCount = shown.Pending, shown.Services
}

// setReady derives the condition Ready from the status.
func setReady(s *v1alpha1.ECSClusterStatus, generation int64, known bool) {
	c := metav1.Condition{Type: v1alpha1.ConditionReady, ObservedGeneration: generation, Status: metav1.ConditionTrue, Reason: v1alpha1.ReasonActive}
	switch {
	case !known:
		c.Status, c.Reason, c.Message = metav1.ConditionUnknown, v1alpha1.ReasonUnknown, "see the condition Synced"
		s.Ready = false
	case s.Ready:
		c.Message = "the cluster is ACTIVE"
	case s.Status == "" || s.Status == "INACTIVE":
		c.Status, c.Reason, c.Message = metav1.ConditionFalse, v1alpha1.ReasonAbsent, "there is no such cluster in AWS"
	default:
		c.Status, c.Reason, c.Message = metav1.ConditionFalse, v1alpha1.ReasonNotActive, "the cluster is "+s.Status
	}
	meta.SetStatusCondition(&s.Conditions, c)
}

func setSynced(s *v1alpha1.ECSClusterStatus, generation int64, ok metav1.ConditionStatus, reason, message string) {
	meta.SetStatusCondition(&s.Conditions, metav1.Condition{
		Type: v1alpha1.ConditionSynced, ObservedGeneration: generation, Status: ok, Reason: reason, Message: cutMessage(message),
	})
}

func cutMessage(s string) string {
	const longest = 2000
	if len(s) > longest {
		return s[:longest] + "..."
	}
	return s
}

// writeClusterStatus writes the status if it says anything new. The time of the
// last sync alone is nothing new: an idle object costs no write.
func writeClusterStatus(ctx context.Context, c client.Client, was *v1alpha1.ECSCluster, now *v1alpha1.ECSClusterStatus, at metav1.Time) error {
	now.ObservedGeneration = was.Generation
	now.LastSyncTime = was.Status.LastSyncTime
	if equality.Semantic.DeepEqual(was.Status, *now) {
		return nil
	}
	now.LastSyncTime = &at
	return applyStatus(ctx, c, was, v1alpha1.KindCluster, now)
}

// applyStatus writes a whole status by server-side apply. An object that is
// gone meanwhile needs none.
func applyStatus(ctx context.Context, c client.Client, o client.Object, kind string, status any) error {
	fields, err := runtime.DefaultUnstructuredConverter.ToUnstructured(status)
	if err != nil {
		return fmt.Errorf("writing the status: %w", err)
	}
	u := &unstructured.Unstructured{Object: map[string]any{
		"apiVersion": v1alpha1.GroupVersion().String(), "kind": kind,
		"metadata": map[string]any{"name": o.GetName(), "namespace": o.GetNamespace(), "uid": string(o.GetUID())},
		"status":   fields,
	}}
	err = c.Status().Apply(ctx, client.ApplyConfigurationFromUnstructured(u), client.FieldOwner(fieldManager), client.ForceOwnership)
	if err != nil && !apierrors.IsNotFound(err) {
		return fmt.Errorf("writing the status: %w", err)
	}
	return nil
}

// setFinalizers replaces an object's finalizers, and fails if the object has
// changed meanwhile. o gets the new version.
func setFinalizers(ctx context.Context, c client.Client, o client.Object, finalizers []string) error {
	before, ok := o.DeepCopyObject().(client.Object)
	if !ok {
		return fmt.Errorf("setting finalizers: %T is not an object", o)
	}
	o.SetFinalizers(finalizers)
	patch := client.MergeFromWithOptions(before, client.MergeFromWithOptimisticLock{})
	if err := c.Patch(ctx, o, patch, client.FieldOwner(fieldManager)); err != nil && !apierrors.IsNotFound(err) {
		return fmt.Errorf("setting finalizers: %w", err)
	}
	return nil
}
