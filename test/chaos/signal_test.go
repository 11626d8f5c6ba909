package chaos

import (
	"math/rand/v2"
	"strings"
	"sync"
	"syscall"
	"time"
)

// blow is what happens to a run of berth at one of its requests.
type blow struct {
	name string
	// at is the request, counted from 1.
	at int
	// ends says that it ends the process, or may, where berth does not listen to
	// signals any more.
	ends   bool
	strike func(*berth)
}

// blows are those that a run may get, with their shares of ten.
func blows(r *rand.Rand) blow {
	signal := func(s syscall.Signal) func(*berth) {
		return func(b *berth) { _ = b.cmd.Process.Signal(s) }
	}
	pause := time.Duration(100+r.IntN(900)) * time.Millisecond
	at := 1 + r.IntN(120)
	switch r.IntN(10) {
	case 0, 1, 2:
		return blow{"SIGKILL", at, true, signal(syscall.SIGKILL)}
	case 3, 4:
		return blow{"SIGINT", at, true, signal(syscall.SIGINT)}
	case 5:
		return blow{"SIGINT twice", at, true, func(b *berth) {
			signal(syscall.SIGINT)(b)
			time.Sleep(pause)
			signal(syscall.SIGINT)(b)
		}}
	case 6, 7:
		return blow{"SIGTERM", at, true, signal(syscall.SIGTERM)}
	default:
		return blow{"SIGSTOP for a moment", at, false, func(b *berth) {
			signal(syscall.SIGSTOP)(b)
			time.Sleep(2 * pause)
			signal(syscall.SIGCONT)(b)
		}}
	}
}

// aims are the blows of the runs that are on their way.
type aims struct {
	mu   sync.Mutex
	aims map[string]*aimed
	// next is what the next run gets, whatever the dice say.
	next *blow
}

type aimed struct {
	blow
	started chan struct{}
	target  *berth
	struck  bool
}

// aim decides what the run will meet. Half of the runs meet nothing.
func (r *round) aim(b *berth) {
	r.aims.mu.Lock()
	defer r.aims.mu.Unlock()
	a := &aimed{started: make(chan struct{}), target: b}
	d := r.weather.dice("blow", b.run)
	switch {
	case r.aims.next != nil:
		a.blow, r.aims.next = *r.aims.next, nil
	case !r.proxy.isCalm() && !strings.HasPrefix(b.args[0], "plan") && d.IntN(2) == 0:
		a.blow = blows(d)
	}
	r.aims.aims[b.run] = a
}

// launched says that the run has a process.
func (r *round) launched(b *berth) {
	r.aims.mu.Lock()
	defer r.aims.mu.Unlock()
	close(r.aims.aims[b.run].started)
}

// told strikes a run at its request.
func (r *round) told(run string, sent int) {
	r.aims.mu.Lock()
	a := r.aims.aims[run]
	hit := a != nil && a.at == sent && a.strike != nil && !a.struck
	if hit {
		a.struck = true
	}
	r.aims.mu.Unlock()
	if !hit {
		return
	}
	<-a.started
	r.proxy.journal.note("run %s, request %d: %s", run, sent, a.name)
	go a.strike(a.target)
}

// killed says whether the run was struck by what ends processes.
func (r *round) killed(b *berth) bool {
	r.aims.mu.Lock()
	defer r.aims.mu.Unlock()
	a := r.aims.aims[b.run]
	return a != nil && a.struck && a.ends
}
