package agent

import (
	"context"
	"encoding/json"
	"io"
	"sync"

	"github.com/berthdev/berth/internal/concurrent"
	"github.com/berthdev/berth/internal/datachannel"
)

// Console is the terminal that a command of a session runs on: what the client types,
// byte for byte, and what it sees.
type Console struct {
	io.Reader
	io.Writer

	mu   sync.Mutex
	size datachannel.TerminalSize
}

// Size is the terminal's columns and rows, 0 before the client has said.
func (c *Console) Size() (columns, rows int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return int(c.size.Columns), int(c.size.Rows)
}

// command runs the session's command.
func (s *session) command() error {
	in, typed := io.Pipe()
	ctx, cancel := context.WithCancel(s.ctx)
	defer cancel()
	c := &Console{Reader: in, Writer: output{ctx, s.channel}}
	go func() {
		defer cancel()
		_ = typed.CloseWithError(concurrent.Safely(func() error { return s.keys(ctx, c, typed) })) // the command reads it
	}()
	err := s.start.Command(ctx, c)
	_ = in.CloseWithError(io.ErrClosedPipe) // nobody reads any more
	return err
}

// keys passes on what the client types, until the session ends.
func (s *session) keys(ctx context.Context, c *Console, typed io.Writer) error {
	for {
		p, err := s.channel.Next(ctx)
		if err != nil {
			return io.EOF
		}
		switch p.Kind {
		case datachannel.Data:
			if _, err := typed.Write(p.Payload); err != nil {
				return err // the command has ended
			}
		case datachannel.Size:
			var size datachannel.TerminalSize
			if json.Unmarshal(p.Payload, &size) == nil {
				c.mu.Lock()
				c.size = size
				c.mu.Unlock()
			}
		case datachannel.Flag:
			if f, err := datachannel.FlagOf(p.Payload); err == nil && f == datachannel.TerminateSession {
				return io.EOF
			}
		}
	}
}

// output sends what a command writes.
type output struct {
	//nolint:containedctx // io.Writer has no context: this one is the session's
	ctx     context.Context
	channel *datachannel.Channel
}

func (o output) Write(p []byte) (int, error) {
	if err := o.channel.Write(o.ctx, append([]byte(nil), p...)); err != nil {
		return 0, err
	}
	return len(p), nil
}
