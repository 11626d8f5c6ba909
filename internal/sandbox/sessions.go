package sandbox

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strings"

	"github.com/berthdev/berth/internal/concurrent"
	"github.com/berthdev/berth/internal/datachannel"
	"github.com/berthdev/berth/internal/sandbox/agent"
	"github.com/berthdev/berth/internal/sandbox/compute"
	"github.com/berthdev/berth/internal/sandbox/shell"
)

// Sessions are the sessions in the world's containers. They run in real time.
type Sessions struct {
	*agent.Service
	// Base is the address that clients get, before the session's id. Without one it
	// is AWS's, which only the HTTP client that Service makes can reach.
	Base string
	// Command runs a command in a container; nil is the modelled shell.
	Command func(ctx context.Context, c compute.ExecContainer, command string, console *agent.Console) error
	// Connect connects to a port as a container does; nil is a modelled server at
	// every port that the container reaches.
	Connect func(ctx context.Context, c compute.ExecContainer, host string, port int) (net.Conn, error)

	world *World
}

// URL implements compute.Sessions.
func (s *Sessions) URL(id string) string {
	base := s.Base
	if base == "" {
		base = "wss://ssmmessages." + s.world.Region() + ".amazonaws.com/v1/data-channel/"
	}
	return base + id + "?role=publish_subscribe"
}

// Exec implements compute.Sessions.
func (s *Sessions) Exec(id, token, command string, c compute.ExecContainer) {
	run := s.Command
	if run == nil {
		run = s.modelled
	}
	s.Begin(agent.Start{ID: id, Token: token, Text: command, Command: func(ctx context.Context, console *agent.Console) error {
		return run(ctx, c, command, console)
	}})
}

// modelled runs a command in the modelled shell, and keeps its files.
func (s *Sessions) modelled(ctx context.Context, c compute.ExecContainer, command string, console *agent.Console) error {
	files := shell.NewFiles(c.Files)
	err := shell.Run(ctx, shell.Container{
		Host: c.Host, Variables: c.Variables, Files: files,
		Bare: strings.Contains(c.Image, "distroless"),
	}, command, console)
	defer s.world.Enter()()
	s.world.ecs.KeepFiles(c.Task, c.Name, files.All())
	return err
}

// Port implements compute.Sessions.
func (s *Sessions) Port(id, token, host string, port int, c compute.ExecContainer) {
	connect := s.Connect
	if connect == nil {
		connect = s.reach
	}
	s.Begin(agent.Start{
		ID: id, Token: token,
		Port:    datachannel.PortProperties{Host: host, PortNumber: fmt.Sprint(port), Type: datachannel.LocalPortForwarding},
		Connect: func(ctx context.Context) (net.Conn, error) { return connect(ctx, c, host, port) },
	})
}

// reach connects to a modelled server, if the container reaches the port.
func (s *Sessions) reach(_ context.Context, c compute.ExecContainer, host string, port int) (net.Conn, error) {
	if host == "" {
		host = "localhost"
	}
	if host == "localhost" {
		if !s.listens(c, port) {
			return nil, errors.New("connection refused")
		}
	} else if err := s.world.Connect(c.Task, host, port); err != nil {
		return nil, err
	}
	near, far := net.Pipe()
	text := fmt.Sprintf("This is berth's sandbox: nothing listens at %s:%d.\n", host, port)
	go func() { _ = concurrent.Safely(func() error { answer(far, text); return nil }) }()
	return near, nil
}

func (s *Sessions) listens(c compute.ExecContainer, port int) bool {
	defer s.world.Enter()()
	return s.world.ecs.Listens(c.Task, int32(port))
}

// answer answers HTTP requests with a text.
func answer(conn net.Conn, text string) {
	defer func() { _ = conn.Close() }()
	for in := bufio.NewReader(conn); ; {
		r, err := http.ReadRequest(in)
		if err != nil {
			return // whoever speaks something else learns nothing
		}
		_ = r.Body.Close() // it has none that matters
		if _, err := fmt.Fprintf(conn, "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: %d\r\n\r\n%s", len(text), text); err != nil {
			return
		}
	}
}

var _ compute.Sessions = (*Sessions)(nil)
