package command

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
	// interrupted is closed at the first Ctrl-C; nil never is.
	interrupted <-chan struct{}

	mu sync.Mutex
	// silent says that there is nothing under way to speak of.
	silent bool
	// show is the progress on the screen.
	show progress.Renderer
}

// quietly runs f, during which an interrupt says nothing.
func (s *stopping) quietly(f func()) {
	s.set(func() { s.silent = true })
	defer s.set(func() { s.silent = false })
	f()
}

// shows says that progress is on the screen, until it is called with nil.
func (s *stopping) shows(show progress.Renderer) { s.set(func() { s.show = show }) }

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

// sayStopping says at the first interrupt what happens now.
func (c *console) sayStopping() {
	c.mu.Lock()
	silent, show := c.silent, c.show
	c.mu.Unlock()
	switch {
	case silent:
	case show != nil:
		show.Stopping(interrupt.Text + "; the same command goes on later")
	default:
		c.say("\n%s", interrupt.Text)
	}
}

// uninterrupted returns what f returns, or the interrupt's error at the first
// interrupt. f then goes on reading: the program is about to end.
func (c *console) uninterrupted(f func() (string, error)) (answer string, err error) {
	type result struct {
		answer string
		err    error
	}
	got := make(chan result, 1)
	c.quietly(func() {
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
		case <-c.interrupted:
			c.say("")
			err = &interruptedError{says: "interrupted: nothing was changed"}
		}
	})
	return answer, err
}

// interruptedError says what an interrupt leaves.
type interruptedError struct {
	says string
	// err is what the interrupt led to; nil if nothing was under way.
	err error
}

func (e *interruptedError) Error() string   { return e.says }
func (e *interruptedError) Unwrap() error   { return e.err }
func (*interruptedError) Is(err error) bool { return err == interrupt.Err }

// inARun marks the error of a run that was interrupted.
func inARun(err error) error {
	if !errors.Is(err, interrupt.Err) && !errors.Is(err, context.Canceled) {
		return err
	}
	return &interruptedError{says: "interrupted: what was made stays; run the same command again to go on", err: err}
}
