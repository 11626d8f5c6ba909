package agent

import (
	"context"
	"encoding/json"
	"errors"
	"net"
	"net/http"
	"sync"
	"time"

	"github.com/coder/websocket"

	"github.com/berthdev/berth/internal/concurrent"
	"github.com/berthdev/berth/internal/datachannel"
)

// version is the agent's: one that carries several connections in a session.
const version = "3.3.2299.0"

// openTime is how long a client may take to show its token.
const openTime = 10 * time.Second

// Start is what a session is about.
type Start struct {
	// ID is the session's, Token what its first connection shows.
	ID, Token string
	// Command runs in a container, if it is not nil.
	Command func(ctx context.Context, c *Console) error
	// Connect connects to the session's port, if it is not nil.
	Connect func(ctx context.Context) (net.Conn, error)
	// Text is the command, and Port the properties of the port, as the handshake
	// shows them.
	Text string
	Port datachannel.PortProperties
}

// Service is where clients connect to. It is an http.Handler.
type Service struct {
	// Faults returns those of a new session; nil means none.
	Faults func(id string) Faults

	mu       sync.Mutex
	sessions map[string]*session
	tokens   map[string]*session
	in       listener
	serving  sync.Once
}

// New makes a service without sessions.
func New() *Service {
	return &Service{sessions: map[string]*session{}, tokens: map[string]*session{}, in: listener{conns: make(chan net.Conn), closed: make(chan struct{})}}
}

// Begin makes a session, which waits for its client.
func (s *Service) Begin(start Start) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var f Faults
	if s.Faults != nil {
		f = s.Faults(start.ID)
	}
	made := newSession(start, f)
	s.sessions[start.ID], s.tokens[start.Token] = made, made
}

// Resume gives a session another token; false says that it has ended.
func (s *Service) Resume(id, token string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	found := s.sessions[id]
	if found == nil || found.channel.Ended() != nil {
		return false
	}
	s.tokens[token] = found
	return true
}

// Terminate ends a session; one that is not there has ended.
func (s *Service) Terminate(id string) {
	s.mu.Lock()
	found := s.sessions[id]
	s.mu.Unlock()
	if found != nil {
		found.end("", endTime)
	}
}

// claim returns the session of a token, which works once.
func (s *Service) claim(token string) *session {
	s.mu.Lock()
	defer s.mu.Unlock()
	found := s.tokens[token]
	delete(s.tokens, token)
	return found
}

// ServeHTTP implements http.Handler: a connection of a client.
func (s *Service) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	socket, err := websocket.Accept(w, r, nil)
	if err != nil {
		return // Accept has answered
	}
	defer func() { _ = socket.CloseNow() }()
	socket.SetReadLimit(datachannel.MaxMessage)
	opening, err := opened(r.Context(), socket)
	if err != nil {
		return
	}
	found := s.claim(opening.TokenValue)
	if found == nil {
		_ = socket.Close(websocket.StatusPolicyViolation, "the token is not valid") // the client learns why
		return
	}
	found.serve(r.Context(), socket)
}

func opened(ctx context.Context, socket *websocket.Conn) (datachannel.Opening, error) {
	ctx, cancel := context.WithTimeout(ctx, openTime)
	defer cancel()
	var opening datachannel.Opening
	kind, text, err := socket.Read(ctx)
	if err == nil && kind != websocket.MessageText {
		err = errors.New("a connection begins with its token")
	}
	if err == nil {
		err = json.Unmarshal(text, &opening)
	}
	return opening, err
}

// Client is an HTTP client whose every connection is one to the service, within the
// process.
func (s *Service) Client() *http.Client {
	dial := func(ctx context.Context, _, _ string) (net.Conn, error) {
		s.serving.Do(func() {
			server := &http.Server{Handler: s, ReadHeaderTimeout: openTime}
			go func() { _ = concurrent.Safely(func() error { return server.Serve(s.in) }) }() // until Close
		})
		near, far := net.Pipe()
		select {
		case s.in.conns <- far:
			return near, nil
		case <-ctx.Done():
			return nil, context.Cause(ctx)
		}
	}
	return &http.Client{Transport: &http.Transport{DialContext: dial, DialTLSContext: dial, DisableKeepAlives: true}}
}

// Close ends the serving of Client's connections, and all sessions.
func (s *Service) Close() {
	s.mu.Lock()
	list := make([]*session, 0, len(s.sessions))
	for _, found := range s.sessions {
		list = append(list, found)
	}
	s.mu.Unlock()
	for _, found := range list {
		found.end("", endTime)
	}
	_ = s.in.Close() // it was not closed before
}

// listener accepts the connections that are made within the process.
type listener struct {
	conns  chan net.Conn
	closed chan struct{}
}

func (l listener) Accept() (net.Conn, error) {
	select {
	case c := <-l.conns:
		return c, nil
	case <-l.closed:
		return nil, net.ErrClosed
	}
}

func (l listener) Close() error {
	select {
	case <-l.closed:
	default:
		close(l.closed)
	}
	return nil
}

func (l listener) Addr() net.Addr { return &net.UnixAddr{Name: "sandbox", Net: "unix"} }

var (
	_ http.Handler = (*Service)(nil)
	_ net.Listener = listener{}
)
