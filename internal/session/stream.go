package session

import (
	"context"
	"encoding/json"
	"errors"
	"io"

	"github.com/berthdev/berth/internal/datachannel"
)

// Resize tells the command how large its terminal is.
func (s *Session) Resize(ctx context.Context, columns, rows int) error {
	text, err := json.Marshal(datachannel.TerminalSize{Columns: uint32(max(columns, 1)), Rows: uint32(max(rows, 1))})
	if err != nil {
		return err
	}
	return s.channel.Send(ctx, datachannel.Size, text)
}

// Stream is the data of a session as a stream of bytes.
type Stream struct {
	//nolint:containedctx // io.Reader has no context: this one is the session's
	ctx     context.Context
	session *Session
	rest    []byte
	// flag is told of flags that the agent sends.
	flag func(uint32)
}

// Stream returns the session's data until ctx ends. Only one of its streams is read.
func (s *Session) Stream(ctx context.Context, flag func(uint32)) *Stream {
	return &Stream{ctx: ctx, session: s, flag: flag}
}

// Read implements io.Reader. When the agent closes the session, it returns io.EOF.
func (t *Stream) Read(p []byte) (int, error) {
	for len(t.rest) == 0 {
		part, err := t.session.channel.Next(t.ctx)
		var closed *datachannel.ClosedError
		switch {
		case errors.As(err, &closed):
			return 0, io.EOF
		case err != nil:
			return 0, err
		}
		switch part.Kind {
		case datachannel.Data, datachannel.StandardError:
			t.rest = part.Payload
		case datachannel.Flag:
			if f, err := datachannel.FlagOf(part.Payload); err == nil && t.flag != nil {
				t.flag(f)
			}
		}
	}
	n := copy(p, t.rest)
	t.rest = t.rest[n:]
	return n, nil
}

// Write implements io.Writer.
func (t *Stream) Write(p []byte) (int, error) {
	if err := t.session.channel.Write(t.ctx, append([]byte(nil), p...)); err != nil {
		return 0, err
	}
	return len(p), nil
}

// Close implements io.Closer.
func (t *Stream) Close() error {
	t.session.Close()
	return nil
}

// Said is what the other end said when it closed the session; "" if it has not.
func (s *Session) Said() string {
	var closed *datachannel.ClosedError
	if errors.As(s.channel.Ended(), &closed) {
		return closed.Output
	}
	return ""
}
