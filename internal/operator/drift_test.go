package operator

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsecs "github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"github.com/berthdev/berth/internal/operator/api/v1alpha1"
)

// TestDriftIsRepaired changes a cluster behind the operator's back.
func TestDriftIsRepaired(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := made(t)
		_, err := b.ecs().UpdateCluster(t.Context(), &awsecs.UpdateClusterInput{
			Cluster: aws.String(testCluster), Settings: []types.ClusterSetting{{Name: "containerInsights", Value: aws.String("disabled")}},
		})
		if err != nil {
			t.Fatal(err)
		}
		_, err = b.ecs().UntagResource(t.Context(), &awsecs.UntagResourceInput{
			ResourceArn: b.shown(testCluster).ClusterArn, TagKeys: []string{"Environment", "berth:owner"},
		})
		if err != nil {
			t.Fatal(err)
		}
		b.later("main")
		b.synced("main")
		if got := showInsights(b.shown(testCluster)); got != "enabled" {
			t.Errorf("insights are %v", got)
		}
		if b.tags(testCluster)["Environment"] != "production" || b.tags(testCluster)["berth:owner"] == "" {
			t.Errorf("tags: %v", b.tags(testCluster))
		}
		b.idle("main")
	})
}

// TestConnectDrift changes the default namespace behind the operator's back.
// ECS shows the ARN of a namespace that was given by name, and the ARN does not
// tell the name: such a desired state is compared only for being there at all.
func TestConnectDrift(t *testing.T) {
	t.Parallel()
	const (
		own   = "arn:aws:servicediscovery:us-east-1:123456789012:namespace/ns-own"
		other = "arn:aws:servicediscovery:us-east-1:123456789012:namespace/ns-other"
		// shared is one of another account, which the operator cannot look at.
		shared = "arn:aws:servicediscovery:us-east-1:999999999999:namespace/ns-shared"
	)
	for _, tt := range []struct{ name, desired, drift, want string }{
		{"an ARN, another", own, other, own},
		{"an ARN, none", own, "", own},
		{"another account's ARN, another", shared, own, shared},
		{"a name, none", "shop", "", "a name's"},
		{"a name, another", "shop", other, other},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				b := made(t)
				b.edit("main", func(o *v1alpha1.ECSCluster) {
					o.Spec.ServiceConnectDefaults = &v1alpha1.ServiceConnectDefaults{Namespace: tt.desired}
				})
				b.sync("main")
				b.synced("main")
				time.Sleep(time.Minute)
				first := b.shown(testCluster).ServiceConnectDefaults
				if first == nil {
					t.Fatal("there is no namespace")
				}
				b.idle("main")
				_, err := b.ecs().UpdateCluster(t.Context(), &awsecs.UpdateClusterInput{
					Cluster: aws.String(testCluster), ServiceConnectDefaults: &types.ClusterServiceConnectDefaultsRequest{Namespace: aws.String(tt.drift)},
				})
				if err != nil {
					t.Fatal(err)
				}
				b.later("main")
				b.synced("main")
				time.Sleep(time.Minute)
				got, want := b.shown(testCluster).ServiceConnectDefaults, tt.want
				if want == "a name's" {
					want = aws.ToString(first.Namespace)
				}
				if got == nil || aws.ToString(got.Namespace) != want {
					t.Errorf("the namespace is %+v, want %s", got, want)
				}
				b.idle("main")
			})
		})
	}
}

// TestManagedElsewhere leaves alone what the object says nothing about.
func TestManagedElsewhere(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := made(t)
		_, err := b.ecs().PutClusterCapacityProviders(t.Context(), &awsecs.PutClusterCapacityProvidersInput{
			Cluster: aws.String(testCluster), CapacityProviders: []string{"FARGATE", "FARGATE_SPOT"},
			DefaultCapacityProviderStrategy: []types.CapacityProviderStrategyItem{{CapacityProvider: aws.String("FARGATE_SPOT"), Weight: 1}},
		})
		if err != nil {
			t.Fatal(err)
		}
		b.idle("main")
		b.synced("main")
		b.edit("main", func(o *v1alpha1.ECSCluster) { o.Spec.CapacityProviders = []string{"FARGATE_SPOT"} })
		b.sync("main")
		if got := capacityText(b.shown(testCluster)); got != "[FARGATE_SPOT] FARGATE_SPOT 1 0 " {
			t.Errorf("capacity: %s", got)
		}
		b.idle("main")
	})
}

// TestDeletedOutside makes a cluster again that ECS shows as INACTIVE.
func TestDeletedOutside(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := made(t)
		if _, err := b.ecs().DeleteCluster(t.Context(), &awsecs.DeleteClusterInput{Cluster: aws.String(testCluster)}); err != nil {
			t.Fatal(err)
		}
		b.later("main")
		b.synced("main")
		time.Sleep(time.Minute)
		if b.shown(testCluster) == nil || !b.get("main").Status.Ready {
			t.Error("the cluster was not made again")
		}
		b.told("main", "was deleted outside the operator")
	})
}
