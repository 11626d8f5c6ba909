package operator

import (
	"context"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsecs "github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/yaml"

	"github.com/berthdev/berth/internal/operator/api/v1alpha1"
)

const testARN = "arn:aws:ecs:us-east-1:123456789012:cluster/my-fargate-cluster"

// existing makes a cluster as infra-operator left it.
func (b *bed) existing(tags ...types.Tag) {
	b.t.Helper()
	in := &awsecs.CreateClusterInput{
		ClusterName: aws.String(testCluster), Tags: tags,
		Settings: []types.ClusterSetting{{Name: "containerInsights", Value: aws.String("disabled")}},
	}
	for range 60 { // ECS's service-linked role takes some seconds at first
		if _, err := b.ecs().CreateCluster(b.t.Context(), in); err == nil {
			time.Sleep(time.Minute)
			return
		}
		time.Sleep(time.Second)
	}
	b.t.Fatal("no cluster was made")
}

func tag(k, v string) types.Tag { return types.Tag{Key: aws.String(k), Value: aws.String(v)} }

// legacy is an object with the finalizer and the status that infra-operator
// gave it.
func (b *bed) legacy(arn, extra string) {
	b.t.Helper()
	b.apply(staticProvider)
	var o v1alpha1.ECSCluster
	if err := yaml.UnmarshalStrict([]byte(basicCluster+extra), &o); err != nil {
		b.t.Fatal(err)
	}
	o.Finalizers = []string{v1alpha1.FinalizerLegacy}
	b.put(&o)
	put := b.get("main")
	put.Status = v1alpha1.ECSClusterStatus{Ready: true, ClusterARN: arn, Status: "ACTIVE"}
	if err := b.client.Status().Update(b.t.Context(), put); err != nil {
		b.t.Fatal(err)
	}
}

func TestTakeOver(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := newBed(t)
		b.existing(tag("Name", "fargate-cluster"), tag("old", "stale"))
		b.legacy(testARN, "")
		changes := b.calls(changing...)
		b.syncProvider("aws")
		b.broken = func(verb string) error {
			if verb == "create" { // events cannot be written
				return context.DeadlineExceeded
			}
			return nil
		}
		if _, err := b.clusters.Reconcile(t.Context(), request("main")); err != nil {
			t.Fatal(err)
		}
		if b.calls(changing...) != changes {
			t.Error("AWS was changed before the plan was told")
		}
		b.broken = nil
		time.Sleep(time.Minute)
		b.sync("main")
		b.synced("main")
		for _, want := range []string{
			"TakingOver: taking over cluster " + testARN, "insights: disabled -> enabled", "tags.old: stale -> (none)",
			"tags.managed-by: -> infra-operator", "tags.Environment: -> production",
		} {
			b.told("main", want)
		}
		if f := b.get("main").Finalizers; len(f) != 1 || f[0] != v1alpha1.FinalizerCluster {
			t.Errorf("finalizers: %v", f)
		}
		b.idle("main")
		b.deleteObject("main")
		b.sync("main")
		if _, there := b.find("main"); there || b.shown(testCluster) != nil {
			t.Error("the cluster or its object is still there")
		}
	})
}

// TestConsentLasts over passes that do not come to the taking over.
func TestConsentLasts(t *testing.T) {
	t.Parallel()
	for name, finalizer := range map[string]string{"with its finalizer": v1alpha1.FinalizerLegacy, "without a finalizer": ""} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				b := newBed(t)
				b.existing()
				b.legacy(testARN, "")
				b.edit("main", func(o *v1alpha1.ECSCluster) {
					o.Annotations = map[string]string{v1alpha1.AnnotationPaused: "true"}
					o.Finalizers = nil
					if finalizer != "" {
						o.Finalizers = []string{finalizer}
					}
				})
				b.sync("main")
				b.condition("main", metav1.ConditionFalse, v1alpha1.ReasonPaused)
				if len(b.tags(testCluster)) > 0 {
					t.Error("a paused object was taken over")
				}
				b.restart()
				b.edit("main", func(o *v1alpha1.ECSCluster) { o.Annotations = nil })
				b.sync("main")
				b.synced("main")
				b.told("main", "TakingOver")
			})
		})
	}
}

// TestNoConsent never takes over silently.
func TestNoConsent(t *testing.T) {
	t.Parallel()
	const adopt = "kubectl annotate ecscluster main -n default aws-infra-operator.runner.codes/policy=adopt"
	for _, tt := range []struct {
		name, owner, address, arn, annotation string
		reason, text                          string
		ok                                    bool
	}{
		{name: "a new object", reason: v1alpha1.ReasonTaken, text: adopt},
		{name: "another cluster's status", arn: "arn:aws:ecs:us-east-1:123456789012:cluster/other", reason: v1alpha1.ReasonTaken, text: adopt},
		{name: "another account's status", arn: "arn:aws:ecs:us-east-1:999999999999:cluster/my-fargate-cluster", reason: v1alpha1.ReasonElsewhere, text: "would be left behind"},
		{name: "a stack of berth up", owner: "env/shop-dev", address: "ecs.cluster/main", arn: testARN, reason: v1alpha1.ReasonTaken, text: "it belongs to env/shop-dev"},
		{name: "a stack of berth up, adopted", owner: "env/shop-dev", address: "ecs.cluster/main", annotation: "adopt", reason: v1alpha1.ReasonTaken, text: "managed by `berth up`"},
		{name: "another Kubernetes cluster's", owner: "stack/k8s-other/default.main", address: "ecs.cluster/cluster", arn: testARN, reason: v1alpha1.ReasonTaken, text: "it belongs to stack/k8s-other/default.main"},
		{name: "another Kubernetes cluster's, adopted", owner: "stack/k8s-other/default.main", address: "ecs.cluster/cluster", annotation: "adopt", ok: true},
		{name: "adopted", annotation: "adopt", ok: true},
		{name: "adopted or made", annotation: "adopt-or-create", ok: true},
		{name: "no such policy", annotation: "grab", reason: v1alpha1.ReasonInvalid, text: "use manage, observe, adopt or adopt-or-create"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				b := newBed(t)
				if tt.owner != "" {
					b.existing(tag("berth:owner", tt.owner), tag("berth:address", tt.address))
				} else {
					b.existing()
				}
				b.legacy(tt.arn, "")
				b.edit("main", func(o *v1alpha1.ECSCluster) {
					if tt.annotation != "" {
						o.Annotations = map[string]string{v1alpha1.AnnotationPolicy: tt.annotation}
					}
				})
				changes := b.calls(changing...)
				b.sync("main")
				if tt.ok {
					b.synced("main")
					b.told("main", "TakingOver")
					return
				}
				if got := b.condition("main", metav1.ConditionFalse, tt.reason); !strings.Contains(strings.ToLower(got), strings.ToLower(tt.text)) {
					t.Errorf("message %q lacks %q", got, tt.text)
				}
				if b.calls(changing...) != changes {
					t.Error("AWS was changed")
				}
				b.deleteObject("main")
				b.sync("main")
				if tt.reason == v1alpha1.ReasonTaken && b.shown(testCluster) == nil {
					t.Error("a cluster that is not the object's was deleted")
				}
			})
		})
	}
}

// TestObserve only looks, and gives no consent for later.
func TestObserve(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := newBed(t)
		b.existing()
		b.apply(staticProvider + "\n---\n" + strings.Replace(basicCluster, "{name: main}",
			"{name: main, annotations: {aws-infra-operator.runner.codes/policy: observe}}", 1))
		changes := b.calls(changing...)
		b.sync("main")
		b.condition("main", metav1.ConditionTrue, v1alpha1.ReasonObserved)
		if s := b.get("main").Status; s.ClusterARN != testARN || !s.Ready {
			t.Errorf("status: %+v", s)
		}
		b.idle("main")
		b.edit("main", func(o *v1alpha1.ECSCluster) { o.Annotations = nil })
		b.sync("main")
		b.condition("main", metav1.ConditionFalse, v1alpha1.ReasonTaken)
		if b.calls(changing...) != changes {
			t.Error("AWS was changed")
		}
		b.deleteObject("main")
		if _, there := b.find("main"); there || b.shown(testCluster) == nil {
			t.Error("the object stayed, or the cluster went")
		}
	})
}

// TestAdoptMakesNothing where there is nothing.
func TestAdoptMakesNothing(t *testing.T) {
	t.Parallel()
	for policy, reason := range map[string]string{"adopt": v1alpha1.ReasonAbsent, "observe": v1alpha1.ReasonAbsent, "adopt-or-create": v1alpha1.ReasonSynced} {
		t.Run(policy, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				b := newBed(t)
				b.apply(staticProvider + "\n---\n" + strings.Replace(basicCluster, "{name: main}",
					"{name: main, annotations: {aws-infra-operator.runner.codes/policy: "+policy+"}}", 1))
				b.sync("main")
				status := metav1.ConditionFalse
				if reason == v1alpha1.ReasonSynced {
					status = metav1.ConditionTrue
				}
				b.condition("main", status, reason)
			})
		})
	}
}

// TestTwoObjectsOneCluster: the second cannot take the cluster from the first,
// but can have it when the first is gone.
func TestTwoObjectsOneCluster(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := made(t)
		b.edit("main", func(o *v1alpha1.ECSCluster) { o.Spec.DeletionPolicy = v1alpha1.DeletionRetain })
		b.sync("main")
		b.apply(strings.Replace(basicCluster, "{name: main}",
			"{name: second, annotations: {aws-infra-operator.runner.codes/policy: adopt}}", 1))
		b.sync("second")
		if got := b.condition("second", metav1.ConditionFalse, v1alpha1.ReasonTaken); !strings.Contains(got, "Another ECSCluster has it") {
			t.Errorf("message: %s", got)
		}
		b.idle("main")
		b.deleteObject("main")
		b.sync("main")
		b.later("second")
		b.synced("second")
	})
}
