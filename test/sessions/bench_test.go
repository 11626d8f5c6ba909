package sessions

import (
	"context"
	"io"
	"os"
	"slices"
	"testing"
	"time"

	"github.com/berthdev/berth/internal/sandbox/agent"
	"github.com/berthdev/berth/internal/session"
)

// benched says that the figures of docs/benchmarks.md are wanted.
func benched() bool { return os.Getenv("BERTH_BENCH") != "" }

// TestBenchRoundTrip measures a key and its answer on loopback: p99 below 10 ms, in the
// best of ten runs, because other programs on the machine delay some of them.
func TestBenchRoundTrip(t *testing.T) {
	if !benched() {
		t.Skip("BERTH_BENCH is not set")
	}
	s := serve(t, agent.Faults{})
	o := s.open(t, s.begin(agent.Start{Command: func(_ context.Context, c *agent.Console) error {
		_, err := io.Copy(c, c)
		return err
	}}), nil)
	stream := o.Stream(t.Context(), nil)
	best := time.Hour
	for range 10 {
		p50, p99, longest := roundTrips(t, stream)
		best = min(best, p99)
		t.Logf("1000 round trips: p50 %s, p99 %s, longest %s", p50, p99, longest)
	}
	if best >= 10*time.Millisecond {
		t.Errorf("p99 is %s in the best run, want less than 10 ms", best)
	}
}

func roundTrips(t *testing.T, stream *session.Stream) (p50, p99, longest time.Duration) {
	t.Helper()
	const trips = 1000
	took := make([]time.Duration, 0, trips)
	b := make([]byte, 16)
	for range trips {
		began := time.Now()
		if _, err := stream.Write([]byte("x")); err != nil {
			t.Fatal(err)
		}
		if _, err := stream.Read(b); err != nil {
			t.Fatal(err)
		}
		took = append(took, time.Since(began))
	}
	slices.Sort(took)
	return took[trips/2].Round(time.Microsecond), took[trips*99/100].Round(time.Microsecond), took[trips-1].Round(time.Microsecond)
}

// TestBenchForward sends 100 MB through a forwarded port, which come back, while messages
// are lost and reordered in both directions.
func TestBenchForward(t *testing.T) {
	if !benched() {
		t.Skip("BERTH_BENCH is not set")
	}
	for _, tt := range []struct {
		name   string
		faults agent.Faults
	}{
		{"clean", agent.Faults{}},
		{"1% dropped, 5% reordered", agent.Faults{Drop: 0.01, Reorder: 0.05, Seed: 1}},
	} {
		s := serve(t, tt.faults)
		address := forward(t, s, s.port(echo))
		const size = 100_000_000
		began := time.Now()
		if err := sendAndCompare(address, size); err != nil {
			t.Fatalf("%s: %v", tt.name, err)
		}
		took := time.Since(began)
		t.Logf("%s: 100 MB there and back in %s, %.1f MB/s, the SHA-256 is the same", tt.name, took.Round(100*time.Millisecond), size/1e6/took.Seconds())
	}
}
