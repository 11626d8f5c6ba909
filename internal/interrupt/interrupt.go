// Package interrupt lets a program end in two steps: the first interrupt ends a
// context, so that calls under way finish, the second ends the process. It
// imports nothing of berth.
package interrupt

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
)

// ExitCode is that of a program that was interrupted, as shells expect it.
const ExitCode = 130

// Err is the cause of a context that the first interrupt ended.
var Err = errors.New("interrupted")

// Context ends at the first Ctrl-C or SIGTERM, which it tells on talk. stop
// gives the signals back.
func Context(talk io.Writer) (ctx context.Context, stop func()) {
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
			_, _ = fmt.Fprintln(talk, "\nstopping: calls under way finish first; Ctrl-C again ends at once")
			cancel(Err)
		}
	}()
	return ctx, func() {
		signal.Stop(signals)
		close(signals)
		cancel(nil)
	}
}
