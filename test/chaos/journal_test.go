package chaos

import (
	"context"
	"fmt"
	"io"
	"log"
	"net/http"
	"strings"
	"sync"
	"time"
)

// journal is what happened in a round: faults, signals, runs. It is safe for
// use by many goroutines.
type journal struct {
	mu    sync.Mutex
	began time.Time
	lines []string
	hurt  int
	// changes are the changing calls that reached moto.
	changes []change
}

// change is a changing call that took effect, or the write of a lock.
type change struct {
	run, call string
	at        time.Time
	// signed is when berth signed it, to the second.
	signed time.Time
	// lock says that it wrote a lock record.
	lock bool
}

// add notes a fault.
func (j *journal) add(c call, n int, k kind) {
	j.note("run %s, %s, call %d: %s", c.run, c, n, k)
	j.mu.Lock()
	defer j.mu.Unlock()
	j.hurt++
}

// faults is how many faults there were.
func (j *journal) faults() int {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.hurt
}

// note notes anything.
func (j *journal) note(format string, args ...any) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.began.IsZero() {
		j.began = time.Now()
	}
	j.lines = append(j.lines, fmt.Sprintf("%6.2f s  ", time.Since(j.began).Seconds())+fmt.Sprintf(format, args...))
}

// sent notes a call that moto has answered.
func (j *journal) sent(c call, r *http.Request, status int) {
	lock := c.service == "s3" && c.name == "PutObject" && strings.Contains(r.URL.Path, "/locks/") && status == http.StatusOK
	if c.reads || (c.service == "s3" || c.service == "sts") && !lock {
		return
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	j.changes = append(j.changes, change{run: c.run, call: c.String(), at: time.Now(), signed: signed(r), lock: lock})
}

// afterTakeover are the changing calls that a stopped run signed after it went
// on, though another run had taken its lock in the meantime. What it signed
// before it was stopped was on its way: a successor waits for that. ok says
// that the other run did take a lock.
func (j *journal) afterTakeover(stopped, other string, stoppedAt time.Time) (calls []string, ok bool) {
	j.mu.Lock()
	defer j.mu.Unlock()
	var taken time.Time
	for _, c := range j.changes {
		switch {
		case c.lock && c.run == other && taken.IsZero():
			taken = c.at
		case c.run == stopped && !c.lock && !taken.IsZero() && c.at.After(taken) && c.signed.After(stoppedAt.Add(time.Second)):
			calls = append(calls, c.call)
		}
	}
	return calls, !taken.IsZero()
}

func (j *journal) String() string {
	j.mu.Lock()
	defer j.mu.Unlock()
	return strings.Join(j.lines, "\n")
}

// silent is a log that nobody reads.
func silent() *log.Logger { return log.New(io.Discard, "", 0) }

// background outlives whoever asked.
func background() context.Context { return context.Background() }
