package datachannel

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"sync"
	"sync/atomic"
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
	// lingering is how long the other end may be silent before it closes the
	// connection, and lingerings how often it may be so long about it: it may have
	// megabytes to read before.
	lingering  = 10 * time.Second
	lingerings = 12
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
	// line is the connection in use; nil if there is none.
	line *line
	out  outgoing
	in   incoming
	// ended is why the channel has ended; nil as long as it goes on.
	ended error
	// received counts the messages of all connections.
	received atomic.Int64
	// told is closed when the other end was told that the channel is closed.
	told chan struct{}
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
	c := &Channel{o: o, receives: Output, changed: make(chan struct{}), told: make(chan struct{}), out: newOutgoing(), in: newIncoming()}
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
	l := newLine(ctx, conn)
	c.mu.Lock()
	c.line = l
	c.out.again(c.o.Clock.Now())
	c.change()
	c.mu.Unlock()
	defer func() {
		c.mu.Lock()
		defer c.mu.Unlock()
		if c.line == l {
			c.line = nil
		}
	}()
	var writing sync.WaitGroup
	for _, f := range []func(){
		func() { c.resend(ctx, l) }, func() { l.write(ctx) }, func() { c.linger(ctx, cancel) },
	} {
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
		c.received.Add(1)
		if err := c.receive(l, raw); err != nil {
			return err
		}
		if err := c.over(); err != nil {
			return err
		}
	}
}

// over is why a connection is not read any more; nil as long as it is. After Close it
// still is: if a connection is closed at one end while something comes in there, what
// was sent last may never arrive. The other end closes it.
func (c *Channel) over() error {
	select {
	case <-c.told:
		return nil
	default:
		return c.Ended()
	}
}

// linger ends a connection that the other end does not close after Close.
func (c *Channel) linger(ctx context.Context, end context.CancelFunc) {
	select {
	case <-c.told:
	case <-ctx.Done():
		return
	}
	was := int64(-1)
	for range lingerings {
		now := c.received.Load()
		if now == was || c.o.Clock.Sleep(ctx, lingering) != nil {
			break
		}
		was = now
	}
	end()
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
	c.end(err)
}

// end is End with c.mu held.
func (c *Channel) end(err error) {
	if c.ended == nil {
		c.ended = err
		c.change()
	}
}

// Close tells the other end that the channel is closed, and ends it. Without a
// connection, or if that breaks meanwhile, it waits for the next one until ctx ends.
func (c *Channel) Close(ctx context.Context, session, output string) error {
	c.mu.Lock()
	m := message{Type: closed, Created: c.o.Clock.Now(), ID: c.newID()}
	c.mu.Unlock()
	why := &ClosedError{output}
	defer c.End(why)
	var err error
	m.Payload, err = json.Marshal(closing{
		MessageID: m.ID.String(), CreatedDate: m.Created.UTC().Format(time.RFC3339), SessionID: session,
		MessageType: closed, SchemaVersion: 1, Output: output,
	})
	if err != nil {
		return fmt.Errorf("closing the session: %w", err)
	}
	return c.tell(ctx, m.encode(), why)
}

// tell sends the message that closes the channel, and ends the channel once it is on
// its way: then the connection ends, too.
func (c *Channel) tell(ctx context.Context, raw []byte, why error) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	for broken := (*line)(nil); c.ended == nil; {
		l := c.line
		if l == broken || l == nil {
			if err := c.wait(ctx); err != nil {
				return err
			}
			continue
		}
		c.mu.Unlock()
		err := l.sent(ctx, raw)
		c.mu.Lock()
		if err == nil && c.ended == nil {
			close(c.told)
			c.end(why)
		}
		broken = l
	}
	return nil
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
func (c *Channel) receive(l *line, raw []byte) error {
	m, err := decode(raw)
	if errors.Is(err, errMalformed) {
		return nil
	}
	if err != nil {
		return err
	}
	switch m.Type {
	case c.receives:
		return c.stream(l, m)
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

// stream takes a message of the stream: acknowledges it, and keeps it for Next. Because
// an acknowledgement can be lost, a message that came before is acknowledged again. What
// is sent because of the message comes after its acknowledgement, as from AWS's ends:
// their plugin never reads again if one comes while it opens its port.
//
// A message for which there is no room is left out, too. It must not stop the reading:
// whoever makes room may wait for an acknowledgement that is still to be read.
func (c *Channel) stream(l *line, m message) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.in.take(m) {
		return nil
	}
	c.change()
	reply := message{Type: acknowledge, Created: c.o.Clock.Now(), Flags: 3, ID: c.newID()}
	var err error
	reply.Payload, err = json.Marshal(acknowledged{Type: m.Type, ID: m.ID.String(), Sequence: m.Sequence, IsSequential: true})
	if err != nil {
		return fmt.Errorf("acknowledging a message: %w", err)
	}
	l.reply(reply.encode())
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
	l := c.line
	c.mu.Unlock()
	if l != nil {
		l.send(ctx, raw)
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
