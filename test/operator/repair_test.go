package operator

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"
	"github.com/google/go-cmp/cmp"

	"github.com/berthdev/berth/internal/sandbox"
)

// shop is the manifest of a cluster; spec is further lines of it.
func shop(name, spec string) string {
	return `
apiVersion: ` + group + `/v1alpha1
kind: ECSCluster
metadata: {name: ` + name + `, namespace: default}
spec:
  providerRef: {name: aws}
  clusterName: ` + name + "\n" + spec
}

// now asks for a look at AWS and waits until it was made.
func (b *bed) now(t *testing.T, name string) {
	t.Helper()
	stamp := fmt.Sprint(time.Now().UnixNano())
	b.Must(t, "annotate", clusters, name, "--overwrite", group+"/reconcile-now="+stamp)
	until(t, 20*time.Second, "the object was looked at", func() bool {
		return b.Must(t, "get", clusters, name, "-o", "jsonpath={.status.lastHandledReconcile}") == stamp
	}, func() string { return b.Must(t, "get", clusters, name, "-o", "yaml") })
}

// TestRepairs goes through infra-operator's faults with clusters that change:
// in Kubernetes, or in AWS behind the operator's back.
func TestRepairs(t *testing.T) {
	b := newBed(t, sandbox.Options{MaxLag: time.Second})
	b.operate(t)
	b.Apply(t, provider("default", "aws", "  defaultTags: {team: a, old: x}\n"))
	b.Apply(t, shop("shop", `
  capacityProviders: [FARGATE, FARGATE_SPOT]
  defaultCapacityProviderStrategy: [{capacityProvider: FARGATE, weight: 1}]
  settings: [{name: containerInsights, value: enhanced}]
  tags: {stage: test, gone: soon}
`))
	b.synced(t, "default", "shop")
	if got := insights(b.made(t, "shop")); got != "enhanced" {
		t.Errorf("container insights are %q", got)
	}
	patch := func(spec string) {
		t.Helper()
		b.Must(t, "patch", clusters, "shop", "--type=merge", "-p", `{"spec":`+spec+`}`)
		b.synced(t, "default", "shop")
	}

	t.Run("a removed tag goes", func(t *testing.T) {
		patch(`{"tags":{"gone":null}}`)
		want := map[string]string{"Name": "shop", "team": "a", "old": "x", "stage": "test"}
		if diff := cmp.Diff(want, tags(b.made(t, "shop"))); diff != "" {
			t.Errorf("-want +got\n%s", diff)
		}
	})
	t.Run("so does one of the provider", func(t *testing.T) {
		b.Must(t, "patch", providers, "aws", "--type=merge", "-p", `{"spec":{"defaultTags":{"old":null}}}`)
		until(t, 20*time.Second, "the tag is gone", func() bool {
			_, ok := tags(b.made(t, "shop"))["old"]
			return !ok
		}, func() string { return fmt.Sprint(tags(b.made(t, "shop"))) })
	})
	t.Run("providers without a strategy", func(t *testing.T) {
		patch(`{"capacityProviders":["FARGATE"],"defaultCapacityProviderStrategy":null}`)
		if c := b.made(t, "shop"); len(c.CapacityProviders) != 1 || len(c.DefaultCapacityProviderStrategy) != 0 {
			t.Errorf("capacity %v, %v", c.CapacityProviders, c.DefaultCapacityProviderStrategy)
		}
	})
	t.Run("no providers at all", func(t *testing.T) {
		patch(`{"capacityProviders":[]}`)
		if c := b.made(t, "shop"); len(c.CapacityProviders) != 0 {
			t.Errorf("capacity %v", c.CapacityProviders)
		}
	})
	t.Run("an edit of ECS Exec", func(t *testing.T) {
		patch(`{"configuration":{"executeCommandConfiguration":{"logging":"OVERRIDE","logConfiguration":{"cloudWatchLogGroupName":"/a"}}}}`)
		patch(`{"configuration":{"executeCommandConfiguration":{"logConfiguration":{"cloudWatchLogGroupName":"/b"}}}}`)
		got := b.made(t, "shop").Configuration.ExecuteCommandConfiguration.LogConfiguration
		if aws.ToString(got.CloudWatchLogGroupName) != "/b" {
			t.Errorf("the log group is %q", aws.ToString(got.CloudWatchLogGroupName))
		}
	})
	t.Run("an edit of Service Connect", func(t *testing.T) {
		patch(`{"serviceConnectDefaults":{"namespace":"one"}}`)
		first := b.made(t, "shop").ServiceConnectDefaults
		patch(`{"serviceConnectDefaults":{"namespace":"two"}}`)
		if second := b.made(t, "shop").ServiceConnectDefaults; cmp.Equal(first.Namespace, second.Namespace) {
			t.Errorf("the namespace is still %q", aws.ToString(second.Namespace))
		}
	})
	t.Run("drift is repaired", func(t *testing.T) { b.drifts(t) })
	t.Run("a cluster that was deleted is made again", func(t *testing.T) {
		if _, err := b.api().DeleteCluster(t.Context(), &ecs.DeleteClusterInput{Cluster: aws.String("shop")}); err != nil {
			t.Fatal(err)
		}
		b.now(t, "shop")
		until(t, 20*time.Second, "it is back", func() bool { return b.shown(t, "shop") != nil }, func() string { return "" })
		b.synced(t, "default", "shop")
	})
	t.Run("the spec is never written", func(t *testing.T) {
		managers := b.Must(t, "get", clusters, "shop", "--show-managed-fields", "-o", `jsonpath={range .metadata.managedFields[*]}{.manager} {.operation} {.subresource} {.fieldsV1}{"\n"}{end}`)
		if !strings.Contains(managers, "berth-operator Apply status ") {
			t.Errorf("the status is not the operator's by server-side apply:\n%s", managers)
		}
		for _, line := range strings.Split(managers, "\n") {
			if strings.HasPrefix(line, "berth") && strings.Contains(line, "f:spec") {
				t.Errorf("the operator wrote the spec: %s", line)
			}
		}
	})
}

// drifts edits a cluster behind the operator's back.
func (b *bed) drifts(t *testing.T) {
	t.Helper()
	arn := b.made(t, "shop").ClusterArn
	if _, err := b.api().UpdateClusterSettings(t.Context(), &ecs.UpdateClusterSettingsInput{
		Cluster:  arn,
		Settings: []types.ClusterSetting{{Name: types.ClusterSettingNameContainerInsights, Value: aws.String("disabled")}},
	}); err != nil {
		t.Fatal(err)
	}
	if _, err := b.api().TagResource(t.Context(), &ecs.TagResourceInput{
		ResourceArn: arn, Tags: []types.Tag{{Key: aws.String("stage"), Value: aws.String("edited")}},
	}); err != nil {
		t.Fatal(err)
	}
	b.now(t, "shop")
	until(t, 20*time.Second, "the edits are undone", func() bool {
		c := b.made(t, "shop")
		return insights(c) == "enhanced" && tags(c)["stage"] == "test"
	}, func() string { return fmt.Sprintf("%+v", b.made(t, "shop")) })
	if events := b.Must(t, "events", "--for", "ecscluster/shop"); !strings.Contains(events, "insights") {
		t.Errorf("no event says what was repaired:\n%s", events)
	}
}

// TestIdleIsQuiet is the fault that makes infra-operator spin from eight
// clusters on: a write of the status that wakes its own controller.
func TestIdleIsQuiet(t *testing.T) {
	b := newBed(t, sandbox.Options{Latency: 50 * time.Millisecond})
	b.operate(t)
	b.Apply(t, provider("default", "aws", ""))
	for i := range 10 {
		b.Apply(t, shop(fmt.Sprintf("idle-%d", i), ""))
	}
	for i := range 10 {
		b.synced(t, "default", fmt.Sprintf("idle-%d", i))
	}
	time.Sleep(2 * time.Second) // what was under way
	calls, writes := len(b.front.Calls()), b.Writes(t)
	time.Sleep(10 * time.Second)
	if n := len(b.front.Calls()) - calls; n > 1 {
		t.Errorf("%d calls to AWS in 10 idle seconds", n)
	}
	if diff := cmp.Diff(writes, b.Writes(t)); diff != "" {
		t.Errorf("writes to Kubernetes in 10 idle seconds:\n%s", diff)
	}
}
