package operator

import (
	"strings"
	"testing"
	"time"

	"github.com/berthdev/berth/internal/sandbox"
)

// TestAPIServerRestarts kills the API server under an operator that is at work.
func TestAPIServerRestarts(t *testing.T) {
	b := newBed(t, sandbox.Options{Latency: 200 * time.Millisecond})
	b.Kubectl(t, "", "delete", "leases", "--all", "-n", namespace)
	leading := []string{"--leader-elect", "--leader-elect-namespace=" + namespace}
	p := b.operate(t, leading...)
	b.Apply(t, provider("default", "aws", ""))
	b.Apply(t, shop("before", ""))
	b.synced(t, "default", "before")

	t.Run("for seconds", func(t *testing.T) {
		b.Apply(t, shop("during", ""))
		b.Restart(t, time.Second)
		b.Apply(t, shop("after", ""))
		for _, name := range []string{"before", "during", "after"} {
			until(t, time.Minute, name+" is in sync", func() bool { return b.isSynced(t, name) }, p.text)
		}
		select {
		case <-p.gone:
			t.Fatalf("the operator ended:\n%s", p.text())
		default:
		}
	})
	t.Run("for longer than the lease", func(t *testing.T) {
		b.Restart(t, 12*time.Second)
		select {
		case <-p.gone:
		case <-time.After(20 * time.Second):
			t.Fatal("an operator that may have lost the lease goes on")
		}
		if code := p.cmd.ProcessState.ExitCode(); code != 1 || !strings.Contains(p.text(), "leader election lost") {
			t.Errorf("exit code %d:\n%s", code, tail(p.text(), 5))
		}
		next := b.operate(t, leading...) // as the pod is started again
		b.Apply(t, shop("next", ""))
		until(t, time.Minute, "the next one works", func() bool { return b.isSynced(t, "next") }, next.text)
	})
	// An API server that goes and comes is no reason to change AWS.
	if calls := b.mutating(); len(calls) != 1 || calls["CreateCluster"] != 4 {
		t.Errorf("calls that change AWS: %v", calls)
	}
}
