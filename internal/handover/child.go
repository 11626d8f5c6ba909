package handover

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
)

// child runs a program with this one's streams. The signals are the program's
// alone: this one passes them on and waits.
func child(path string, args []string, passed ...os.Signal) (code int, err error) {
	cmd := exec.Command(path, args...) //nolint:noctx,gosec // it ends by its own signals; the caller names it
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	signals := make(chan os.Signal, 8)
	signal.Reset(passed...)
	signal.Notify(signals, passed...)
	defer signal.Stop(signals)
	if err := cmd.Start(); err != nil {
		return 0, fmt.Errorf("starting %s: %w", path, err)
	}
	ended := make(chan struct{})
	defer close(ended)
	go func() {
		for {
			select {
			case s := <-signals:
				_ = cmd.Process.Signal(s) // a console sends it to both by itself
			case <-ended:
				return
			}
		}
	}()
	err = cmd.Wait()
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		return exit.ExitCode(), nil
	}
	if err != nil {
		return 0, fmt.Errorf("running %s: %w", path, err)
	}
	return 0, nil
}
