package datachannel

import (
	"context"
	"errors"
)

// line writes to a connection. Only one goroutine does, with the context of the
// connection: a websocket breaks if the context of a write ends, and whoever sends a
// message may give up without that.
type line struct {
	conn    Conn
	replies chan []byte
	sends   chan sending
	// over is closed when the connection is used no more.
	over <-chan struct{}
}

// sending is a message to send. written, if there is one, gets the outcome.
type sending struct {
	raw     []byte
	written chan<- error
}

// errOver says that a connection is used no more.
var errOver = errors.New("the connection has ended")

func newLine(ctx context.Context, conn Conn) *line {
	return &line{conn: conn, replies: make(chan []byte, 2*window), sends: make(chan sending), over: ctx.Done()}
}

// reply sends an acknowledgement at once, before what is sent later. Reading never waits
// for writing: if both ends did that, neither would go on.
func (l *line) reply(raw []byte) {
	select {
	case l.replies <- raw:
	default: // the other end sends the message again
	}
}

// send sends a message. If it is not written, the connection is broken or ctx has
// ended: the message is among those to send again.
func (l *line) send(ctx context.Context, raw []byte) {
	select {
	case l.sends <- sending{raw: raw}:
	case <-l.over:
	case <-ctx.Done():
	}
}

// sent sends a message and waits until it is written.
func (l *line) sent(ctx context.Context, raw []byte) error {
	written := make(chan error, 1)
	select {
	case l.sends <- sending{raw, written}:
	case <-l.over:
		return errOver
	case <-ctx.Done():
		return context.Cause(ctx)
	}
	select {
	case err := <-written:
		return err
	case <-l.over:
		return errOver
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// write writes until ctx ends. After an error it goes on without writing: Receive fails,
// too, but only once everything is read that came before.
func (l *line) write(ctx context.Context) {
	var broken error
	put := func(raw []byte) error {
		if broken == nil {
			broken = l.conn.Send(ctx, raw)
		}
		return broken
	}
	for {
		select {
		case raw := <-l.replies:
			_ = put(raw) // as above
		case s := <-l.sends:
			for len(l.replies) > 0 {
				_ = put(<-l.replies) // as above
			}
			if err := put(s.raw); s.written != nil {
				s.written <- err
			}
		case <-ctx.Done():
			return
		}
	}
}
