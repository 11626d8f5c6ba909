package sessions

import (
	"context"
	"crypto/rand"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/berthdev/berth/internal/clock"
	"github.com/berthdev/berth/internal/datachannel"
	"github.com/berthdev/berth/internal/sandbox/agent"
	"github.com/berthdev/berth/internal/sandbox/shell"
	"github.com/berthdev/berth/internal/session"
)

// service is the sandbox's agent behind an HTTP server on loopback.
type service struct {
	*agent.Service
	url string
	n   int
}

func serve(t *testing.T, f agent.Faults) *service {
	t.Helper()
	s := &service{Service: agent.New()}
	s.Faults = func(string) agent.Faults { return f }
	server := httptest.NewServer(s.Service)
	t.Cleanup(func() {
		s.Close()
		server.CloseClientConnections()
		server.Close()
	})
	s.url = "ws" + strings.TrimPrefix(server.URL, "http")
	return s
}

// begin begins a session, and returns what its client needs.
func (s *service) begin(start agent.Start) session.Grant {
	s.n++
	start.ID, start.Token = fmt.Sprintf("session-%d", s.n), fmt.Sprintf("token-%d", s.n)
	s.Begin(start)
	return session.Grant{ID: start.ID, URL: s.url + "/v1/data-channel/" + start.ID + "?role=publish_subscribe", Token: start.Token}
}

// command begins a session with a command in the modelled shell.
func (s *service) command(text string, files *shell.Files) session.Grant {
	return s.begin(agent.Start{Text: text, Command: func(ctx context.Context, c *agent.Console) error {
		return shell.Run(ctx, shell.Container{Host: "box", Files: files}, text, c)
	}})
}

// port begins a session for a port that sends back what it gets.
func (s *service) port(connect func(context.Context) (net.Conn, error)) session.Grant {
	return s.portAt(connect, "")
}

func (s *service) portAt(connect func(context.Context) (net.Conn, error), local string) session.Grant {
	return s.begin(agent.Start{
		Connect: connect, Port: datachannel.PortProperties{PortNumber: "80", LocalPortNumber: local, Type: datachannel.LocalPortForwarding},
	})
}

func echo(context.Context) (net.Conn, error) {
	near, far := net.Pipe()
	go func() {
		_, _ = io.Copy(far, far)
		_ = far.Close()
	}()
	return near, nil
}

// open opens a session with berth's client.
func (s *service) open(t *testing.T, g session.Grant, lost func(error)) *session.Session {
	t.Helper()
	return s.openOver(t, nil, g, lost)
}

// openOver opens it over connections of an HTTP client; nil is the usual one.
func (s *service) openOver(t *testing.T, client *http.Client, g session.Grant, lost func(error)) *session.Session {
	t.Helper()
	resumed := 0
	opened, err := session.Open(t.Context(), g, session.Options{
		Clock: clock.Wall{}, Random: rand.Reader, Lost: lost, Client: client,
		Resume: func(context.Context) (string, bool, error) {
			resumed++
			token := fmt.Sprintf("%s again %d", g.Token, resumed)
			if !s.Resume(g.ID, token) {
				return "", false, &session.TimedOutError{}
			}
			return token, true, nil
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(opened.Close)
	return opened
}
