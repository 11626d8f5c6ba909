package session

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/berthdev/berth/internal/clock"
	"github.com/berthdev/berth/internal/concurrent"
	"github.com/berthdev/berth/internal/datachannel"
)

// clientVersion is the version of AWS's plugin whose protocol this is. The agent looks
// at it: port forwarding with several connections needs 1.1.70.
const clientVersion = "1.2.707.0"

const (
	// handshakeTime is how long the agent may take to begin a session.
	handshakeTime = 30 * time.Second
	// reconnectTime is how long a broken session is tried to be resumed.
	reconnectTime = 2 * time.Minute
	firstPause    = 200 * time.Millisecond
	longestPause  = 5 * time.Second
)

// Grant is what AWS answers to ExecuteCommand and StartSession.
type Grant struct{ ID, URL, Token string }

// Options say how a session is opened.
type Options struct {
	Clock  clock.Clock
	Random io.Reader
	// Client makes the connection; nil is the usual HTTP client.
	Client *http.Client
	// Resume returns a new token for a session whose connection broke. again says of
	// an error whether a later attempt may succeed.
	Resume func(ctx context.Context) (token string, again bool, err error)
	// Lost is told that the connection broke, and with nil that it is back.
	Lost func(error)
}

// Session is an open session.
type Session struct {
	// Kind is its type, such as datachannel.PortSession, and Agent the version of
	// the agent.
	Kind, Agent string

	channel *datachannel.Channel
	grant   Grant
	o       Options
	cancel  context.CancelFunc
	stopped chan struct{}
}

// EncryptedError says that a session is encrypted with a key of KMS, which berth does
// not do.
type EncryptedError struct{ Key string }

func (e *EncryptedError) Error() string {
	return fmt.Sprintf("the session has to be encrypted with the KMS key %q, which berth cannot do", e.Key)
}

// Remedy is what the user can do.
func (*EncryptedError) Remedy() string {
	return "use `aws ecs execute-command` with the session-manager-plugin, or remove the key " +
		"from the cluster's configuration and from the session preferences of Systems Manager; the connection is TLS in any case"
}

// TimedOutError says that AWS has ended a session while its connection was broken.
type TimedOutError struct{}

func (*TimedOutError) Error() string { return "the session has timed out" }

// Open opens a granted session: it ends with Close, or with ctx.
func Open(ctx context.Context, g Grant, o Options) (*Session, error) {
	s := &Session{
		grant: g, o: o, stopped: make(chan struct{}),
		channel: datachannel.New(datachannel.Options{Sends: datachannel.Input, Clock: o.Clock, Random: o.Random}),
	}
	conn, err := s.dial(ctx, g.Token)
	if err != nil {
		return nil, err
	}
	ctx, s.cancel = context.WithCancel(ctx)
	go func() {
		if err := concurrent.Safely(func() error { s.run(ctx, conn); return nil }); err != nil {
			s.channel.End(err)
		}
	}()
	shaking, cancel := context.WithTimeoutCause(ctx, handshakeTime,
		fmt.Errorf("the agent in the task did not begin the session within %s", handshakeTime))
	defer cancel()
	if err := s.handshake(shaking); err != nil {
		s.Close()
		return nil, err
	}
	return s, nil
}

// Close ends the session at this end; the command that it runs ends, too.
func (s *Session) Close() {
	s.channel.End(&datachannel.ClosedError{})
	s.cancel()
	<-s.stopped
}

// Terminate asks the agent to end the session, and waits a moment for that to arrive.
func (s *Session) Terminate(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, 2*time.Second)
	defer cancel()
	if s.channel.Send(ctx, datachannel.Flag, datachannel.FlagPayload(datachannel.TerminateSession)) == nil {
		_ = s.channel.Flush(ctx) // the session ends with its connection, too
	}
	s.Close()
}

// run keeps a connection until the session ends.
func (s *Session) run(ctx context.Context, conn *connection) {
	defer close(s.stopped)
	for {
		err := s.channel.Attach(ctx, conn)
		conn.close()
		if s.channel.Ended() != nil {
			return
		}
		if ctx.Err() != nil {
			s.channel.End(context.Cause(ctx))
			return
		}
		s.tell(err)
		if conn, err = s.reconnect(ctx); err != nil {
			s.channel.End(err)
			return
		}
		s.tell(nil)
	}
}

func (s *Session) tell(err error) {
	if s.o.Lost != nil {
		s.o.Lost(err)
	}
}

// reconnect resumes the session over a new connection.
func (s *Session) reconnect(ctx context.Context) (*connection, error) {
	pause := firstPause
	for end := s.o.Clock.Now().Add(reconnectTime); ; pause = min(2*pause, longestPause) {
		conn, again, err := s.resume(ctx)
		if err == nil {
			return conn, nil
		}
		if !again || !s.o.Clock.Now().Before(end) {
			return nil, fmt.Errorf("resuming the session: %w", err)
		}
		if err := s.o.Clock.Sleep(ctx, pause); err != nil {
			return nil, err
		}
	}
}

func (s *Session) resume(ctx context.Context) (conn *connection, again bool, err error) {
	token, again, err := s.o.Resume(ctx)
	if err != nil {
		return nil, again, err
	}
	if token == "" {
		return nil, false, &TimedOutError{}
	}
	conn, err = s.dial(ctx, token)
	return conn, true, err
}

// handshake answers what the agent asks for, until it says that data may follow.
func (s *Session) handshake(ctx context.Context) error {
	for {
		p, err := s.channel.Next(ctx)
		if err != nil {
			return fmt.Errorf("beginning the session: %w", err)
		}
		switch p.Kind {
		case datachannel.HandshakeRequest:
			if err := s.answer(ctx, p.Payload); err != nil {
				return err
			}
		case datachannel.HandshakeComplete:
			return nil
		}
	}
}

// answer answers the agent's request. A request that berth cannot meet ends the
// session; the agent is told so.
func (s *Session) answer(ctx context.Context, payload []byte) error {
	var request datachannel.Request
	if err := json.Unmarshal(payload, &request); err != nil {
		return fmt.Errorf("reading the agent's handshake: %w", err)
	}
	s.Agent = request.AgentVersion
	response := datachannel.Response{ClientVersion: clientVersion, ProcessedClientActions: []datachannel.Processed{}}
	var refused error
	for _, a := range request.RequestedClientActions {
		done := datachannel.Processed{ActionType: a.ActionType, ActionStatus: datachannel.Success}
		if err := s.act(a); err != nil {
			done.ActionStatus, done.Error = datachannel.Failed, err.Error()
			response.Errors = append(response.Errors, err.Error())
			refused = errors.Join(refused, err)
		}
		response.ProcessedClientActions = append(response.ProcessedClientActions, done)
	}
	text, err := json.Marshal(response)
	if err != nil {
		return fmt.Errorf("answering the agent's handshake: %w", err)
	}
	if err := s.channel.Send(ctx, datachannel.HandshakeResponse, text); err != nil {
		return err
	}
	if refused != nil {
		brief, cancel := context.WithTimeout(ctx, time.Second)
		defer cancel()
		_ = s.channel.Flush(brief) // the agent may end the session at once
	}
	return refused
}

func (s *Session) act(a datachannel.Action) error {
	switch a.ActionType {
	case datachannel.SessionType:
		var p datachannel.TypeParameters
		if err := json.Unmarshal(a.ActionParameters, &p); err != nil {
			return fmt.Errorf("reading the session's type: %w", err)
		}
		s.Kind = p.SessionType
		switch p.SessionType {
		case datachannel.ShellSession, datachannel.CommandSession, datachannel.PlainCommands, datachannel.PortSession:
			return nil
		}
		return fmt.Errorf("the agent offers a session of the type %q, which berth does not know", p.SessionType)
	case datachannel.KMSEncryption:
		var p datachannel.KeyParameters
		_ = json.Unmarshal(a.ActionParameters, &p) // without the key's name, the refusal is the same
		return &EncryptedError{p.KMSKeyID}
	}
	return fmt.Errorf("the agent asks for %q, which berth does not know", a.ActionType)
}

// newID is a random UUID.
func (s *Session) newID() string {
	var b [16]byte
	if _, err := io.ReadFull(s.o.Random, b[:]); err != nil {
		return s.grant.ID // it only names the client in logs of AWS
	}
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	t := hex.EncodeToString(b[:])
	return t[:8] + "-" + t[8:12] + "-" + t[12:16] + "-" + t[16:20] + "-" + t[20:]
}
