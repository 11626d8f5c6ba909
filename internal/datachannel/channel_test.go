package datachannel_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/berthdev/berth/internal/clock"
	"github.com/berthdev/berth/internal/datachannel"
)

// errCut is the end of a connection that breaks.
var errCut = errors.New("the connection was cut")

// wire is one direction of a connection that loses, repeats and delays messages.
type wire struct {
	messages chan []byte
	cut      chan struct{}
}

// faults are the chances of what happens to a message.
type faults struct{ drop, duplicate, delay float64 }

type end struct {
	out, in wire
	faults  faults
	random  *rand.Rand
	lock    chan struct{}
}

func (e *end) Send(ctx context.Context, m []byte) error {
	e.lock <- struct{}{}
	drop, duplicate, delay := e.random.Float64() < e.faults.drop, e.random.Float64() < e.faults.duplicate, e.random.Float64() < e.faults.delay
	late := time.Duration(e.random.IntN(80)) * time.Millisecond
	<-e.lock
	if drop {
		return nil
	}
	times := 1
	if duplicate {
		times = 2
	}
	for range times {
		if delay {
			go func() {
				select {
				case <-time.After(late):
				case <-e.out.cut:
					return
				}
				select {
				case e.out.messages <- m:
				case <-e.out.cut:
				}
			}()
			continue
		}
		select {
		case e.out.messages <- m:
		case <-e.out.cut:
			return errCut
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return nil
}

func (e *end) Receive(ctx context.Context) ([]byte, error) {
	select {
	case m := <-e.in.messages:
		return m, nil
	case <-e.in.cut:
		return nil, errCut
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// connection makes both ends of a connection, which breaks when cut is closed.
func connection(f faults, seed uint64) (client, agent *end, cut chan struct{}) {
	cut = make(chan struct{})
	up, down := wire{make(chan []byte, 64), cut}, wire{make(chan []byte, 64), cut}
	client = &end{out: up, in: down, faults: f, random: rand.New(rand.NewPCG(seed, 1)), lock: make(chan struct{}, 1)}
	agent = &end{out: down, in: up, faults: f, random: rand.New(rand.NewPCG(seed, 2)), lock: make(chan struct{}, 1)}
	return client, agent, cut
}

func channel(sends string) *datachannel.Channel {
	return datachannel.New(datachannel.Options{Sends: sends, Clock: clock.Wall{}, Random: zeros{}})
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { return len(p), nil }

// TestTheStreamIsWhole sends data both ways over connections with faults, and compares
// what arrives.
func TestTheStreamIsWhole(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		faults faults
		cuts   time.Duration
	}{
		"clean":     {},
		"dropped":   {faults: faults{drop: 0.1}},
		"repeated":  {faults: faults{duplicate: 0.3}},
		"reordered": {faults: faults{delay: 0.3}},
		"all":       {faults: faults{drop: 0.05, duplicate: 0.05, delay: 0.2}},
		"cut":       {faults: faults{drop: 0.01}, cuts: 700 * time.Millisecond},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				client, agent := channel(datachannel.Input), channel(datachannel.Output)
				ctx, cancel := context.WithCancel(t.Context())
				defer cancel()
				go func() {
					for seed := uint64(1); ctx.Err() == nil; seed++ {
						a, b, cut := connection(tt.faults, seed)
						broken := sync.OnceFunc(func() { close(cut) })
						if tt.cuts > 0 {
							time.AfterFunc(tt.cuts, broken)
						}
						go func() { _ = agent.Attach(ctx, b) }()
						_ = client.Attach(ctx, a)
						broken()
					}
				}()
				text := make([]byte, 2_000_000)
				random := rand.New(rand.NewPCG(7, 7))
				for i := range text {
					text[i] = byte(random.Uint32())
				}
				for _, pair := range [][2]*datachannel.Channel{{client, agent}, {agent, client}} {
					sum := make(chan error, 1)
					go func() { sum <- same(ctx, pair[1], text) }()
					if err := pair[0].Write(ctx, text); err != nil {
						t.Fatal(err)
					}
					if err := <-sum; err != nil {
						t.Error(err)
					}
					if err := pair[0].Flush(ctx); err != nil {
						t.Error(err)
					}
				}
			})
		})
	}
}

// same reads as much as text has and compares.
func same(ctx context.Context, c *datachannel.Channel, text []byte) error {
	got := make([]byte, 0, len(text))
	for len(got) < len(text) {
		p, err := c.Next(ctx)
		if err != nil {
			return err
		}
		got = append(got, p.Payload...)
	}
	if !bytes.Equal(got, text) {
		return fmt.Errorf("%x arrived, %x was sent", sha256.Sum256(got), sha256.Sum256(text))
	}
	return nil
}

// TestAFullEndStillHearsAcknowledgements: an end that has no room for what comes writes
// before it reads, and so needs the acknowledgements behind what it has no room for.
func TestAFullEndStillHearsAcknowledgements(t *testing.T) {
	t.Parallel()
	const comes, goes = 20 << 20, 1 << 20
	synctest.Test(t, func(t *testing.T) {
		up, down, cut := connection(faults{}, 1)
		client, agent := channel(datachannel.Input), channel(datachannel.Output)
		var all sync.WaitGroup
		all.Go(func() { _ = client.Attach(t.Context(), up) })
		all.Go(func() { _ = agent.Attach(t.Context(), down) })
		all.Go(func() {
			if err := client.Write(t.Context(), make([]byte, comes)); err != nil {
				t.Error(err)
			}
		})
		all.Go(func() { read(t, client, goes) })
		time.Sleep(30 * time.Second) // until the agent has no room
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		if err := agent.Write(ctx, make([]byte, goes)); err != nil {
			t.Error(err)
		}
		read(t, agent, comes)
		close(cut)
		all.Wait()
	})
}

// read reads so many bytes.
func read(t *testing.T, c *datachannel.Channel, size int) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 4*time.Minute)
	defer cancel()
	for size > 0 {
		p, err := c.Next(ctx)
		if err != nil {
			t.Error(err)
			return
		}
		size -= len(p.Payload)
	}
}

// TestASilentEndIsGivenUp: without any acknowledgement the channel ends after five
// minutes, and not before.
func TestASilentEndIsGivenUp(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := channel(datachannel.Input)
		a, _, cut := connection(faults{drop: 1}, 1)
		defer close(cut)
		go func() { _ = c.Attach(t.Context(), a) }()
		began := time.Now()
		if err := c.Write(t.Context(), []byte("hello")); err != nil {
			t.Fatal(err)
		}
		_, err := c.Next(t.Context())
		var silent *datachannel.SilentError
		if took := time.Since(began); !errors.As(err, &silent) || took < 5*time.Minute || took > 5*time.Minute+time.Second {
			t.Errorf("after %s: %v", took, err)
		}
	})
}

// TestWhoeverGivesUpDoesNotBreakTheConnection: the context of a caller ends, not the
// connection, which breaks if the context of a write has ended.
func TestWhoeverGivesUpDoesNotBreakTheConnection(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		client, agent := channel(datachannel.Input), channel(datachannel.Output)
		a, b, cut := connection(faults{}, 1)
		defer close(cut)
		written := make(chan error, 10)
		go func() { _ = client.Attach(t.Context(), a) }()
		go func() { _ = agent.Attach(t.Context(), delicate{b, written}) }()
		synctest.Wait()
		ctx, cancel := context.WithTimeout(t.Context(), 2*time.Millisecond)
		defer cancel()
		if err := agent.Write(ctx, []byte("hello")); err != nil {
			t.Fatal(err)
		}
		if err := <-written; err != nil {
			t.Errorf("a message was written with a context that had ended: %v", err)
		}
	})
}

// delicate is a connection whose writes take a moment, and fail if their context ends
// meanwhile.
type delicate struct {
	datachannel.Conn
	written chan error
}

func (d delicate) Send(ctx context.Context, m []byte) error {
	time.Sleep(5 * time.Millisecond)
	d.written <- ctx.Err()
	return d.Conn.Send(ctx, m)
}

// TestAnAcknowledgementComesBeforeTheAnswer: AWS's plugin depends on it.
func TestAnAcknowledgementComesBeforeTheAnswer(t *testing.T) {
	t.Parallel()
	client, agent := channel(datachannel.Input), channel(datachannel.Output)
	a, b, cut := connection(faults{}, 1)
	defer close(cut)
	order := &recorded{Conn: b}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	go func() { _ = client.Attach(ctx, a) }()
	go func() { _ = agent.Attach(ctx, order) }()
	for range 500 {
		for _, pair := range [][2]*datachannel.Channel{{client, agent}, {agent, client}} {
			if err := pair[0].Write(ctx, []byte("x")); err != nil {
				t.Fatal(err)
			}
			if _, err := pair[1].Next(ctx); err != nil {
				t.Fatal(err)
			}
		}
	}
	// a is the first letter of an acknowledgement's type, o that of output.
	got := order.letters()
	if want := strings.Repeat("ao", 500); !strings.HasPrefix(got, want) {
		t.Errorf("the agent sent %s", got)
	}
}

// recorded is a connection that keeps the first letters of the types of messages.
type recorded struct {
	datachannel.Conn
	mu   sync.Mutex
	kept []byte
}

func (r *recorded) Send(ctx context.Context, m []byte) error {
	r.mu.Lock()
	r.kept = append(r.kept, m[4])
	r.mu.Unlock()
	return r.Conn.Send(ctx, m)
}

func (r *recorded) letters() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return string(r.kept)
}

// TestWhatIsKeptIsBounded: an end that is never read takes a bounded number of
// messages, and acknowledges no other.
func TestWhatIsKeptIsBounded(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		client, agent := channel(datachannel.Input), channel(datachannel.Output)
		a, b, cut := connection(faults{}, 1)
		defer close(cut)
		go func() { _ = client.Attach(t.Context(), a) }()
		go func() { _ = agent.Attach(t.Context(), b) }()
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		sent := 0
		for agent.Send(ctx, datachannel.Data, make([]byte, datachannel.PayloadSize)) == nil {
			sent++
		}
		if sent < 1000 || sent > 12_000 {
			t.Errorf("%d messages were taken by an end that nobody reads", sent)
		}
	})
}

// FuzzAttach: no message makes an end panic, or keep more than it should.
func FuzzAttach(f *testing.F) {
	f.Add([]byte("hello"))
	f.Add(bytes.Repeat([]byte{0}, 120))
	f.Fuzz(func(t *testing.T, raw []byte) {
		c := channel(datachannel.Input)
		_ = c.Attach(t.Context(), &once{raw})
		if raw, err := c.Next(canceled()); err == nil && len(raw.Payload) > datachannel.MaxPayload {
			t.Errorf("%d bytes", len(raw.Payload))
		}
	})
}

// once is a connection that one message comes over.
type once struct{ raw []byte }

func (*once) Send(context.Context, []byte) error { return nil }
func (o *once) Receive(context.Context) ([]byte, error) {
	if o.raw == nil {
		return nil, io.EOF
	}
	raw := o.raw
	o.raw = nil
	return raw, nil
}

func canceled() context.Context {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	return ctx
}
