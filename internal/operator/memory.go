package operator

import (
	"sync"
	"time"

	"k8s.io/apimachinery/pkg/types"

	"github.com/berthdev/berth/internal/operator/account"
)

// lagBound is after how long AWS's reads show every change for sure.
const lagBound = 15 * time.Second

// memory is what the operator remembers of objects from one pass to the next.
// All of it can be lost: a new process begins anew.
type memory struct {
	mu sync.Mutex
	// began is when the process began to change things.
	began time.Time
	byUID map[types.UID]*past
}

// past is what the operator remembers of an object.
type past struct {
	// due is when the object's next look was planned, slack how long before
	// that its reading may have been made.
	due   time.Time
	slack time.Duration
	// failures counts those in a row.
	failures int
	// wrote is when AWS was changed last for the object.
	wrote time.Time
	// handled is the value of the reconcile annotation that was acted upon.
	handled string
	// readings have the object.
	readings *account.Readings
}

func newMemory(now time.Time) *memory { return &memory{began: now, byUID: map[types.UID]*past{}} }

// begin notes that the process may change things from now on.
func (m *memory) begin(now time.Time) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.began = now
}

// of returns a copy of what is remembered.
func (m *memory) of(uid types.UID) past {
	m.mu.Lock()
	defer m.mu.Unlock()
	if p, ok := m.byUID[uid]; ok {
		return *p
	}
	return past{}
}

// note changes what is remembered.
func (m *memory) note(uid types.UID, f func(*past)) {
	m.mu.Lock()
	defer m.mu.Unlock()
	p, ok := m.byUID[uid]
	if !ok {
		p = &past{}
		m.byUID[uid] = p
	}
	f(p)
}

// drop forgets an object.
func (m *memory) drop(uid types.UID) {
	m.mu.Lock()
	p := m.byUID[uid]
	delete(m.byUID, uid)
	m.mu.Unlock()
	if p != nil && p.readings != nil {
		p.readings.Forget(string(uid))
	}
}

// readIn notes whose readings have the object from now on; others forget it.
func (m *memory) readIn(uid types.UID, r *account.Readings) {
	var before *account.Readings
	m.note(uid, func(p *past) { before, p.readings = p.readings, r })
	if before != nil && before != r {
		before.Forget(string(uid))
	}
}

// settled says whether an answer that something does not exist can be believed:
// neither this process nor, as far as it knows, one before it has changed the
// object so short a time ago that AWS may not show it yet.
func (m *memory) settled(uid types.UID, now time.Time) bool {
	p := m.of(uid)
	m.mu.Lock()
	defer m.mu.Unlock()
	return now.Sub(m.began) >= lagBound && now.Sub(p.wrote) >= lagBound
}
