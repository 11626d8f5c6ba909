package cli

import (
	"context"
	"errors"
	"sync"

	"github.com/berthdev/berth/internal/concurrent"
	"github.com/berthdev/berth/internal/interrupt"
	"github.com/berthdev/berth/internal/progress"
)

// stopping is how a verb meets the first Ctrl-C: what it says depends on what it is
// doing. The zero value says that calls under way finish first.
type stopping struct {
	// Interrupted is closed at the first Ctrl-C; nil never is.
	Interrupted <-chan struct{}

	mu sync.Mutex
	// silent says that there is nothing under way to speak of.
	silent bool
	// show is the progress on the screen.
	show progress.Renderer
}

// Quietly runs f, during which an interrupt says nothing.
func (s *stopping) Quietly(f func()) {
	s.set(func() { s.silent = true })
	defer s.set(func() { s.silent = false })
	f()
}

// Shows says that progress is on the screen, until it is called with nil.
func (s *stopping) Shows(show progress.Renderer) { s.set(func() { s.show = show }) }

// shown is the progress on the screen; nil without.
func (s *stopping) shown() progress.Renderer {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.show
}

func (s *stopping) set(change func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	change()
}

// SayStopping says at the first interrupt what happens now.
func (c *Console) SayStopping() {
	c.mu.Lock()
	silent, show := c.silent, c.show
	c.mu.Unlock()
	switch {
	case silent:
	case show != nil:
		show.Stopping(interrupt.Text + "; the same command goes on later")
	default:
		c.Say("\n%s", interrupt.Text)
	}
}

// Uninterrupted returns what f returns, or the interrupt's error at the first
// interrupt. f then goes on reading: the program is about to end.
func (c *Console) Uninterrupted(f func() (string, error)) (answer string, err error) {
	type result struct {
		answer string
		err    error
	}
	got := make(chan result, 1)
	c.Quietly(func() {
		go func() {
			var r result
			r.err = concurrent.Safely(func() (err error) {
				r.answer, err = f()
				return err
			})
			got <- r
		}()
		select {
		case r := <-got:
			answer, err = r.answer, r.err
		case <-c.Interrupted:
			c.Say("")
			err = &InterruptedError{Says: "interrupted: nothing was changed"}
		}
	})
	return answer, err
}

// InterruptedError says what an interrupt leaves.
type InterruptedError struct {
	Says string
	// err is what the interrupt led to; nil if nothing was under way.
	err error
}

func (e *InterruptedError) Error() string { return e.Says }
func (e *InterruptedError) Unwrap() error { return e.err }

// Is says that this is an interrupt, whatever it led to.
func (*InterruptedError) Is(err error) bool { return err == interrupt.Err }

// InARun marks the error of a run that was interrupted.
func InARun(err error) error {
	if !errors.Is(err, interrupt.Err) && !errors.Is(err, context.Canceled) {
		return err
	}
	return &InterruptedError{Says: "interrupted: what was made stays; run the same command again to go on", err: err}
}
