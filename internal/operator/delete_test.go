package operator

import (
	"os"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsecs "github.com/aws/aws-sdk-go-v2/service/ecs"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"

	"github.com/berthdev/berth/internal/operator/api/v1alpha1"
	"github.com/berthdev/berth/internal/sandbox"
)

// removeProvider takes the provider away by force, finalizer and all.
func (b *bed) removeProvider() {
	b.t.Helper()
	var p v1alpha1.AWSProvider
	if err := b.client.Get(b.t.Context(), types.NamespacedName{Namespace: "default", Name: "aws"}, &p); err != nil {
		b.t.Fatal(err)
	}
	p.Finalizers = nil
	if err := b.client.Update(b.t.Context(), &p); err != nil {
		b.t.Fatal(err)
	}
	if err := b.client.Delete(b.t.Context(), &p); err != nil {
		b.t.Fatal(err)
	}
}

// TestRetain lets go without AWS and without a provider.
func TestRetain(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := made(t)
		b.edit("main", func(o *v1alpha1.ECSCluster) { o.Spec.DeletionPolicy = v1alpha1.DeletionRetain })
		b.removeProvider()
		b.deleteObject("main")
		b.pass("main")
		if _, there := b.find("main"); there {
			t.Error("the object is still there")
		}
		if b.shown(testCluster) == nil {
			t.Error("the cluster is gone")
		}
		// An object of the same name knows its cluster again.
		b.apply(strings.Replace(staticProvider, "name: aws-credentials}\ntype", "name: other}\ntype", 1) + "\n---\n" + basicCluster)
		b.sync("main")
		b.synced("main")
	})
}

// TestDeadProvider says how to go on without it.
func TestDeadProvider(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := made(t)
		b.removeProvider()
		b.deleteObject("main")
		b.pass("main")
		got := b.condition("main", metav1.ConditionFalse, v1alpha1.ReasonNoProvider)
		if !strings.Contains(got, `kubectl patch ecscluster main -n default --type=merge -p '{"spec":{"deletionPolicy":"Retain"}}'`) {
			t.Errorf("message: %s", got)
		}
		b.edit("main", func(o *v1alpha1.ECSCluster) { o.Spec.DeletionPolicy = v1alpha1.DeletionRetain })
		b.pass("main")
		if _, there := b.find("main"); there {
			t.Error("the object is still there")
		}
	})
}

// TestDeletionIsBlocked by what runs in the cluster, says by what, and drains
// it only when asked.
func TestDeletionIsBlocked(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, policy string
		want         []string
	}{
		{"everything allowed", "", []string{"1 container instance (", adviceToDrain}},
		{"the nine actions of the page", pagePolicy, []string{"1 container instances", "which ones they are it could tell with ecs:ListServices"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				b := made(t)
				if err := b.world().AddContainerInstance(testCluster); err != nil {
					t.Fatal(err)
				}
				if tt.policy != "" {
					if err := b.world().SetPolicy([]byte(tt.policy)); err != nil {
						t.Fatal(err)
					}
				}
				b.deleteObject("main")
				if again := b.sync("main").RequeueAfter; again > 20*time.Second {
					t.Errorf("looked at again after %s", again)
				}
				got := b.condition("main", metav1.ConditionFalse, v1alpha1.ReasonBlocked)
				for _, w := range tt.want {
					if !strings.Contains(got, w) {
						t.Errorf("message %q lacks %q", got, w)
					}
				}
				if n := *b.get("main").Status.RegisteredContainerInstancesCount; n != 1 {
					t.Errorf("%d instances in the status", n)
				}
				if b.calls("DeleteCluster", "Deregister") > 0 {
					t.Error("something was deleted")
				}
				if tt.policy != "" {
					return
				}
				b.edit("main", func(o *v1alpha1.ECSCluster) { o.Annotations = map[string]string{v1alpha1.AnnotationDrain: "true"} })
				for range 3 {
					if _, there := b.find("main"); !there {
						break
					}
					b.sync("main")
					time.Sleep(20 * time.Second)
				}
				if _, there := b.find("main"); there || b.shown(testCluster) != nil {
					t.Error("the cluster or its object is still there")
				}
			})
		})
	}
}

const adviceToDrain = "kubectl annotate ecscluster main -n default aws-infra-operator.runner.codes/drain=true"

// pagePolicy is the policy of the page that users have in place.
const pagePolicy = `{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": [
	"ecs:CreateCluster", "ecs:DeleteCluster", "ecs:DescribeClusters", "ecs:UpdateCluster", "ecs:UpdateClusterSettings",
	"ecs:PutClusterCapacityProviders", "ecs:TagResource", "ecs:UntagResource", "ecs:ListTagsForResource"], "Resource": "*"}]}`

// TestNineActions: the page's policy is enough for a whole life.
func TestNineActions(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := newBed(t)
		b.existing() // the account has used ECS before: its service-linked role is there
		if err := b.world().SetPolicy([]byte(pagePolicy)); err != nil {
			t.Fatal(err)
		}
		b.apply(staticProvider + "\n---\n" + strings.ReplaceAll(basicCluster, testCluster, "second"))
		b.sync("main")
		b.synced("main")
		b.edit("main", func(o *v1alpha1.ECSCluster) {
			o.Spec.CapacityProviders = []string{"FARGATE"}
			o.Spec.Tags, o.Spec.Settings[0].Value = nil, "enhanced"
			o.Spec.Configuration = execWith(v1alpha1.ExecuteCommandConfiguration{Logging: "NONE"})
		})
		b.later("main")
		b.synced("main")
		b.deleteObject("main")
		b.sync("main")
		if _, there := b.find("main"); there {
			t.Error("the object is still there")
		}
	})
}

// TestDeletedSoon deletes an object whose cluster AWS does not show yet.
func TestDeletedSoon(t *testing.T) {
	t.Parallel()
	for _, crash := range []bool{false, true} {
		synctest.Test(t, func(t *testing.T) {
			b := newBed(t)
			b.apply(staticProvider + "\n---\n" + basicCluster)
			b.sync("main")
			if crash {
				b.restart()
			}
			b.deleteObject("main")
			for range 20 {
				if _, there := b.find("main"); !there {
					break
				}
				b.sync("main")
				time.Sleep(3 * time.Second)
			}
			time.Sleep(time.Minute)
			if _, there := b.find("main"); there || b.shown(testCluster) != nil {
				t.Errorf("crash %t: the cluster or its object is still there", crash)
			}
		})
	}
}

// TestPausedObjectsGo although nothing else is done for them.
func TestPausedObjectsGo(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := made(t)
		b.edit("main", func(o *v1alpha1.ECSCluster) {
			o.Annotations = map[string]string{v1alpha1.AnnotationPaused: "true"}
			o.Spec.Tags = nil
		})
		changes := b.calls(changing...)
		b.sync("main")
		b.condition("main", metav1.ConditionFalse, v1alpha1.ReasonPaused)
		if b.calls(changing...) != changes {
			t.Error("AWS was changed for a paused object")
		}
		b.deleteObject("main")
		b.sync("main")
		if _, there := b.find("main"); there || b.shown(testCluster) != nil {
			t.Error("the cluster or its object is still there")
		}
	})
}

// TestDeletedTwice: a cluster that is gone lets its object go.
func TestDeletedTwice(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := made(t)
		if _, err := b.ecs().DeleteCluster(t.Context(), &awsecs.DeleteClusterInput{Cluster: aws.String(testCluster)}); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Minute)
		b.deleteObject("main")
		b.sync("main")
		if _, there := b.find("main"); there {
			t.Error("the object is still there")
		}
	})
}

// TestCrashPoints kills the operator at every call of AWS in the life of an
// object, before and after the call took effect, and goes on with a new one.
// Every third call is disturbed, another third in each way; BERTH_CRASH=all
// disturbs all of them.
func TestCrashPoints(t *testing.T) {
	t.Parallel()
	first, stride := 0, 3
	if os.Getenv("BERTH_CRASH") == "all" {
		stride = 1
	}
	for name, kind := range map[string]sandbox.FaultKind{
		"before": sandbox.KillBefore, "after": sandbox.KillAfter, "answer lost": sandbox.FailAfter, "throttled": sandbox.Throttle,
	} {
		first++
		t.Run(name, func(t *testing.T) {
			begin := (first-1)%stride + 1
			t.Parallel()
			for at, disturbed := begin, true; disturbed && !t.Failed(); at += stride {
				synctest.Test(t, func(t *testing.T) { disturbed = crashAt(t, kind, at) })
			}
		})
	}
}

// crashAt lives one life with a fault at one call, and says whether the life
// was long enough to come to it.
func crashAt(t *testing.T, kind sandbox.FaultKind, at int) bool {
	t.Helper()
	b := newBed(t)
	b.existing(tag("old", "x"))
	b.legacy(testARN, "")
	calls, working := 0, false
	b.world().Inject(func(sandbox.Call) sandbox.Fault {
		if working {
			calls++
		}
		if working && calls == at {
			return sandbox.Fault{Kind: kind}
		}
		return sandbox.Fault{}
	})
	until := func(what string, done func() bool) {
		t.Helper()
		for range 30 {
			if done() {
				return
			}
			working = true
			b.sync("main")
			working = false
			time.Sleep(10 * time.Second)
			if b.world().Killed() {
				b.world().Revive()
				b.restart()
			}
		}
		t.Errorf("call %d: not %s: %+v", at, what, b.get("main").Status)
	}
	synced := func() bool {
		s := b.get("main").Status
		c := conditionOf(s.Conditions)
		return c != nil && c.Status == metav1.ConditionTrue && s.ObservedGeneration == b.get("main").Generation && c.ObservedGeneration == s.ObservedGeneration
	}
	until("taken over", synced)
	b.edit("main", func(o *v1alpha1.ECSCluster) {
		o.Spec.CapacityProviders, o.Spec.Tags = []string{"FARGATE"}, nil
		o.Spec.Settings[0].Value = "enhanced"
	})
	until("changed", synced)
	time.Sleep(time.Minute)
	if c := b.shown(testCluster); capacityText(c) != "[FARGATE] " || showInsights(c) != "enhanced" || b.tags(testCluster)["old"] != "" {
		t.Errorf("call %d: not as wanted: %v", at, c)
	}
	if _, err := b.ecs().DeleteCluster(t.Context(), &awsecs.DeleteClusterInput{Cluster: aws.String(testCluster)}); err != nil {
		t.Fatal(err)
	}
	time.Sleep(6 * time.Minute)
	until("made again", func() bool { return b.shown(testCluster) != nil && synced() })
	b.deleteObject("main")
	until("gone", func() bool { _, there := b.find("main"); return !there })
	time.Sleep(time.Minute)
	if b.shown(testCluster) != nil {
		t.Errorf("call %d: the cluster is left behind", at)
	}
	return calls >= at
}
