// Package interrupt lets a program end in two steps: the first interrupt ends a
// context, so that calls under way finish, the second ends the process. It
// imports nothing of berth.
package interrupt

import (
	"context"
	"errors"
	"os"
	"os/signal"
	"syscall"
	"time"
)

// ExitCode is that of a program that was interrupted, as shells expect it.
const ExitCode = 130

// Text tells the user what the first interrupt does while calls are under way.
const Text = "stopping: calls under way finish first; Ctrl-C again ends at once"

// Err is the cause of a context that the first interrupt ended.
var Err = errors.New("interrupted")

// patience is how long tell may take: a terminal that was stopped with Ctrl-S takes
// no output.
const patience = 100 * time.Millisecond

// Context ends at the first Ctrl-C or SIGTERM. tell is called before, to say so.
// stop gives the signals back.
func Context(tell func()) (ctx context.Context, stop func()) {
	ctx, cancel := context.WithCancelCause(context.Background())
	signals := make(chan os.Signal, 2)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	go func() {
		for n := 0; ; n++ {
			if _, ok := <-signals; !ok {
				return
			}
			if n > 0 {
				os.Exit(ExitCode)
			}
			told := make(chan struct{})
			go func() {
				defer close(told)
				tell()
			}()
			select {
			case <-told:
			case <-time.After(patience):
			}
			cancel(Err)
		}
	}()
	return ctx, func() {
		signal.Stop(signals)
		close(signals)
		cancel(nil)
	}
}
