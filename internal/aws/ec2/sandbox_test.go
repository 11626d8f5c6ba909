package ec2_test

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/berthdev/berth/internal/aws/gate"
	"github.com/berthdev/berth/internal/sandbox"
)

// lagging returns a world whose describe calls lag, with AWS's rate limits.
func lagging(t *testing.T, seed uint64) *sandbox.World {
	t.Helper()
	w, err := sandbox.New(sandbox.Options{
		Seed: seed, Latency: 100 * time.Millisecond, MaxLag: 14 * time.Second, Buckets: true,
	})
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// settle lets every view of the world catch up.
func settle() { time.Sleep(15 * time.Second) }

func TestLifeInSandbox(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w, err := sandbox.New(sandbox.Options{Latency: 100 * time.Millisecond})
		if err != nil {
			t.Fatal(err)
		}
		life(t, newDriver(t, w.Config(), w.Clock()))
		if left := w.Leftovers(); len(left) > 0 {
			t.Errorf("left behind: %v", left)
		}
	})
}

// TestMakespan: the longest chain is VPC, gateway, NAT gateway and its route.
// Calls take 100 ms: the VPC three, the gateway two, NAT gateway and route one.
func TestMakespan(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w, err := sandbox.New(sandbox.Options{Latency: 100 * time.Millisecond})
		if err != nil {
			t.Fatal(err)
		}
		d := newDriver(t, w.Config(), w.Clock())
		reading := time.Now()
		d.mustBe("", nil, false)
		began := time.Now()
		d.mustUp(network{rules: []int{80}, nat: true}.build(w.Region()))
		chain := 700*time.Millisecond + sandbox.NATAvailable.In(sandbox.Typical)
		if got := time.Since(began) - began.Sub(reading); got > chain*103/100 {
			t.Errorf("up took %v, the longest chain is %v", got, chain)
		}
	})
}

// TestCrashPoints kills the caller before and after every call of an up and of
// a down, and runs again.
func TestCrashPoints(t *testing.T) {
	t.Parallel()
	points := 0
	for seed := range uint64(2) {
		for _, kind := range []sandbox.FaultKind{sandbox.KillBefore, sandbox.KillAfter} {
			for k, more := 0, true; more; k++ {
				synctest.Test(t, func(t *testing.T) { more = crash(t, seed, kind, k) })
				points++
			}
		}
	}
	t.Logf("%d points", points)
}

// crash dies at mutating call k of up and then of down; more is false if
// neither makes that many calls.
func crash(t *testing.T, seed uint64, kind sandbox.FaultKind, k int) (more bool) {
	w := lagging(t, 1000*seed+uint64(k))
	d := newDriver(t, w.Config(), w.Clock())
	full := network{rules: []int{80, 8080}, nat: true}.build(w.Region())
	died := die(t, w, kind, k, func() error { return d.up(t.Context(), full) })
	settle()
	d.mustUp(full)
	settle()
	d.mustBe("", full, true)
	diedAgain := die(t, w, kind, k, func() error { return d.down(t.Context()) })
	settle()
	if err := d.down(t.Context()); err != nil {
		t.Fatalf("down after a crash at %d: %s", k, gate.Text(err))
	}
	settle()
	if left := w.Leftovers(); len(left) > 0 {
		t.Errorf("after a crash at %d: left behind: %v", k, left)
	}
	return died || diedAgain
}

// faultAt makes mutating call k fail, and counts the mutating calls.
func faultAt(w *sandbox.World, kind sandbox.FaultKind, k int) *atomic.Int64 {
	seen := &atomic.Int64{}
	w.Inject(func(c sandbox.Call) sandbox.Fault {
		if c.Mutating && seen.Add(1) == int64(k)+1 {
			return sandbox.Fault{Kind: kind}
		}
		return sandbox.Fault{}
	})
	return seen
}

func die(t *testing.T, w *sandbox.World, kind sandbox.FaultKind, k int, run func() error) bool {
	t.Helper()
	faultAt(w, kind, k)
	err := run()
	died := w.Killed()
	w.Inject(nil)
	w.Revive()
	if !died && err != nil {
		t.Fatalf("call %d was never made, and yet: %s", k, gate.Text(err))
	}
	if died && !errors.Is(err, sandbox.ErrKilled) {
		t.Fatalf("died at call %d: %v", k, err)
	}
	return died
}

// TestLostAnswers breaks the connection at every mutating call, before and
// after its effect; one run must be enough.
func TestLostAnswers(t *testing.T) {
	t.Parallel()
	for seed := range uint64(2) {
		for _, kind := range []sandbox.FaultKind{sandbox.FailBefore, sandbox.FailAfter} {
			for k, more := 0, true; more; k++ {
				synctest.Test(t, func(t *testing.T) { more = lose(t, seed, kind, k) })
			}
		}
	}
}

func lose(t *testing.T, seed uint64, kind sandbox.FaultKind, k int) (more bool) {
	w := lagging(t, 1000*seed+uint64(k)+500)
	d := newDriver(t, w.Config(), w.Clock())
	full := network{rules: []int{80, 8080}, nat: true}.build(w.Region())
	for _, run := range []func(context.Context) error{
		func(ctx context.Context) error { return d.up(ctx, full) }, d.down,
	} {
		seen := faultAt(w, kind, k)
		if err := run(t.Context()); err != nil {
			t.Fatalf("lost answer of call %d: %s", k, gate.Text(err))
		}
		w.Inject(nil)
		more = more || seen.Load() > int64(k)
		settle()
	}
	if left := w.Leftovers(); len(left) > 0 {
		t.Errorf("after the lost answer of call %d: left behind: %v", k, left)
	}
	return more
}
