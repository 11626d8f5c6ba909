package chaos

import (
	"syscall"
	"time"

	"github.com/berthdev/berth/internal/state"
)

// takeover stops a run in the middle of its work for longer than its lease,
// lets another run take its lock over and finish, and lets the first go on: it
// must not change anything any more.
func (r *round) takeover() {
	r.t.Helper()
	r.proxy.setBack(0) // the lease is measured, and must be the real one
	defer r.proxy.setBack(datedBack)
	stopped := make(chan time.Time, 1)
	r.aims.mu.Lock()
	r.aims.next = &blow{name: "SIGSTOP for longer than the lease", at: 48 + r.weather.dice("takeover").IntN(14), strike: func(b *berth) {
		_ = b.cmd.Process.Signal(syscall.SIGSTOP)
		stopped <- time.Now()
	}}
	r.aims.mu.Unlock()
	first := r.start("up", "--yes")
	ended := make(chan error, 1)
	go func() { ended <- first.cmd.Wait() }()
	var at time.Time
	select {
	case at = <-stopped:
	case <-ended:
		r.t.Fatalf("the run that was to be stopped ended before:\n%s", first.text.String())
	}
	time.Sleep(state.Lease/2 + time.Second) // before that it is refused: the other is alive
	code, second := r.berth("up", "--yes")
	if code != 0 {
		r.t.Errorf("the run beside a stopped one ends with %d:\n%s", code, second.text.String())
	}
	if err := first.cmd.Process.Signal(syscall.SIGCONT); err != nil {
		r.t.Fatal(err)
	}
	r.proxy.journal.note("run %s: SIGCONT", first.run)
	r.settle(first, <-ended)
	calls, taken := r.proxy.journal.afterTakeover(first.run, second.run, at)
	if !taken {
		r.t.Errorf("run %s took no lock over:\n%s", second.run, second.text.String())
	}
	for _, call := range calls {
		r.t.Errorf("run %s made %s after run %s had taken its lock over", first.run, call, second.run)
	}
	r.nothingToDo()
}
