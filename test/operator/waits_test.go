package operator

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"github.com/berthdev/berth/internal/sandbox"
)

// TestWaits goes through what holds an object up, and what sets it going again:
// at once, although such errors are retried slowly.
func TestWaits(t *testing.T) {
	b := newBed(t, sandbox.Options{})
	b.operate(t)
	t.Run("for its provider", func(t *testing.T) {
		b.Apply(t, shop("early", ""))
		b.says(t, clusters, "early", "Synced", "False ProviderNotFound", "aws")
		b.Apply(t, provider("default", "aws", ""))
		until(t, 10*time.Second, "it goes on", func() bool { return b.isSynced(t, "early") },
			func() string { return b.Must(t, "get", clusters, "early", "-o", "yaml") })
	})
	t.Run("for a spec that AWS takes", func(t *testing.T) {
		b.Apply(t, shop("wrong", "  settings: [{name: containerInsights, value: sometimes}]\n"))
		b.says(t, clusters, "wrong", "Synced", "False InvalidSpec", "enhanced")
		b.Must(t, "patch", clusters, "wrong", "--type=merge", "-p", `{"spec":{"settings":null}}`)
		b.synced(t, "default", "wrong")
	})
	t.Run("while it is paused", func(t *testing.T) {
		b.Must(t, "annotate", clusters, "early", group+"/paused=true")
		b.Must(t, "patch", clusters, "early", "--type=merge", "-p", `{"spec":{"tags":{"stage":"test"}}}`)
		b.says(t, clusters, "early", "Synced", "False Paused", "")
		if _, ok := tags(b.made(t, "early"))["stage"]; ok {
			t.Error("changed while paused")
		}
		b.Must(t, "annotate", clusters, "early", group+"/paused-")
		b.synced(t, "default", "early")
		if tags(b.made(t, "early"))["stage"] != "test" {
			t.Error("not changed after the pause")
		}
	})
	t.Run("no longer than its own resync", func(t *testing.T) {
		b.Must(t, "annotate", clusters, "early", group+"/resync=10s")
		b.synced(t, "default", "early")
		if _, err := b.api().TagResource(t.Context(), &ecs.TagResourceInput{
			ResourceArn: b.made(t, "early").ClusterArn, Tags: []types.Tag{{Key: aws.String("stage"), Value: aws.String("edited")}},
		}); err != nil {
			t.Fatal(err)
		}
		until(t, 25*time.Second, "the drift is repaired unasked", func() bool { return tags(b.made(t, "early"))["stage"] == "test" },
			func() string { return fmt.Sprint(tags(b.made(t, "early"))) })
	})
}

// TestOneClusterOneObject keeps two objects, and two Kubernetes clusters, from
// fighting for one cluster of AWS's.
func TestOneClusterOneObject(t *testing.T) {
	b := newBed(t, sandbox.Options{})
	p := b.operate(t)
	b.Apply(t, provider("default", "aws", ""))
	b.Apply(t, shop("one", ""))
	b.synced(t, "default", "one")
	b.Apply(t, strings.Replace(shop("one", "  tags: {mine: too}\n"), "metadata: {name: one", "metadata: {name: other", 1))
	b.says(t, clusters, "other", "Synced", "False ClusterExists", "one")
	if _, ok := tags(b.made(t, "one"))["mine"]; ok {
		t.Error("the second object changed the first one's cluster")
	}
	b.Must(t, "delete", clusters, "other", "--timeout=20s")
	b.made(t, "one")
	p.stop(t)

	// The objects are restored into another Kubernetes cluster, beside this one.
	b.operate(t, "--cluster-id=another")
	b.Must(t, "patch", clusters, "one", "--type=merge", "-p", `{"spec":{"tags":{"from":"another"}}}`)
	b.says(t, clusters, "one", "Synced", "False ClusterExists", "")
	b.Must(t, "delete", clusters, "one", "--timeout=20s")
	if _, ok := tags(b.made(t, "one"))["from"]; ok {
		t.Error("another Kubernetes cluster changed the cluster")
	}
}
