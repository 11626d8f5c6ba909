package agent

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"io"
	"net"
	"sync"
	"time"

	"github.com/coder/websocket"
	"github.com/xtaci/smux"

	"github.com/berthdev/berth/internal/clock"
	"github.com/berthdev/berth/internal/concurrent"
	"github.com/berthdev/berth/internal/datachannel"
)

const (
	// clientTime is how long a client may take for the rest of a session that has
	// ended, and endTime for the end of one that is terminated.
	clientTime = 30 * time.Second
	endTime    = time.Second
)

// session is one session: a channel that outlives its connections.
type session struct {
	start   Start
	faults  Faults
	channel *datachannel.Channel
	begun   sync.Once
	cancel  context.CancelFunc
	//nolint:containedctx // the session lives longer than the connection that begins it
	ctx context.Context
}

func newSession(start Start, f Faults) *session {
	s := &session{start: start, faults: f, channel: datachannel.New(datachannel.Options{
		// People type in real time, however fast the world's clock runs.
		Sends: datachannel.Output, Clock: clock.Wall{}, Random: rand.Reader,
	})}
	s.ctx, s.cancel = context.WithCancel(context.Background())
	return s
}

// serve uses a connection until it breaks or the session ends.
func (s *session) serve(ctx context.Context, socket *websocket.Conn) {
	s.begun.Do(func() { go func() { _ = concurrent.Safely(func() error { s.run(); return nil }) }() })
	_ = s.channel.Attach(ctx, newFaulty(socket, s.faults)) // the client comes again
}

// end ends the session, and tells the client, which may have wait to come back.
func (s *session) end(output string, wait time.Duration) {
	ctx, cancel := context.WithTimeout(context.Background(), wait)
	defer cancel()
	_ = s.channel.Close(ctx, s.start.ID, output) // a client that is gone needs no word
	s.cancel()
}

// run does what the session is about, from the handshake on.
func (s *session) run() {
	err := s.handshake()
	switch {
	case err != nil:
	case s.start.Command != nil:
		err = s.command()
	default:
		err = s.forward()
	}
	output := ""
	if err != nil && !errors.Is(err, context.Canceled) && !errors.Is(err, io.EOF) {
		output = err.Error()
	}
	flushing, cancel := context.WithTimeout(s.ctx, clientTime)
	defer cancel()
	_ = s.channel.Flush(flushing) // what the client does not take by then is lost
	s.end(output, clientTime)
}

// handshake asks for the session's type, and for encryption with a key.
func (s *session) handshake() error {
	properties, kind := any(map[string]string{"command": s.start.Text}), datachannel.CommandSession
	if s.start.Command == nil {
		properties, kind = s.start.Port, datachannel.PortSession
	}
	shown, err := json.Marshal(properties)
	if err != nil {
		return err
	}
	actions := []datachannel.Action{}
	for _, a := range []struct {
		kind       string
		parameters any
		wanted     bool
	}{
		{datachannel.KMSEncryption, datachannel.KeyParameters{KMSKeyID: s.faults.Key}, s.faults.Key != ""},
		{datachannel.SessionType, datachannel.TypeParameters{SessionType: kind, Properties: shown}, true},
	} {
		text, err := json.Marshal(a.parameters)
		if err != nil {
			return err
		}
		if a.wanted {
			actions = append(actions, datachannel.Action{ActionType: a.kind, ActionParameters: text})
		}
	}
	request, err := json.Marshal(datachannel.Request{AgentVersion: version, RequestedClientActions: actions})
	if err != nil {
		return err
	}
	if err := s.channel.Send(s.ctx, datachannel.HandshakeRequest, request); err != nil {
		return err
	}
	if err := s.answered(); err != nil {
		return err
	}
	complete, err := json.Marshal(datachannel.Complete{HandshakeTimeToComplete: int64(time.Millisecond)})
	if err != nil {
		return err
	}
	return s.channel.Send(s.ctx, datachannel.HandshakeComplete, complete)
}

// answered waits for the client's answer. What comes before is ignored, as the agent
// does.
func (s *session) answered() error {
	for {
		p, err := s.channel.Next(s.ctx)
		if err != nil {
			return err
		}
		if p.Kind != datachannel.HandshakeResponse {
			continue
		}
		var r datachannel.Response
		if err := json.Unmarshal(p.Payload, &r); err != nil {
			return err
		}
		for _, done := range r.ProcessedClientActions {
			if done.ActionStatus != datachannel.Success {
				return errors.New(done.Error)
			}
		}
		return nil
	}
}

// forward carries the client's connections to the port.
func (s *session) forward() error {
	near, far := net.Pipe()
	defer func() { _ = near.Close() }()
	config := smux.DefaultConfig()
	config.KeepAliveDisabled = true
	mux, err := smux.Server(far, config)
	if err != nil {
		return err
	}
	defer func() { _ = mux.Close() }()
	go func() { _ = concurrent.Safely(func() error { s.connect(mux); return nil }) }()
	go func() {
		defer func() { _ = near.Close() }()
		_ = concurrent.Safely(func() error { return s.send(near) }) // its end ends the session
	}()
	for {
		p, err := s.channel.Next(s.ctx)
		if err != nil {
			return err
		}
		switch p.Kind {
		case datachannel.Data:
			if _, err := near.Write(p.Payload); err != nil {
				return err
			}
		case datachannel.Flag:
			if f, err := datachannel.FlagOf(p.Payload); err == nil && f == datachannel.TerminateSession {
				return nil
			}
		}
	}
}

// send sends what comes out of the port.
func (s *session) send(near io.Reader) error {
	for b := make([]byte, datachannel.PayloadSize); ; {
		n, err := near.Read(b)
		if err != nil {
			return err
		}
		if err := s.channel.Write(s.ctx, append([]byte(nil), b[:n]...)); err != nil {
			return err
		}
	}
}

// connect connects each stream of the client to the port.
func (s *session) connect(mux *smux.Session) {
	for {
		stream, err := mux.AcceptStream()
		if err != nil {
			return
		}
		go func() { _ = concurrent.Safely(func() error { return s.carryTo(stream) }) }()
	}
}

// carryTo carries one stream to the port.
func (s *session) carryTo(stream io.ReadWriteCloser) error {
	port, err := s.start.Connect(s.ctx)
	if err != nil {
		defer func() { _ = stream.Close() }() // it tells, too
		return s.channel.Send(s.ctx, datachannel.Flag, datachannel.FlagPayload(datachannel.ConnectToPortError))
	}
	carry(stream, port)
	return nil
}

func carry(a, b io.ReadWriteCloser) {
	var both sync.WaitGroup
	for _, pair := range [][2]io.ReadWriteCloser{{a, b}, {b, a}} {
		both.Go(func() {
			_ = concurrent.Safely(func() error {
				_, err := io.Copy(pair[0], pair[1])
				return err
			})
			_ = pair[0].Close() // the other end learns that nothing more comes
		})
	}
	both.Wait()
}
