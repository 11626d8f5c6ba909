package datachannel

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"sync"
	"time"

	"github.com/berthdev/berth/internal/clock"
	"github.com/berthdev/berth/internal/concurrent"
)

// Conn is a connection that messages go over, such as a websocket. Send may be called
// by several goroutines at once.
type Conn interface {
	Send(ctx context.Context, message []byte) error
	Receive(ctx context.Context) ([]byte, error)
}

const (
	// PayloadSize is how many bytes of data one message carries, as AWS's plugin
	// sends them.
	PayloadSize = 1024
	// window is how many messages may be on their way without an acknowledgement.
	window = 512
	// kept is how many messages that came early are kept; AWS's ends keep as many.
	kept = 10_000
	// keptBytes bounds what is kept until it is read.
	keptBytes = 16 << 20
)

// Options say which end of the channel this is.
type Options struct {
	// Sends is the type of the messages that this end sends, Input or Output.
	Sends string
	Clock clock.Clock
	// Random is where the ids of messages come from.
	Random io.Reader
}

// Channel is one end of a data channel. It outlives its connections.
type Channel struct {
	o        Options
	receives string

	mu sync.Mutex
	// changed is closed, and replaced, when anything below changes.
	changed chan struct{}
	conn    Conn
	out     outgoing
	in      incoming
	// ended is why the channel has ended; nil as long as it goes on.
	ended error
}

// ClosedError says that the other end has closed the channel.
type ClosedError struct {
	// Output is what it says about that; often empty.
	Output string
}

func (e *ClosedError) Error() string {
	if e.Output == "" {
		return "the session was closed"
	}
	return "the session was closed: " + e.Output
}

// SilentError says that nothing is acknowledged any more.
type SilentError struct{ After time.Duration }

func (e *SilentError) Error() string {
	return fmt.Sprintf("the other end of the session has acknowledged nothing for %s", e.After)
}

// New makes an end of a channel, without a connection.
func New(o Options) *Channel {
	c := &Channel{o: o, receives: Output, changed: make(chan struct{}), out: newOutgoing(), in: newIncoming()}
	if o.Sends == Output {
		c.receives = Input
	}
	return c
}

// change tells those who wait that something has changed; c.mu is held.
func (c *Channel) change() {
	close(c.changed)
	c.changed = make(chan struct{})
}

// Attach uses a connection until it breaks, the channel ends or ctx does, and returns
// why. What was sent before and is not acknowledged is sent again.
func (c *Channel) Attach(ctx context.Context, conn Conn) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	c.mu.Lock()
	c.conn = conn
	c.out.again(c.o.Clock.Now())
	c.change()
	c.mu.Unlock()
	defer func() {
		c.mu.Lock()
		defer c.mu.Unlock()
		if c.conn == conn {
			c.conn = nil
		}
	}()
	replies := make(chan []byte, 2*window)
	var writing sync.WaitGroup
	for _, f := range []func(){func() { c.resend(ctx, conn) }, func() { reply(ctx, conn, replies) }} {
		writing.Go(func() {
			if err := concurrent.Safely(func() error { f(); return nil }); err != nil {
				c.End(err)
			}
		})
	}
	defer writing.Wait()
	defer cancel()
	for {
		raw, err := conn.Receive(ctx)
		if err != nil {
			return fmt.Errorf("reading from the session: %w", err)
		}
		if err := c.receive(ctx, replies, raw); err != nil {
			return err
		}
		if err := c.Ended(); err != nil {
			return err
		}
	}
}

// reply sends acknowledgements, so that reading never waits for writing: if both ends
// did that, neither would go on.
func reply(ctx context.Context, conn Conn, replies <-chan []byte) {
	for {
		select {
		case raw := <-replies:
			if conn.Send(ctx, raw) != nil {
				return // Receive fails, too
			}
		case <-ctx.Done():
			return
		}
	}
}

// Ended is why the channel has ended; nil as long as it goes on.
func (c *Channel) Ended() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.ended
}

// End ends the channel at this end: Next returns err once everything is read.
func (c *Channel) End(err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.ended == nil {
		c.ended = err
		c.change()
	}
}

// Close tells the other end that the channel is closed, and ends it.
func (c *Channel) Close(ctx context.Context, session, output string) error {
	c.mu.Lock()
	conn := c.conn
	m := message{Type: closed, Created: c.o.Clock.Now(), ID: c.newID()}
	c.mu.Unlock()
	// The channel ends once the message is on its way: then the connection ends, too.
	defer c.End(&ClosedError{output})
	if conn == nil {
		return nil
	}
	var err error
	m.Payload, err = json.Marshal(closing{
		MessageID: m.ID.String(), CreatedDate: m.Created.UTC().Format(time.RFC3339), SessionID: session,
		MessageType: closed, SchemaVersion: 1, Output: output,
	})
	if err != nil {
		return fmt.Errorf("closing the session: %w", err)
	}
	return conn.Send(ctx, m.encode())
}

func (c *Channel) newID() (out id) {
	if _, err := io.ReadFull(c.o.Random, out[:]); err != nil {
		return id{} // the id only names the message in logs of the other end
	}
	out[6], out[8] = out[6]&0x0f|0x40, out[8]&0x3f|0x80
	return out
}

// wait waits, with c.mu held, until something changes or ctx ends.
func (c *Channel) wait(ctx context.Context) error {
	changed := c.changed
	c.mu.Unlock()
	defer c.mu.Lock()
	select {
	case <-changed:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// receive handles one message from the connection. A message that is not understood is
// left out, as the other end sends it again.
func (c *Channel) receive(ctx context.Context, replies chan<- []byte, raw []byte) error {
	m, err := decode(raw)
	if err != nil {
		return nil
	}
	switch m.Type {
	case c.receives:
		return c.stream(ctx, replies, m)
	case acknowledge:
		var a acknowledged
		if json.Unmarshal(m.Payload, &a) == nil {
			c.mu.Lock()
			c.out.acknowledge(a.Sequence, c.o.Clock.Now())
			c.change()
			c.mu.Unlock()
		}
	case closed:
		var said closing
		_ = json.Unmarshal(m.Payload, &said) // without a text it is closed, too
		c.End(&ClosedError{said.Output})
	}
	return nil
}

// stream takes a message of the stream: keeps it for Next, and acknowledges it. Because
// an acknowledgement can be lost, a message that came before is acknowledged again.
func (c *Channel) stream(ctx context.Context, replies chan<- []byte, m message) error {
	c.mu.Lock()
	for c.in.full(m.Sequence) && c.ended == nil {
		if err := c.wait(ctx); err != nil {
			c.mu.Unlock()
			return err
		}
	}
	taken := c.in.take(m)
	c.change()
	reply := message{Type: acknowledge, Created: c.o.Clock.Now(), Flags: 3, ID: c.newID()}
	c.mu.Unlock()
	if !taken {
		return nil
	}
	var err error
	reply.Payload, err = json.Marshal(acknowledged{Type: m.Type, ID: m.ID.String(), Sequence: m.Sequence, IsSequential: true})
	if err != nil {
		return fmt.Errorf("acknowledging a message: %w", err)
	}
	select {
	case replies <- reply.encode():
	default: // the other end sends the message again
	}
	return nil
}

// Part is a part of the stream: what one message carries.
type Part struct {
	Kind    Kind
	Payload []byte
}

// Next returns the next part of the stream, in order. When the channel has ended and
// everything is read, it returns why.
func (c *Channel) Next(ctx context.Context) (Part, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for {
		if p, ok := c.in.next(); ok {
			c.change()
			return p, nil
		}
		if c.ended != nil {
			return Part{}, c.ended
		}
		if err := c.wait(ctx); err != nil {
			return Part{}, err
		}
	}
}

// Send sends a part. It waits while as many messages as may be on their way are not
// acknowledged, but not for the acknowledgement of this one.
func (c *Channel) Send(ctx context.Context, kind Kind, payload []byte) error {
	c.mu.Lock()
	for c.ended == nil && c.out.full() {
		if err := c.wait(ctx); err != nil {
			c.mu.Unlock()
			return err
		}
	}
	if c.ended != nil {
		defer c.mu.Unlock()
		return c.ended
	}
	now := c.o.Clock.Now()
	m := message{Type: c.o.Sends, Created: now, ID: c.newID(), Kind: kind, Payload: payload}
	raw := c.out.add(&m, now)
	conn := c.conn
	c.mu.Unlock()
	if conn != nil {
		// If it fails the connection is broken, and the message goes over the next one.
		_ = conn.Send(ctx, raw)
	}
	return nil
}

// Write sends data, in messages of the usual size.
func (c *Channel) Write(ctx context.Context, data []byte) error {
	for len(data) > 0 {
		n := min(len(data), PayloadSize)
		if err := c.Send(ctx, Data, data[:n]); err != nil {
			return err
		}
		data = data[n:]
	}
	return nil
}

// Flush waits until everything that was sent is acknowledged.
func (c *Channel) Flush(ctx context.Context) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	for c.ended == nil && !c.out.empty() {
		if err := c.wait(ctx); err != nil {
			return err
		}
	}
	if errors.As(c.ended, new(*ClosedError)) {
		return nil
	}
	return c.ended
}
