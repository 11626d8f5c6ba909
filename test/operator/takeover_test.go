package operator

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"github.com/berthdev/berth/internal/sandbox"
)

const legacyFinalizer = "ecscluster.infra.operator.aws.io/finalizer"

// legacy makes a cluster and an object as infra-operator leaves them: its
// finalizer, its status, and tags that it never took away.
func (b *bed) legacy(t *testing.T, name string) {
	t.Helper()
	b.foreign(t, name)
	b.Apply(t, strings.Replace(shop(name, "  tags: {stage: test}\n"), "namespace: default}",
		"namespace: default, finalizers: ["+legacyFinalizer+"]}", 1))
	b.Must(t, "patch", clusters, name, "--subresource=status", "--type=merge", "-p",
		`{"status":{"ready":true,"status":"ACTIVE","clusterARN":"arn:aws:ecs:us-east-1:123456789012:cluster/`+name+`"}}`)
}

// foreign makes a cluster that nobody marked.
func (b *bed) foreign(t *testing.T, name string) {
	t.Helper()
	if _, err := b.api().CreateCluster(t.Context(), &ecs.CreateClusterInput{
		ClusterName: aws.String(name), Tags: []types.Tag{
			{Key: aws.String("stage"), Value: aws.String("test")}, {Key: aws.String("stale"), Value: aws.String("x")},
		},
		Settings: []types.ClusterSetting{{Name: types.ClusterSettingNameContainerInsights, Value: aws.String("disabled")}},
	}); err != nil {
		t.Fatal(err)
	}
}

func (b *bed) finalizers(t *testing.T, name string) string {
	t.Helper()
	return b.Must(t, "get", clusters, name, "-o", "jsonpath={.metadata.finalizers}")
}

func TestTakeOver(t *testing.T) {
	b := newBed(t, sandbox.Options{})
	b.Apply(t, provider("default", "aws", "  defaultTags: {team: a}\n"))
	b.legacy(t, "old")
	b.operate(t)
	b.synced(t, "default", "old")
	if got := b.finalizers(t, "old"); strings.Contains(got, legacyFinalizer) || !strings.Contains(got, group) {
		t.Errorf("finalizers %s", got)
	}
	if got := tags(b.made(t, "old")); got["team"] != "a" || insights(b.made(t, "old")) != "enabled" {
		t.Errorf("tags %v, insights %s", got, insights(b.made(t, "old")))
	}
	events := b.Must(t, "events", "--for", "ecscluster/old")
	for _, want := range []string{"TakingOver", "insights", "team", "stale", "CloudWatch bills"} {
		if !strings.Contains(events, want) {
			t.Errorf("no event tells of %s:\n%s", want, events)
		}
	}
	first := slices.IndexFunc(b.front.Calls(), func(op string) bool { return op != "DescribeClusters" && op != "GetCallerIdentity" })
	describe := slices.Index(b.front.Calls(), "DescribeClusters")
	if describe < 0 || first < describe {
		t.Errorf("written before the first reading: %v", b.front.Calls())
	}
	b.Must(t, "delete", clusters, "old", "--timeout=20s")
	if b.left(t, "old") {
		t.Error("the cluster stays, although the policy is Delete")
	}
}

func TestForeignClusterIsNotAdopted(t *testing.T) {
	b := newBed(t, sandbox.Options{})
	b.operate(t)
	b.Apply(t, provider("default", "aws", ""))
	b.foreign(t, "theirs")
	b.Apply(t, shop("theirs", ""))
	b.says(t, clusters, "theirs", "Synced", "False ClusterExists", group+"/policy")
	if n := len(b.mutating()); n != 0 {
		t.Errorf("changed what is not its own: %v", b.mutating())
	}
	t.Run("deleting the object leaves it", func(t *testing.T) {
		b.Must(t, "delete", clusters, "theirs", "--timeout=20s")
		b.made(t, "theirs")
	})
	t.Run("observe only reads", func(t *testing.T) {
		b.Apply(t, strings.Replace(shop("theirs", ""), "namespace: default}", "namespace: default, annotations: {"+group+"/policy: observe}}", 1))
		until(t, 20*time.Second, "it is shown", func() bool {
			return b.Must(t, "get", clusters, "theirs", "-o", "jsonpath={.status.status}") == "ACTIVE"
		}, func() string { return b.Must(t, "get", clusters, "theirs", "-o", "yaml") })
		if n := len(b.mutating()); n != 0 {
			t.Errorf("observing changed: %v", b.mutating())
		}
	})
	t.Run("adopt takes it over", func(t *testing.T) {
		b.Must(t, "annotate", clusters, "theirs", "--overwrite", group+"/policy=adopt")
		b.synced(t, "default", "theirs")
		b.Must(t, "delete", clusters, "theirs", "--timeout=20s")
		if b.left(t, "theirs") {
			t.Error("the adopted cluster is still there")
		}
	})
}
