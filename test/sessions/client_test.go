package sessions

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/berthdev/berth/internal/clock"
	"github.com/berthdev/berth/internal/sandbox/agent"
	"github.com/berthdev/berth/internal/sandbox/shell"
	"github.com/berthdev/berth/internal/session"
)

// faults are those that sessions must survive.
func faults() map[string]agent.Faults {
	return map[string]agent.Faults{
		"none":      {},
		"dropped":   {Drop: 0.05, Seed: 1},
		"repeated":  {Duplicate: 0.2, Seed: 2},
		"reordered": {Reorder: 0.3, Seed: 3},
		"all":       {Drop: 0.03, Duplicate: 0.05, Reorder: 0.1, Seed: 4},
		"cut":       {Drop: 0.01, CutAfter: 300, Seed: 5},
	}
}

// TestACommandsOutputIsWhole with every fault.
func TestACommandsOutputIsWhole(t *testing.T) {
	t.Parallel()
	text := strings.Repeat("0123456789abcdef", 20_000)
	for name, f := range faults() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := serve(t, f)
			var lost atomic.Int32
			o := s.open(t, s.command("cat /big", shell.NewFiles(map[string][]byte{"/big": []byte(text)})), func(err error) {
				if err != nil {
					lost.Add(1)
				}
			})
			got, err := io.ReadAll(o.Stream(t.Context(), nil))
			if err != nil || string(got) != text {
				t.Errorf("%d bytes of %d, error %v", len(got), len(text), err)
			}
			if f.CutAfter > 0 && lost.Load() == 0 {
				t.Error("the connection was never cut")
			}
		})
	}
}

// TestTheEndReachesASlowClient: it is still acknowledging what came before when the
// agent has already said that the session has ended.
func TestTheEndReachesASlowClient(t *testing.T) {
	t.Parallel()
	text := strings.Repeat("0123456789abcdef", 10_000)
	s := serve(t, agent.Faults{Duplicate: 1, After: 8})
	dial := func(ctx context.Context, network, address string) (net.Conn, error) {
		var d net.Dialer
		conn, err := d.DialContext(ctx, network, address)
		if err != nil {
			return nil, err
		}
		return slow{conn}, conn.(*net.TCPConn).SetReadBuffer(16 << 10)
	}
	client := &http.Client{Transport: &http.Transport{DialContext: dial}}
	for range 2 {
		o := s.openOver(t, client, s.command("cat /big", shell.NewFiles(map[string][]byte{"/big": []byte(text)})), func(err error) {
			t.Errorf("the connection broke: %v", err)
		})
		got, err := io.ReadAll(o.Stream(t.Context(), nil))
		if err != nil || string(got) != text {
			t.Errorf("%d bytes of %d, error %v", len(got), len(text), err)
		}
	}
}

// slow is a connection that is read slowly.
type slow struct{ net.Conn }

func (s slow) Read(p []byte) (int, error) {
	time.Sleep(200 * time.Microsecond)
	return s.Conn.Read(p[:min(len(p), 1<<10)])
}

// TestForwardedDataIsWhole with every fault, over several connections at once.
func TestForwardedDataIsWhole(t *testing.T) {
	t.Parallel()
	for name, f := range faults() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := serve(t, f)
			address := forward(t, s, s.port(echo))
			var all sync.WaitGroup
			for range 4 {
				all.Go(func() {
					if err := sendAndCompare(address, 200_000); err != nil {
						t.Error(err)
					}
				})
			}
			all.Wait()
		})
	}
}

// forward forwards a free port to a session, until the test ends.
func forward(t *testing.T, s *service, g session.Grant) string {
	t.Helper()
	o := s.open(t, g, nil)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		_ = o.Forward(ctx, listener, nil)
	}()
	t.Cleanup(func() {
		cancel()
		<-ended
	})
	return listener.Addr().String()
}

// sendAndCompare sends random bytes to an echo, and compares what comes back.
func sendAndCompare(address string, size int64) error {
	conn, err := net.Dial("tcp", address)
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close() }()
	if err := conn.SetDeadline(time.Now().Add(30*time.Second + time.Duration(size)*2*time.Microsecond)); err != nil {
		return err
	}
	sent, got := sha256.New(), sha256.New()
	wrote := make(chan error, 1)
	go func() {
		_, err := io.CopyN(io.MultiWriter(conn, sent), rand.Reader, size)
		wrote <- err
	}()
	if _, err := io.CopyN(got, conn, size); err != nil {
		return err
	}
	if err := <-wrote; err != nil {
		return err
	}
	if string(sent.Sum(nil)) != string(got.Sum(nil)) {
		return errors.New("what came back is not what was sent")
	}
	return nil
}

// TestAKeyOfKMSIsRefused with a plain message, and the agent is told.
func TestAKeyOfKMSIsRefused(t *testing.T) {
	t.Parallel()
	s := serve(t, agent.Faults{Key: "alias/audit"})
	_, err := session.Open(t.Context(), s.command("cat", shell.NewFiles(nil)), session.Options{Clock: clock.Wall{}, Random: rand.Reader})
	var encrypted *session.EncryptedError
	if !errors.As(err, &encrypted) || encrypted.Key != "alias/audit" || encrypted.Remedy() == "" {
		t.Errorf("%v", err)
	}
}

// TestAnotherTokenIsRefused: a token works once.
func TestAnotherTokenIsRefused(t *testing.T) {
	t.Parallel()
	s := serve(t, agent.Faults{})
	g := s.command("cat", shell.NewFiles(nil))
	g.Token = "another"
	_, err := session.Open(t.Context(), g, session.Options{
		Clock: clock.Wall{}, Random: rand.Reader,
		Resume: func(context.Context) (string, bool, error) { return "", false, &session.TimedOutError{} },
	})
	var over *session.TimedOutError
	if !errors.As(err, &over) {
		t.Errorf("%v", err)
	}
}

// TestATerminalHasItsSize, and keys reach the command.
func TestATerminalHasItsSize(t *testing.T) {
	t.Parallel()
	s := serve(t, agent.Faults{})
	o := s.open(t, s.command(`sh -c 'read x; stty size; echo "got $x"'`, shell.NewFiles(nil)), nil)
	if err := o.Resize(t.Context(), 120, 40); err != nil {
		t.Fatal(err)
	}
	stream := o.Stream(t.Context(), nil)
	if _, err := io.WriteString(stream, "hello\r"); err != nil {
		t.Fatal(err)
	}
	got, err := io.ReadAll(stream)
	if want := "hello\r\n40 120\r\ngot hello\r\n"; err != nil || string(got) != want {
		t.Errorf("%q, error %v; want %q", got, err, want)
	}
}
