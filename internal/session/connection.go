package session

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"time"

	"github.com/coder/websocket"

	"github.com/berthdev/berth/internal/clock"
	"github.com/berthdev/berth/internal/datachannel"
)

const (
	// dialTime bounds how long a connection takes to open.
	dialTime = 20 * time.Second
	// pingEvery keeps the connection alive through balancers and NAT, which end idle
	// ones after some minutes; pingTime is how long an answer may take.
	pingEvery = time.Minute
	pingTime  = 30 * time.Second
)

// connection is a websocket of a data channel.
type connection struct {
	socket *websocket.Conn
	// pings ends with the connection.
	pings context.CancelFunc
}

// dial opens a websocket, and shows the token.
func (s *Session) dial(ctx context.Context, token string) (*connection, error) {
	brief, cancel := context.WithTimeout(ctx, dialTime)
	defer cancel()
	//nolint:bodyclose // the websocket library closes it
	socket, _, err := websocket.Dial(brief, s.grant.URL, &websocket.DialOptions{HTTPClient: s.o.Client, HTTPHeader: http.Header{}})
	if err != nil {
		return nil, fmt.Errorf("connecting to the session: %w", err)
	}
	socket.SetReadLimit(datachannel.MaxMessage)
	opening, err := json.Marshal(datachannel.Opening{
		MessageSchemaVersion: "1.0", RequestID: s.newID(), TokenValue: token, ClientID: s.newID(), ClientVersion: clientVersion,
	})
	if err == nil {
		err = socket.Write(brief, websocket.MessageText, opening)
	}
	if err != nil {
		_ = socket.CloseNow() // err says why
		return nil, fmt.Errorf("connecting to the session: %w", err)
	}
	pinging, stop := context.WithCancel(ctx)
	go keepAlive(pinging, s.o.Clock, socket)
	return &connection{socket: socket, pings: stop}, nil
}

// keepAlive pings the other end. Without an answer the connection is closed: reading
// fails then.
func keepAlive(ctx context.Context, clk clock.Clock, socket *websocket.Conn) {
	for clk.Sleep(ctx, pingEvery) == nil {
		brief, cancel := context.WithTimeout(ctx, pingTime)
		err := socket.Ping(brief)
		cancel()
		if err != nil {
			_ = socket.CloseNow() // it is broken already
			return
		}
	}
}

func (c *connection) close() {
	c.pings()
	_ = c.socket.CloseNow() // the session ends with a message of its own
}

// Send implements datachannel.Conn.
func (c *connection) Send(ctx context.Context, message []byte) error {
	return c.socket.Write(ctx, websocket.MessageBinary, message)
}

// Receive implements datachannel.Conn.
func (c *connection) Receive(ctx context.Context) ([]byte, error) {
	_, b, err := c.socket.Read(ctx)
	return b, err
}

var _ datachannel.Conn = (*connection)(nil)
