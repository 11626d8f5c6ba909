package session

import (
	"context"
	"fmt"
	"io"
	"net"
	"strconv"
	"strings"
	"sync"

	"github.com/xtaci/smux"

	"github.com/berthdev/berth/internal/concurrent"
	"github.com/berthdev/berth/internal/datachannel"
)

const (
	// severalFrom is the first agent that carries several connections in a session,
	// quietFrom the first that sends no keep-alive of its own then, which would keep
	// a session from ever being idle.
	severalFrom = "3.0.196.0"
	quietFrom   = "3.1.1511.0"
)

// Forward accepts connections on a listener and carries each to the port of the
// session, until ctx or the session ends. failed is told when the agent could not
// connect.
func (s *Session) Forward(ctx context.Context, listener net.Listener, failed func()) error {
	if s.Kind != datachannel.PortSession {
		return fmt.Errorf("the agent offers a session of the type %q, not of a port", s.Kind)
	}
	if older(s.Agent, severalFrom) {
		return fmt.Errorf("the agent in the task has the version %s, and berth needs %s or later", s.Agent, severalFrom)
	}
	carrying, cancel := context.WithCancel(ctx)
	defer cancel()
	stream := s.Stream(carrying, func(flag uint32) {
		if flag == datachannel.ConnectToPortError && failed != nil {
			failed()
		}
	})
	config := smux.DefaultConfig()
	config.KeepAliveDisabled = !older(s.Agent, quietFrom)
	mux, err := smux.Client(stream, config)
	if err != nil {
		return fmt.Errorf("forwarding the port: %w", err)
	}
	defer func() { _ = mux.Close() }() // with it the session ends
	context.AfterFunc(carrying, func() { _ = listener.Close() })
	go func() {
		<-mux.CloseChan()
		cancel()
	}()
	return s.accept(ctx, listener, mux)
}

// accept carries connections until the listener is closed.
func (s *Session) accept(ctx context.Context, listener net.Listener, mux *smux.Session) error {
	var carrying sync.WaitGroup
	defer carrying.Wait()
	for {
		local, err := listener.Accept()
		if err != nil {
			_ = mux.Close() // ends what is carried
			if ctx.Err() != nil {
				return context.Cause(ctx)
			}
			if ended := s.channel.Ended(); ended != nil {
				return ended
			}
			return fmt.Errorf("waiting for a connection: %w", err)
		}
		remote, err := mux.OpenStream()
		if err != nil {
			_ = local.Close() // err says why
			return fmt.Errorf("forwarding a connection: %w", err)
		}
		carrying.Go(func() { _ = concurrent.Safely(func() error { carry(local, remote); return nil }) })
	}
}

// carry copies both ways until one end has nothing more to say: the protocol of the
// agent knows no half-closed connections.
func carry(local net.Conn, remote io.ReadWriteCloser) {
	var both sync.WaitGroup
	for _, pair := range [][2]io.ReadWriteCloser{{local, remote}, {remote, local}} {
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

// older compares two versions of an agent, part by part.
func older(version, than string) bool {
	a, b := strings.Split(version, "."), strings.Split(than, ".")
	for i := range b {
		var have, want int
		if i < len(a) {
			have, _ = strconv.Atoi(a[i]) // what is no number is old
		}
		want, _ = strconv.Atoi(b[i])
		if have != want {
			return have < want
		}
	}
	return false
}
