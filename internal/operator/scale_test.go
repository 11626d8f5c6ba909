package operator

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/reconcile"

	"github.com/berthdev/berth/internal/operator/api/v1alpha1"
	"github.com/berthdev/berth/internal/sandbox"
)

// herd is many objects that are worked on as controller-runtime does it: a
// bounded number at once, and again when their time has come.
type herd struct {
	*bed
	names []string
	// due is when an object's next pass is to be.
	due map[string]time.Time
	// synced is when an object was first as wanted.
	synced map[string]time.Duration
}

func newHerd(t *testing.T, n int) *herd {
	t.Helper()
	h := &herd{bed: newBed(t), due: map[string]time.Time{}, synced: map[string]time.Duration{}}
	h.worlds.Options.Latency = 50 * time.Millisecond
	h.clusters.random = rand.Float64
	h.apply(staticProvider)
	h.syncProvider("aws")
	for i := range n {
		name := fmt.Sprintf("c%04d", i)
		h.names = append(h.names, name)
		h.put(&v1alpha1.ECSCluster{
			ObjectMeta: metav1.ObjectMeta{Name: name},
			Spec:       v1alpha1.ECSClusterSpec{ProviderRef: v1alpha1.ProviderReference{Name: "aws"}, ClusterName: name},
		})
		h.due[name] = time.Now()
	}
	return h
}

// run works on whatever is due for some time.
func (h *herd) run(d time.Duration, workers int) {
	h.t.Helper()
	var mu sync.Mutex
	var wg sync.WaitGroup
	slots := make(chan struct{}, workers)
	began := time.Now()
	pace := min(d/5000, 250*time.Millisecond)
	for time.Since(began) < d {
		mu.Lock()
		var due []string
		for _, n := range h.names {
			if at, ok := h.due[n]; ok && !at.After(time.Now()) {
				due = append(due, n)
				delete(h.due, n)
			}
		}
		mu.Unlock()
		for _, n := range due {
			slots <- struct{}{}
			wg.Go(func() {
				defer func() { <-slots }()
				r, err := h.clusters.Reconcile(h.t.Context(), reconcile.Request{NamespacedName: key(n)})
				if err != nil {
					h.t.Errorf("%s: %v", n, err)
				}
				mu.Lock()
				defer mu.Unlock()
				h.due[n] = time.Now().Add(r.RequeueAfter)
				if _, known := h.synced[n]; !known && h.isSynced(n) {
					h.synced[n] = time.Since(began)
				}
			})
		}
		time.Sleep(pace)
	}
	wg.Wait()
}

func (h *herd) isSynced(name string) bool {
	c := conditionOf(h.get(name).Status.Conditions)
	return c != nil && c.Status == metav1.ConditionTrue
}

// last is when the last object was as wanted.
func (h *herd) last() time.Duration {
	if len(h.synced) != len(h.names) {
		h.t.Fatalf("%d of %d are synced", len(h.synced), len(h.names))
	}
	var all []time.Duration
	for _, d := range h.synced {
		all = append(all, d)
	}
	return slices.Max(all)
}

// linked makes the account's service-linked role, which takes some seconds.
func (h *herd) linked() {
	h.existing()
}

// TestIdleHerd: what is as it should be costs next to nothing.
func TestIdleHerd(t *testing.T) {
	t.Parallel()
	const n, minutes = 300, 30
	synctest.Test(t, func(t *testing.T) {
		h := newHerd(t, n)
		h.run(12*time.Minute, 128)
		h.last()
		writes, reads, changes := h.writes, h.calls("DescribeClusters"), h.calls(changing...)
		h.run(minutes*time.Minute, 128)
		if h.writes != writes || h.calls(changing...) != changes {
			t.Errorf("%d writes to Kubernetes, %d to AWS", h.writes-writes, h.calls(changing...)-changes)
		}
		rounds := float64(minutes) / 5
		t.Logf("%.1f DescribeClusters calls a round", float64(h.calls("DescribeClusters")-reads)/rounds)
		if got := float64(h.calls("DescribeClusters") - reads); got > rounds*n/100+1 {
			t.Errorf("%.0f DescribeClusters calls in %.0f rounds of %d objects, want %.0f", got, rounds, n, rounds*n/100)
		}
		if got := h.calls("AssumeRole", "GetCallerIdentity"); got > 0 {
			t.Errorf("%d calls of STS", got)
		}
	})
}

// TestHundredCreates go as fast as ECS's rates allow.
func TestHundredCreates(t *testing.T) {
	t.Parallel()
	const n = 100
	for _, tt := range []struct {
		name  string
		fault sandbox.Fault
		most  time.Duration
		calls int
	}{
		{"at AWS's rates", sandbox.Fault{}, 84 * time.Second, n},
		{"throttled once in two", sandbox.Fault{Kind: sandbox.Throttle}, 4 * time.Minute, 2*n + 5},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				h := newHerd(t, n)
				h.linked()
				for _, name := range h.names {
					h.due[name] = time.Now()
				}
				before := h.calls("CreateCluster")
				var mu sync.Mutex
				seen := 0
				h.world().Inject(func(c sandbox.Call) sandbox.Fault {
					mu.Lock()
					defer mu.Unlock()
					if c.Operation != "CreateCluster" {
						return sandbox.Fault{}
					}
					seen++
					if seen%2 == 1 {
						return tt.fault
					}
					return sandbox.Fault{}
				})
				h.run(5*time.Minute, 128)
				if got := h.last(); got > tt.most {
					t.Errorf("the last of %d was made after %s, want %s", n, got, tt.most)
				}
				if got := h.calls("CreateCluster") - before; got > tt.calls {
					t.Errorf("%d CreateCluster calls, want at most %d", got, tt.calls)
				}
				if c := strings.Count(h.world().Dump(), `"ecs.cluster"`); c > n+1 {
					t.Errorf("%d clusters", c)
				}
			})
		})
	}
}

// TestReconcileNow, and intervals of one's own.
func TestReconcileNow(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := made(t)
		reads := b.calls("DescribeClusters")
		b.edit("main", func(o *v1alpha1.ECSCluster) {
			o.Generation-- // an annotation is no new generation
			o.Annotations = map[string]string{v1alpha1.AnnotationReconcile: "1", v1alpha1.AnnotationResync: "30m"}
		})
		again := b.pass("main").RequeueAfter
		if b.calls("DescribeClusters") != reads+1 || b.get("main").Status.LastHandledReconcile != "1" {
			t.Errorf("%d reads, handled %q", b.calls("DescribeClusters")-reads, b.get("main").Status.LastHandledReconcile)
		}
		if again < 30*time.Minute || again > 33*time.Minute {
			t.Errorf("again in %s", again)
		}
	})
}

// TestMetrics has a gauge for every object and counts calls.
func TestMetrics(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := made(t)
		text := b.metrics()
		for _, want := range []string{
			`berth_operator_object_ready{kind="ECSCluster",name="main",namespace="default"} 1`,
			`berth_operator_object_synced{kind="ECSCluster",name="main",namespace="default"} 1`,
			`berth_operator_object_ready{kind="AWSProvider",name="aws",namespace="default"} 1`,
			`berth_aws_calls_total{operation="CreateCluster",result="ok",service="ecs"} 1`,
			`berth_aws_call_duration_seconds_count{operation="DescribeClusters",service="ecs"} 1`,
		} {
			if !strings.Contains(text, want) {
				t.Errorf("metrics lack %s:\n%s", want, text)
			}
		}
		b.deleteObject("main")
		b.sync("main")
		if strings.Contains(b.metrics(), `name="main"`) {
			t.Error("a deleted object still has metrics")
		}
	})
}
