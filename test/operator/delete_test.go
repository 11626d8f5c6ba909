package operator

import (
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"

	"github.com/berthdev/berth/internal/sandbox"
)

// gone waits until an object is.
func (b *bed) gone(t *testing.T, kind, name string) {
	t.Helper()
	until(t, 30*time.Second, name+" is gone", func() bool { return b.object(t, kind, "default", name) == nil },
		func() string { return b.Must(t, "get", kind, name, "-o", "yaml") })
}

// says waits until a condition begins with one text and has the other in it.
func (b *bed) says(t *testing.T, kind, name, condition, begins, has string) {
	t.Helper()
	until(t, 20*time.Second, name+" says "+begins, func() bool {
		c := b.condition(t, kind, "default", name, condition)
		return strings.HasPrefix(c, begins) && strings.Contains(c, has)
	}, func() string { return b.Must(t, "get", kind, name, "-o", "yaml") })
}

func TestDelete(t *testing.T) {
	b := newBed(t, sandbox.Options{})
	b.operate(t)
	b.Apply(t, provider("default", "aws", ""))

	t.Run("blocked by what is in it", func(t *testing.T) {
		b.Apply(t, shop("busy", ""))
		b.synced(t, "default", "busy")
		if err := b.front.World.AddContainerInstance("busy"); err != nil {
			t.Fatal(err)
		}
		b.Must(t, "delete", clusters, "busy", "--wait=false")
		b.says(t, clusters, "busy", "Synced", "False DeletionBlocked", "1 container instance")
		b.made(t, "busy")
		b.Must(t, "annotate", clusters, "busy", group+"/drain=true")
		b.gone(t, clusters, "busy")
		if b.left(t, "busy") {
			t.Error("the cluster is still there")
		}
	})
	t.Run("while paused", func(t *testing.T) {
		b.Apply(t, shop("paused", ""))
		b.synced(t, "default", "paused")
		b.Must(t, "annotate", clusters, "paused", group+"/paused=true")
		b.Must(t, "delete", clusters, "paused", "--timeout=20s")
		if b.left(t, "paused") {
			t.Error("the cluster is still there")
		}
	})
	t.Run("deleted in AWS already", func(t *testing.T) {
		b.Apply(t, shop("early", ""))
		b.synced(t, "default", "early")
		if _, err := b.api().DeleteCluster(t.Context(), &ecs.DeleteClusterInput{Cluster: aws.String("early")}); err != nil {
			t.Fatal(err)
		}
		b.Must(t, "delete", clusters, "early", "--timeout=40s")
	})
	t.Run("a provider in use stays", func(t *testing.T) {
		b.Apply(t, shop("user", ""))
		b.synced(t, "default", "user")
		b.Must(t, "delete", providers, "aws", "--wait=false")
		b.says(t, providers, "aws", "Ready", "", "user")
		b.Must(t, "delete", clusters, "user", "--timeout=20s")
		b.gone(t, providers, "aws")
	})
}

// TestRetainNeedsNoProvider is the fault that keeps infra-operator's objects for
// ever: deleting the object needs a provider that works, even to do nothing.
func TestRetainNeedsNoProvider(t *testing.T) {
	b := newBed(t, sandbox.Options{})
	b.operate(t)
	b.Apply(t, provider("default", "aws", ""))
	b.Apply(t, shop("kept", "  deletionPolicy: Retain\n"))
	b.synced(t, "default", "kept")
	// Somebody takes the provider away by force.
	b.Must(t, "delete", providers, "aws", "--wait=false")
	b.Must(t, "patch", providers, "aws", "--type=merge", "-p", `{"metadata":{"finalizers":null}}`)
	b.gone(t, providers, "aws")
	b.Must(t, "delete", clusters, "kept", "--timeout=20s")
	b.made(t, "kept")
}
