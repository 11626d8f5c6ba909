package operator

import (
	"testing"
	"testing/synctest"
	"time"

	awsecs "github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"
	"github.com/google/go-cmp/cmp"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/berthdev/berth/internal/operator/api/v1alpha1"
)

// TestLife takes a cluster from its making to its end.
func TestLife(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := newBed(t)
		b.apply(staticProvider + "\n---\n" + basicCluster)
		b.sync("main")
		b.synced("main")
		o := b.get("main")
		if !o.Status.Ready || o.Status.Status != "ACTIVE" || *o.Status.RunningTasksCount != 0 ||
			o.Status.ClusterARN != "arn:aws:ecs:us-east-1:123456789012:cluster/my-fargate-cluster" {
			t.Errorf("status: %+v", o.Status)
		}
		time.Sleep(time.Minute)
		want := map[string]string{
			"Name": "fargate-cluster", "Environment": "production", "managed-by": "infra-operator", "environment": "test",
			"berth:owner": "stack/k8s-test/default.main", "berth:address": "ecs.cluster/cluster",
		}
		if diff := cmp.Diff(want, b.tags("my-fargate-cluster")); diff != "" {
			t.Errorf("tags (-want +got):\n%s", diff)
		}

		b.edit("main", func(o *v1alpha1.ECSCluster) { o.Spec.CapacityProviders = []string{"FARGATE"} })
		b.sync("main")
		b.synced("main")
		time.Sleep(time.Minute)
		if c := b.shown("my-fargate-cluster"); len(c.CapacityProviders) != 1 {
			t.Errorf("capacity providers: %v", c.CapacityProviders)
		}

		b.deleteObject("main")
		b.sync("main")
		if _, there := b.find("main"); there {
			t.Errorf("the object is still there: %s", b.condition("main", metav1.ConditionTrue, ""))
		}
		time.Sleep(time.Minute)
		if c := b.shown("my-fargate-cluster"); c != nil {
			t.Errorf("the cluster is still there: %v", c)
		}
	})
}

// shown is a cluster as AWS describes it; nil without an active one.
func (b *bed) shown(name string) *types.Cluster {
	b.t.Helper()
	out, err := b.ecs().DescribeClusters(b.t.Context(), &awsecs.DescribeClustersInput{
		Clusters: []string{name}, Include: []types.ClusterField{"TAGS", "SETTINGS", "CONFIGURATIONS"},
	})
	if err != nil {
		b.t.Fatal(err)
	}
	if len(out.Clusters) == 0 || *out.Clusters[0].Status != "ACTIVE" {
		return nil
	}
	return &out.Clusters[0]
}

// tags are a cluster's, without what was asked for.
func (b *bed) tags(name string) map[string]string {
	b.t.Helper()
	out := map[string]string{}
	for _, t := range b.shown(name).Tags {
		if *t.Key != "berth:asked" {
			out[*t.Key] = *t.Value
		}
	}
	return out
}
