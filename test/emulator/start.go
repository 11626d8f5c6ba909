// Package emulator starts moto, an emulator of AWS that others wrote, for the
// tests that want a second opinion on what the sandbox says.
package emulator

import (
	"bufio"
	"context"
	"io"
	"os"
	"os/exec"
	"regexp"
	"testing"
	"time"
)

// patience is how long a busy machine may take to start Python and moto.
const patience = 3 * time.Minute

// running is what moto says once it listens.
var running = regexp.MustCompile(`Running on (http://[0-9.]+:[0-9]+)`)

// Start starts the server program that BERTH_MOTO names, as the Makefile's
// targets do, with further environment variables, and returns its URL. It ends
// with the test. Without BERTH_MOTO the test is skipped.
//
// Moto takes a free port by itself: a port that a test found free may be
// another's by the time moto binds it, and then two tests share that other's
// moto.
func Start(t testing.TB, variables ...string) string {
	t.Helper()
	url, _ := StartHeard(t, io.Discard, variables...)
	return url
}

// StartHeard is Start, and writes what moto says to a writer. What it returns
// beside the URL waits until moto has ended and said everything.
func StartHeard(t testing.TB, said io.Writer, variables ...string) (url string, stop func()) {
	t.Helper()
	program := os.Getenv("BERTH_MOTO")
	if program == "" {
		t.Skip("BERTH_MOTO does not name a moto_server: run make test")
	}
	cmd := exec.CommandContext(context.WithoutCancel(t.Context()), program, "-H", "127.0.0.1", "-p", "0") //nolint:gosec // the test's own environment names it
	cmd.Env = append(os.Environ(), append(variables, "MOTO_ECS_SERVICE_RUNNING=10", "MOTO_IAM_LOAD_MANAGED_POLICIES=true")...)
	talk, err := cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	at := make(chan string, 1)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		listen(talk, said, at)
	}()
	stop = func() {
		_ = cmd.Process.Kill()
		<-ended
		_ = cmd.Wait()
	}
	t.Cleanup(stop)
	select {
	case url = <-at:
		return url, stop
	case <-ended:
		t.Fatal("moto_server ended before it listened")
	case <-time.After(patience):
		t.Fatalf("moto_server does not listen after %s", patience)
	}
	return "", stop
}

// listen reads what moto says to its end, and sends the first address in it.
func listen(talk io.Reader, said io.Writer, at chan<- string) {
	lines := bufio.NewReader(talk)
	for known := false; ; {
		line, err := lines.ReadBytes('\n')
		if found := running.FindSubmatch(line); found != nil && !known {
			known = true
			at <- string(found[1])
		}
		_, _ = said.Write(line)
		if err != nil {
			return
		}
	}
}
