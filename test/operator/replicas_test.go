package operator

import (
	"strings"
	"testing"
	"time"

	"github.com/berthdev/berth/internal/sandbox"
)

// TestReplicas runs two operators: one works, and when it dies the other one
// goes on.
func TestReplicas(t *testing.T) {
	b := newBed(t, sandbox.Options{})
	b.Kubectl(t, "", "delete", "leases", "--all", "-n", namespace)
	first := b.launch(t, "--leader-elect", "--leader-elect-namespace="+namespace)
	until(t, 30*time.Second, "the first leads", func() bool {
		return b.Must(t, "get", "leases", "-n", namespace, "-o", "name") != ""
	}, first.text)
	second := b.operate(t, "--leader-elect", "--leader-elect-namespace="+namespace)
	b.Apply(t, provider("default", "aws", ""))
	b.Apply(t, shop("one", ""))
	b.synced(t, "default", "one")
	if text, err := get(second.metrics); err != nil || strings.Contains(text, `berth_operator_object_ready{kind="ECSCluster"`) {
		t.Errorf("the standby works too: %v", err)
	}
	first.kill()
	b.Apply(t, shop("two", ""))
	until(t, 60*time.Second, "the second takes over", func() bool { return b.isSynced(t, "two") }, second.text)
	if n := b.front.Count()["CreateCluster"]; n != 2 {
		t.Errorf("%d clusters created, want 2", n)
	}
}

// TestStopsCleanly sends the signal of a node that is drained: the lease is
// given up, so that the next operator need not wait for its end.
func TestStopsCleanly(t *testing.T) {
	b := newBed(t, sandbox.Options{})
	b.Kubectl(t, "", "delete", "leases", "--all", "-n", namespace)
	p := b.operate(t, "--leader-elect", "--leader-elect-namespace="+namespace)
	b.Apply(t, provider("default", "aws", ""))
	b.Apply(t, shop("one", ""))
	until(t, 30*time.Second, "it works", func() bool { return b.isSynced(t, "one") }, p.text)
	p.stop(t)
	next := b.operate(t, "--leader-elect", "--leader-elect-namespace="+namespace)
	b.Apply(t, shop("two", ""))
	until(t, 8*time.Second, "the next one leads at once", func() bool { return b.isSynced(t, "two") }, next.text)
}
