package attach

import (
	"bytes"
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/berthdev/berth/internal/clock"
	"github.com/berthdev/berth/internal/concurrent"
	"github.com/berthdev/berth/internal/deploy"
	"github.com/berthdev/berth/internal/interrupt"
	"github.com/berthdev/berth/internal/session"
)

// Command is a command to run in a container.
type Command struct {
	// Words are the program and its arguments; none is a shell.
	Words []string
	// Plain runs them without a shell in the container: the exit code is unknown.
	Plain bool
	// In is what the command reads, Out what it writes; it has one stream for its
	// output and its errors.
	In  io.Reader
	Out io.Writer
	// Size is the size of the user's terminal; nil if there is none.
	Size func() (columns, rows int)
	// Lost is told about the connection.
	Lost Lost
}

// End is how a command ended. Without Known its exit code is not known.
type End struct {
	Code  int
	Known bool
}

const (
	// resizeEvery is how often the terminal's size is looked at.
	resizeEvery = 500 * time.Millisecond
	// endTime is how long a session may take to end once its command has.
	endTime = 5 * time.Second
	// interruptKey and endKey are what a terminal takes for Ctrl-C and Ctrl-D.
	interruptKey, endKey = "\x03", "\x04"
)

// StartError says that a command could not be started in a container.
type StartError struct{ Text string }

func (e *StartError) Error() string { return "the command did not start: " + e.Text }

// Remedy is what the user can do.
func (e *StartError) Remedy() string {
	if strings.Contains(e.Text, "fork/exec sh") {
		return "the image has no shell: `berth exec --plain` runs a program of the image without one, and cannot tell its exit code"
	}
	return "the image has no such program"
}

// run is a command that runs in a container.
type run struct {
	Command
	session *session.Session
	stream  *session.Stream
	marks   marks
	end     End
	// ready is closed when the command can read; ended when it has ended.
	ready, ended chan struct{}
	// told are the marks besides.
	told func(text string)
}

// Exec runs a command in a container until it ends. When ctx ends, the command gets
// Ctrl-C, and Exec returns ctx's cause.
func Exec(ctx context.Context, p *deploy.Project, t Target, c Command) (End, error) {
	if len(c.Words) == 0 {
		c.Words = shell()
	}
	word := nonce(randomOf(p))
	text := wrapped(word, c.Words, c.Size != nil)
	if c.Plain {
		quoted := make([]string, len(c.Words))
		for i, w := range c.Words {
			quoted[i] = quote(w)
		}
		text = strings.Join(quoted, " ")
	}
	return start(ctx, p, t, c, word, text, nil)
}

func start(ctx context.Context, p *deploy.Project, t Target, c Command, word, text string, told func(string)) (End, error) {
	// The session outlives ctx for as long as the command takes to end after Ctrl-C.
	life, cancel := context.WithCancel(context.WithoutCancel(ctx))
	defer cancel()
	s, err := command(life, p, t, text, c.Lost)
	if err != nil {
		return End{}, err
	}
	defer s.Close()
	r := &run{Command: c, session: s, ready: make(chan struct{}), ended: make(chan struct{}), told: told}
	r.stream = s.Stream(life, nil)
	r.marks = marks{word: word, found: r.mark}
	if c.Plain {
		close(r.ready)
	}
	for _, f := range []func(context.Context){r.resize, r.send, func(life context.Context) {
		select {
		case <-ctx.Done():
			r.interrupt(life)
		case <-life.Done():
		}
	}} {
		go func() { _ = concurrent.Safely(func() error { f(life); return nil }) }()
	}
	err = r.copy(r.stream, s.Close)
	if ctx.Err() != nil && errors.Is(context.Cause(ctx), interrupt.Err) {
		return r.end, context.Cause(ctx)
	}
	if err == nil && !r.end.Known && strings.Contains(s.Said(), "Unable to start command") {
		return r.end, &StartError{strings.TrimSpace(s.Said()[strings.Index(s.Said(), "Unable to start command")+len("Unable to start command:"):])}
	}
	return r.end, err
}

// nonce is a word that no command's output has.
func nonce(random io.Reader) string {
	var b [8]byte
	if _, err := io.ReadFull(random, b[:]); err != nil {
		return "mark" // an output with the word is not likely either
	}
	return hex.EncodeToString(b[:])
}

// mark handles a mark in the output.
func (r *run) mark(text string) {
	code, err := strconv.Atoi(text)
	switch {
	case err == nil:
		r.end = End{code, true}
		select {
		case <-r.ended:
		default:
			close(r.ended)
		}
	case text == "ready":
		select {
		case <-r.ready:
		default:
			close(r.ready)
		}
	case r.told != nil:
		r.told(text)
	}
}

// copy writes the output until the session ends, which it hangs up some time after the
// command has ended. Once the command's end is known, it does not matter how the session
// ends: the connection may break before AWS says that it has.
func (r *run) copy(stream io.Reader, hangUp func()) error {
	over := make(chan struct{})
	defer close(over)
	go func() {
		select {
		case <-r.ended:
			time.AfterFunc(endTime, hangUp)
		case <-over:
		}
	}()
	buffer := make([]byte, 32<<10)
	for {
		n, err := stream.Read(buffer)
		if writeErr := r.write(r.marks.filter(buffer[:n])); writeErr != nil {
			return writeErr
		}
		if errors.Is(err, io.EOF) || err != nil && r.end.Known {
			return r.write(r.marks.rest())
		}
		if err != nil {
			return err
		}
	}
}

// write writes output; without a terminal its lines end as in files.
func (r *run) write(part []byte) error {
	if len(part) == 0 {
		return nil
	}
	if r.Size == nil {
		part = bytes.ReplaceAll(part, []byte("\r\n"), []byte("\n"))
	}
	if _, err := r.Out.Write(part); err != nil {
		return fmt.Errorf("writing the output: %w", err)
	}
	return nil
}

// send sends what the user types. Without a terminal, the end of it is Ctrl-D.
func (r *run) send(ctx context.Context) {
	select {
	case <-r.ready:
	case <-ctx.Done():
		return
	}
	if r.In == nil {
		return
	}
	buffer := make([]byte, 1024)
	within := false // a line
	for {
		n, err := r.In.Read(buffer)
		if n > 0 {
			within = !bytes.HasSuffix(buffer[:n], []byte("\n"))
			if _, writeErr := r.stream.Write(buffer[:n]); writeErr != nil {
				return
			}
		}
		if err != nil {
			break
		}
	}
	if r.Size == nil {
		keys := endKey
		if within {
			keys += endKey // the first one only ends the line
		}
		_, _ = r.stream.Write([]byte(keys)) // the session's end tells
	}
}

// resize tells the command how large the terminal is, now and when it changes.
func (r *run) resize(ctx context.Context) {
	if r.Size == nil {
		return
	}
	var was [2]int
	for clk := (clock.Wall{}); ; {
		columns, rows := r.Size()
		if now := [2]int{columns, rows}; now != was {
			was = now
			if r.session.Resize(ctx, columns, rows) != nil {
				return
			}
		}
		if clk.Sleep(ctx, resizeEvery) != nil {
			return
		}
	}
}

// interrupt sends Ctrl-C, and ends the session if the command goes on.
func (r *run) interrupt(ctx context.Context) {
	_, _ = r.stream.Write([]byte(interruptKey)) // the session ends in any case
	select {
	case <-r.ended:
	case <-time.After(endTime):
		r.session.Terminate(ctx)
	}
}
