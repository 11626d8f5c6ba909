package gate_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/berthdev/berth/internal/aws/gate"
)

func TestTurns(t *testing.T) {
	t.Parallel()
	var nobody *gate.Turns
	for name, c := range map[string]struct {
		turns  *gate.Turns
		things [2]string
		took   time.Duration
	}{
		"one thing":  {&gate.Turns{}, [2]string{"zone a", "zone a"}, 2 * time.Second},
		"two things": {&gate.Turns{}, [2]string{"zone a", "zone b"}, time.Second},
		"no turns":   {nobody, [2]string{"zone a", "zone a"}, time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				began := time.Now()
				ended := make(chan error)
				for _, thing := range c.things {
					go func() {
						done, err := c.turns.Take(t.Context(), thing)
						if err == nil {
							time.Sleep(time.Second)
							done()
						}
						ended <- err
					}()
				}
				for range c.things {
					if err := <-ended; err != nil {
						t.Error(err)
					}
				}
				if took := time.Since(began); took != c.took {
					t.Errorf("took %s, want %s", took, c.took)
				}
			})
		})
	}
}

func TestNobodyWaitsForATurnBehindTheEnd(t *testing.T) {
	t.Parallel()
	turns, over := &gate.Turns{}, errors.New("over")
	done, err := turns.Take(t.Context(), "zone")
	if err != nil {
		t.Fatal(err)
	}
	defer done()
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(over)
	if _, err := turns.Take(ctx, "zone"); !errors.Is(err, over) {
		t.Errorf("got %v, want the context's cause", err)
	}
}
