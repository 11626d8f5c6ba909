package moto

import "testing"

// TestBenchOverhead measures berth's own time, memory and calls: moto is ready
// at once. It always checks the calls; it checks time and memory, which depend
// on the machine, only with BERTH_BENCH=1 (make bench).
func TestBenchOverhead(t *testing.T) {
	t.Parallel()
	m := start(t)
	dir := project(t, oneService("one", "1.28"))
	// moto loads the code of a service at its first call: this makes it load
	// the code before the measurement.
	for _, verb := range []string{"up", "down"} {
		m.berth(t, dir, "--region", "us-west-2", verb, "--yes").mustExit(t, 0)
	}
	limits := []struct {
		what  string
		args  []string
		calls int
		wall  float64
	}{
		{"first up in a region", []string{"up", "--yes"}, 70, 1.5},
		{"no-op up", []string{"up", "--yes"}, 30, 0.5},
		{"down", []string{"down", "--yes"}, 100, 1.5},
	}
	for _, l := range limits {
		r := m.berth(t, dir, l.args...)
		r.mustExit(t, 0)
		r.within(t, l.what, l.calls, l.wall)
	}
	other := project(t, oneService("two", "1.28"))
	r := m.berth(t, other, "up", "--yes")
	r.mustExit(t, 0)
	r.within(t, "first up of a project, the bucket exists", 64, 1.5)
}
