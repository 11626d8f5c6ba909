package datachannel_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/berthdev/berth/internal/datachannel"
)

// TestClosingReachesTheOtherEnd: what was sent before is read before.
func TestClosingReachesTheOtherEnd(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		client, agent := channel(datachannel.Input), channel(datachannel.Output)
		a, b, cut := connection(faults{}, 1)
		defer close(cut)
		go func() { _ = client.Attach(t.Context(), a) }()
		go func() { _ = agent.Attach(t.Context(), b) }()
		synctest.Wait()
		if err := agent.Write(t.Context(), []byte("bye")); err != nil {
			t.Fatal(err)
		}
		if err := agent.Close(t.Context(), "s", "the task has ended"); err != nil {
			t.Fatal(err)
		}
		p, err := client.Next(t.Context())
		if err != nil || string(p.Payload) != "bye" {
			t.Fatalf("%q, %v", p.Payload, err)
		}
		_, err = client.Next(t.Context())
		if want := "the session was closed: the task has ended"; err == nil || err.Error() != want {
			t.Errorf("%v, want %s", err, want)
		}
	})
}

// TestAConnectionStaysOpenUntilTheOtherEndHasReadItsEnd: an end that has told the other
// one goes on reading, whatever comes, until the other one closes the connection or some
// seconds have passed.
func TestAConnectionStaysOpenUntilTheOtherEndHasReadItsEnd(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		agent := channel(datachannel.Output)
		a, b, cut := connection(faults{}, 1)
		defer close(cut)
		ended := make(chan time.Time, 1)
		go func() {
			_ = agent.Attach(t.Context(), b)
			ended <- time.Now()
		}()
		synctest.Wait()
		if err := agent.Close(t.Context(), "s", ""); err != nil {
			t.Fatal(err)
		}
		began := time.Now()
		for range 3 {
			if err := a.Send(t.Context(), []byte("still there")); err != nil {
				t.Fatal(err)
			}
			time.Sleep(time.Second)
		}
		if took := (<-ended).Sub(began); took < 10*time.Second || took > 21*time.Second {
			t.Errorf("the connection was read for %s after the end", took)
		}
	})
}

// TestAnEndWaitsForAConnection: without one, or over a broken one, the other end is told
// over the next.
func TestAnEndWaitsForAConnection(t *testing.T) {
	t.Parallel()
	for name, broken := range map[string]bool{"none": false, "broken": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				client, agent := channel(datachannel.Input), channel(datachannel.Output)
				if broken {
					_, b, cut := connection(faults{}, 1)
					go func() { _ = agent.Attach(t.Context(), stuck{b}) }()
					synctest.Wait()
					defer close(cut)
				}
				closed := make(chan error, 1)
				go func() { closed <- agent.Close(t.Context(), "s", "bye") }()
				time.Sleep(time.Second)
				a, b, cut := connection(faults{}, 2)
				defer close(cut)
				go func() { _ = client.Attach(t.Context(), a) }()
				go func() { _ = agent.Attach(t.Context(), b) }()
				if err := <-closed; err != nil {
					t.Fatal(err)
				}
				var said *datachannel.ClosedError
				if _, err := client.Next(t.Context()); !errors.As(err, &said) || said.Output != "bye" {
					t.Errorf("%v", err)
				}
			})
		})
	}
}

// stuck is a connection over which nothing can be sent any more.
type stuck struct{ datachannel.Conn }

func (stuck) Send(context.Context, []byte) error { return errCut }

// TestAnEndWithoutAConnectionIsBounded by its context; twice is once.
func TestAnEndWithoutAConnectionIsBounded(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		agent := channel(datachannel.Output)
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if err := agent.Close(ctx, "s", ""); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("%v", err)
		}
		if err := agent.Close(ctx, "s", ""); err != nil || agent.Ended() == nil {
			t.Errorf("%v", err)
		}
	})
}
