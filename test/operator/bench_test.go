package operator

import (
	"cmp"
	"fmt"
	"net/http"
	"os"
	"regexp"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"

	"github.com/berthdev/berth/internal/sandbox"
)

// liftLimits lets the operator call AWS as fast as it can.
const liftLimits = "--no-rate-limits"

// bench skips a test that measures for minutes, unless it is asked for.
func bench(t *testing.T) {
	t.Helper()
	if os.Getenv("BERTH_BENCH") == "" {
		t.Skip("BERTH_BENCH is not set: run make bench-operator")
	}
}

const clustersPath = "/apis/" + group + "/v1alpha1/namespaces/default/ecsclusters"

// create makes n objects side by side.
func (b *bed) create(t *testing.T, prefix string, n int) {
	t.Helper()
	var wg sync.WaitGroup
	for w := range 8 {
		wg.Go(func() {
			for i := w; i < n; i += 8 {
				b.Request(t, http.MethodPost, clustersPath, fmt.Sprintf(`{"apiVersion": "%s/v1alpha1", "kind": "ECSCluster",
					"metadata": {"name": "%s-%04d"}, "spec": {"providerRef": {"name": "aws"}, "clusterName": "%[2]s-%04[3]d", "tags": {"a": "b"}}}`,
					group, prefix, i))
			}
		})
	}
	wg.Wait()
}

// allSynced waits until n objects are in sync.
func (b *bed) allSynced(t *testing.T, n int, limit time.Duration) {
	t.Helper()
	in := regexp.MustCompile(`"type":"Synced"`)
	count := 0
	until(t, limit, fmt.Sprintf("%d objects are in sync", n), func() bool {
		text := b.Request(t, http.MethodGet, clustersPath, "")
		count = len(regexp.MustCompile(`"status":"True","type":"Synced"`).FindAllString(text, -1))
		return in.MatchString(text) && count >= n
	}, func() string { return fmt.Sprintf("%d are", count) })
}

// memoryMiB is the resident memory of the operator.
func (p *process) memoryMiB(t *testing.T) float64 {
	t.Helper()
	data, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", p.cmd.Process.Pid))
	if err != nil {
		t.Skip("this system does not show a process's memory: ", err)
	}
	m := regexp.MustCompile(`VmRSS:\s+(\d+) kB`).FindSubmatch(data)
	kib, err := strconv.Atoi(string(m[1]))
	if err != nil {
		t.Fatal(err)
	}
	return float64(kib) / 1024
}

// goroutines is the operator's own count.
func (p *process) goroutines(t *testing.T) int {
	t.Helper()
	text, err := get(p.metrics)
	if err != nil {
		t.Fatal(err)
	}
	m := regexp.MustCompile(`(?m)^go_goroutines (\d+)`).FindStringSubmatch(text)
	n, err := strconv.Atoi(m[1])
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// TestBenchIdle watches 1,000 clusters at which nothing happens, for ten
// rounds: 10,000 passes. A round of 30 s stands for one of 5 min.
func TestBenchIdle(t *testing.T) {
	bench(t)
	const objects, rounds, round = 1000, 10, 30 * time.Second
	b := newBed(t, sandbox.Options{Latency: 50 * time.Millisecond})
	p := b.operate(t, liftLimits, "--resync="+round.String())
	b.Apply(t, provider("default", "aws", ""))
	b.create(t, "idle", objects)
	b.allSynced(t, objects, 5*time.Minute)
	time.Sleep(2 * round) // until the rounds have found their pace
	writes, calls, seen := b.Writes(t), b.front.Count(), len(b.front.Calls())
	memory, routines := p.memoryMiB(t), p.goroutines(t)
	time.Sleep(rounds * round)
	after := b.front.Count()
	describes := float64(after["DescribeClusters"]-calls["DescribeClusters"]) / rounds
	wrote := 0
	for what, n := range b.Writes(t) {
		wrote += n - writes[what]
	}
	changed := 0
	for op, n := range b.mutating() {
		changed += n - calls[op]
	}
	signIns := after["GetCallerIdentity"]
	t.Logf("%d idle objects, %d rounds: %d Kubernetes writes, %d AWS writes, %.1f DescribeClusters a round, %d AWS calls in all, "+
		"%d STS calls since the start; %.0f MiB, then %.0f MiB; %d goroutines, then %d",
		objects, rounds, wrote, changed, describes, len(b.front.Calls())-seen, signIns, memory, p.memoryMiB(t), routines, p.goroutines(t))
	if wrote > 0 || changed > 0 || describes > 10 || signIns > 1 {
		t.Error("more than 0 writes, 10 DescribeClusters a round or one STS call")
	}
	if m := p.memoryMiB(t); m > 150 || m > memory+20 {
		t.Errorf("%.0f MiB after %.0f MiB: more than 150, or growing", m, memory)
	}
	if n := p.goroutines(t); n > routines+10 {
		t.Errorf("%d goroutines after %d", n, routines)
	}
	t.Run("a change is seen at once", func(t *testing.T) { b.reacts(t) })
}

// reacts measures from a changed spec to the first call to AWS about it.
func (b *bed) reacts(t *testing.T) {
	const changes = 100
	var took []time.Duration
	for i := range changes {
		name := fmt.Sprintf("idle-%04d", i*9)
		from := len(b.front.World.Calls())
		began := time.Now()
		b.Request(t, http.MethodPatch, clustersPath+"/"+name, fmt.Sprintf(`{"spec":{"tags":{"a":"%d"}}}`, i))
		var first time.Duration
		until(t, 10*time.Second, name+" is changed in AWS", func() bool {
			for _, c := range b.front.World.Calls()[from:] {
				if in, ok := c.Input.(*ecs.TagResourceInput); ok && arnHas(in.ResourceArn, name) {
					first = time.Since(began)
				}
			}
			return first > 0
		}, func() string { return "" })
		took = append(took, first)
	}
	slices.SortFunc(took, cmp.Compare[time.Duration])
	t.Logf("from a changed spec to the call that changes AWS: median %s, 99th of 100 %s", took[changes/2], took[changes-2])
	if took[changes-2] > time.Second {
		t.Error("p99 above 1 s")
	}
}

func arnHas(arn *string, name string) bool {
	s := aws.ToString(arn)
	return len(s) > len(name) && s[len(s)-len(name):] == name
}

// TestBenchCreate makes 100 clusters at 50 ms a call.
func TestBenchCreate(t *testing.T) {
	bench(t)
	const objects = 100
	tests := []struct {
		name  string
		args  []string
		limit time.Duration
	}{
		{"limits lifted", []string{liftLimits}, 5 * time.Second},
		// AWS takes 20 at once and then one a second.
		{"AWS's limits", nil, time.Duration(1.05 * (objects - 20) * float64(time.Second))},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			b := newBed(t, sandbox.Options{Latency: 50 * time.Millisecond, Buckets: len(tt.args) == 0})
			b.operate(t, tt.args...)
			b.Apply(t, provider("default", "aws", ""))
			began := time.Now()
			b.create(t, "new", objects)
			until(t, 5*time.Minute, "AWS has them", func() bool { return b.front.Count()["CreateCluster"] >= objects }, func() string { return "" })
			b.allSynced(t, objects, 5*time.Minute)
			took := time.Since(began)
			throttled := 0
			for _, c := range b.front.World.Calls() {
				if c.Code == "ThrottlingException" {
					throttled++
				}
			}
			t.Logf("%d clusters in %.1f s (at most %s), %d AWS calls, %d throttled", objects, took.Seconds(), tt.limit, len(b.front.Calls()), throttled)
			if took > tt.limit {
				t.Errorf("%s, more than %s", took, tt.limit)
			}
			if n := b.front.Count()["CreateCluster"]; n != objects {
				t.Errorf("%d CreateCluster calls for %d clusters", n, objects)
			}
		})
	}
}

// TestThrottledAWS makes 20 clusters in an account that answers nothing but
// throttling for ten seconds.
func TestThrottledAWS(t *testing.T) {
	b := newBed(t, sandbox.Options{Latency: 50 * time.Millisecond})
	const objects, minimal = 20, 20 + 2 // one reading before, one after
	b.operate(t)
	b.Apply(t, provider("default", "aws", ""))
	until(t, 20*time.Second, "the provider is ready", func() bool {
		return b.Must(t, "get", providers, "aws", "-o", "jsonpath={.status.ready}") == "true"
	}, func() string { return "" })
	end := time.Now().Add(10 * time.Second)
	creates := creations{of: map[string]int{}}
	b.front.World.Inject(func(c sandbox.Call) sandbox.Fault {
		if time.Now().Before(end) {
			return sandbox.Fault{Kind: sandbox.Throttle}
		}
		creates.note(c)
		return sandbox.Fault{}
	})
	from := len(b.front.Calls())
	b.create(t, "hard", objects)
	b.allSynced(t, objects, 2*time.Minute)
	calls := b.front.Calls()[from:]
	t.Logf("%d clusters, AWS throttling for 10 s: %d calls, at least %d", objects, len(calls), minimal)
	if len(calls) > 2*minimal {
		t.Errorf("%d calls, more than twice %d: %v", len(calls), minimal, calls)
	}
	creates.once(t, objects)
}

// creations are the CreateCluster calls that reached AWS, by the cluster's name.
type creations struct {
	mu sync.Mutex
	of map[string]int
}

func (c *creations) note(made sandbox.Call) {
	in, ok := made.Input.(*ecs.CreateClusterInput)
	if !ok {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.of[aws.ToString(in.ClusterName)]++
}

// once wants every one of n clusters to have been created once.
func (c *creations) once(t *testing.T, n int) {
	t.Helper()
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.of) != n {
		t.Errorf("%d clusters were created, want %d: %v", len(c.of), n, c.of)
	}
	for name, times := range c.of {
		if times != 1 {
			t.Errorf("cluster %s was created %d times", name, times)
		}
	}
}
