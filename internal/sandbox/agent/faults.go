package agent

import (
	"context"
	"errors"
	"math/rand/v2"
	"sync"
	"time"

	"github.com/coder/websocket"

	"github.com/berthdev/berth/internal/concurrent"
)

// Faults are what goes wrong in a session. The chances are from 0 to 1.
type Faults struct {
	// Drop loses messages, Duplicate repeats them, Reorder lets later ones pass.
	Drop, Duplicate, Reorder float64
	// CutAfter breaks each connection after so many messages; 0 never does.
	CutAfter int
	// Key is the KMS key that the session has to be encrypted with.
	Key string
	// KeepAcknowledgements leaves out the faults of what is not data: AWS's plugin
	// acknowledges a repeated message never again.
	KeepAcknowledgements bool
	// After is how many messages of each connection come through first.
	After int
	Seed  uint64
}

// errCut is the end of a connection by a fault.
var errCut = errors.New("the connection was cut")

// faulty is a websocket with faults in both directions.
type faulty struct {
	socket *websocket.Conn
	f      Faults
	mu     sync.Mutex
	random *rand.Rand
	count  int
	ended  bool
	// held is a message that the next one passes.
	held []byte
}

func newFaulty(socket *websocket.Conn, f Faults) *faulty {
	random := rand.New(rand.NewPCG(f.Seed, 3)) //nolint:gosec // faults are to be the same again
	return &faulty{socket: socket, f: f, random: random}
}

// fate is what becomes of a message.
type fate struct{ drop, duplicate, hold, cut bool }

func (c *faulty) fate(message []byte) fate {
	c.mu.Lock()
	defer c.mu.Unlock()
	// The type of a message tells by its first letter. AWS says once that a session has
	// ended: nothing happens to that, and after it.
	kind := byte(0)
	if len(message) > 4 {
		kind = message[4]
	}
	c.ended = c.ended || kind == 'c'
	if c.ended {
		return fate{}
	}
	c.count++
	if c.f.CutAfter > 0 && c.count > c.f.CutAfter {
		return fate{cut: true}
	}
	if c.count <= c.f.After {
		return fate{}
	}
	if c.f.KeepAcknowledgements && kind == 'a' {
		return fate{}
	}
	return fate{
		drop: c.random.Float64() < c.f.Drop, duplicate: c.random.Float64() < c.f.Duplicate, hold: c.random.Float64() < c.f.Reorder,
	}
}

// Send implements datachannel.Conn.
func (c *faulty) Send(ctx context.Context, message []byte) error {
	what := c.fate(message)
	if what.cut {
		_ = c.socket.CloseNow() // that is the fault
		return errCut
	}
	if what.drop {
		return nil
	}
	list := [][]byte{message}
	if what.duplicate {
		list = append(list, message)
	}
	c.mu.Lock()
	if what.hold && c.held == nil {
		c.held, list = list[0], list[1:]
		time.AfterFunc(5*time.Millisecond, func() {
			_ = concurrent.Safely(func() error { return c.release(ctx) }) // a lost message is sent again
		})
	} else if c.held != nil {
		list, c.held = append(list, c.held), nil
	}
	c.mu.Unlock()
	for _, m := range list {
		if err := c.socket.Write(ctx, websocket.MessageBinary, m); err != nil {
			return err
		}
	}
	return nil
}

// release sends a message that no other one has passed.
func (c *faulty) release(ctx context.Context) error {
	c.mu.Lock()
	held := c.held
	c.held = nil
	c.mu.Unlock()
	if held == nil {
		return nil
	}
	return c.socket.Write(ctx, websocket.MessageBinary, held)
}

// Receive implements datachannel.Conn: what comes in gets lost, too.
func (c *faulty) Receive(ctx context.Context) ([]byte, error) {
	for {
		_, m, err := c.socket.Read(ctx)
		if err != nil {
			return nil, err
		}
		switch what := c.fate(m); {
		case what.cut:
			_ = c.socket.CloseNow() // that is the fault
			return nil, errCut
		case !what.drop:
			return m, nil
		}
	}
}
