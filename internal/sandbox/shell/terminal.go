package shell

import (
	"context"
	"errors"
	"io"
	"strings"
	"sync"
)

// The keys that a terminal acts on.
const (
	interruptKey = 3
	endKey       = 4
	deleteKey    = 127
	returnKey    = '\r'
)

// maxLine is the longest line that a terminal takes; Linux's takes as much.
const maxLine = 4095

// terminal is a terminal as Linux has it: it shows what is typed, hands on whole lines,
// ends the input after Ctrl-D at the begin of one, and interrupts after Ctrl-C.
type terminal struct {
	console Console
	lines   chan string
	rest    string

	mu        sync.Mutex
	echo, raw bool
	crlf      bool
	interrupt context.CancelFunc
	hangUp    context.CancelFunc
}

func newTerminal(c Console, hangUp context.CancelFunc) *terminal {
	return &terminal{console: c, lines: make(chan string, 1024), echo: true, crlf: true, hangUp: hangUp}
}

// interrupts says what Ctrl-C ends; nil ends everything on the terminal.
func (t *terminal) interrupts(f context.CancelFunc) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.interrupt = f
}

// read takes what is typed, until the session ends.
func (t *terminal) read() {
	var line []byte
	defer close(t.lines)
	b := make([]byte, 4096)
	for {
		n, err := t.console.Read(b)
		for _, key := range b[:n] {
			line = t.key(line, key)
		}
		if err != nil {
			if !errors.Is(err, io.ErrClosedPipe) {
				t.hangUp()
			}
			return
		}
	}
}

// key takes one key, and returns the line so far.
func (t *terminal) key(line []byte, key byte) []byte {
	t.mu.Lock()
	echo, raw, interrupt := t.echo, t.raw, t.interrupt
	t.mu.Unlock()
	if raw {
		t.lines <- string(key)
		return nil
	}
	switch key {
	case returnKey, '\n':
		if echo {
			_, _ = t.Write([]byte("\n"))
		}
		t.lines <- string(line) + "\n"
		return nil
	case endKey:
		t.lines <- string(line) // an empty one is the end
		return nil
	case interruptKey:
		_, _ = t.Write([]byte("^C\n"))
		if interrupt == nil {
			t.hangUp()
		} else {
			interrupt()
		}
		return nil
	case deleteKey:
		if len(line) > 0 {
			line = line[:len(line)-1]
			_, _ = t.Write([]byte("\b \b"))
		}
		return line
	}
	if echo {
		_, _ = t.Write([]byte{key})
	}
	if len(line) < maxLine {
		line = append(line, key)
	}
	return line
}

// Read implements io.Reader: a line, or io.EOF after Ctrl-D.
func (t *terminal) Read(p []byte) (int, error) {
	if t.rest == "" {
		line, ok := <-t.lines
		if !ok || line == "" {
			return 0, io.EOF
		}
		t.rest = line
	}
	n := copy(p, t.rest)
	t.rest = t.rest[n:]
	return n, nil
}

// line reads a line without its end; false after Ctrl-D.
func (t *terminal) line() (string, bool) {
	line, ok := <-t.lines
	return strings.TrimSuffix(line, "\n"), ok && line != ""
}

// Write implements io.Writer.
func (t *terminal) Write(p []byte) (int, error) {
	t.mu.Lock()
	crlf := t.crlf
	t.mu.Unlock()
	shown := string(p)
	if crlf {
		shown = strings.ReplaceAll(shown, "\n", "\r\n")
	}
	if _, err := io.WriteString(t.console, shown); err != nil {
		return 0, err
	}
	return len(p), nil
}

// set changes how the terminal works, as stty does; false says that there is no such
// setting.
func (t *terminal) set(word string) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	on := !strings.HasPrefix(word, "-")
	switch strings.TrimPrefix(word, "-") {
	case "echo":
		t.echo = on
	case "onlcr", "opost":
		t.crlf = on
	case "icanon":
		t.raw = !on
	case "raw":
		t.raw, t.crlf = on, !on
	default:
		return false
	}
	return true
}
