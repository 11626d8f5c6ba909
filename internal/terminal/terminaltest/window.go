// Package terminaltest is a terminal for tests: it shows what a user would see.
package terminaltest

import (
	"strconv"
	"strings"
	"sync"
)

// Window is a terminal that knows what a live tree sends: it wraps lines that are
// too long, and wraps them anew when its width changes, as terminals do. Its
// characters are one column wide.
type Window struct {
	mu            sync.Mutex
	columns, rows int
	// lines are what was written between line feeds; the cursor is at the end of the
	// last one.
	lines []string
	// unknown is what it was sent and does not know.
	unknown []string
}

// Size is the window's size.
func (w *Window) Size() (columns, rows int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.columns, w.rows
}

// Resize changes the size.
func (w *Window) Resize(columns, rows int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.columns, w.rows = columns, rows
}

// Write implements io.Writer.
func (w *Window) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.lines) == 0 {
		w.lines = []string{""}
	}
	for text := string(p); text != ""; {
		text = w.take(text)
	}
	return len(p), nil
}

// take obeys the first character or sequence of a text, and returns the rest.
func (w *Window) take(text string) string {
	last := len(w.lines) - 1
	sequence, ok := strings.CutPrefix(text, "\x1b[")
	if !ok {
		r := []rune(text)[0]
		switch r {
		case '\n':
			w.lines = append(w.lines, "")
		case '\r':
			if w.lines[last] != "" {
				w.unknown = append(w.unknown, "a carriage return behind "+w.lines[last])
			}
		default:
			w.lines[last] += string(r)
		}
		return text[len(string(r)):]
	}
	end := strings.IndexFunc(sequence, func(r rune) bool { return r >= '@' })
	switch argument := sequence[:end]; sequence[end] {
	case 'A':
		n, _ := strconv.Atoi(argument)
		w.up(max(n, 1))
	case 'J', 'm': // up has erased; colours take no place
	default:
		w.unknown = append(w.unknown, sequence[:end+1])
	}
	return sequence[end+1:]
}

// up moves the cursor up by rows on the screen, no further than to the top, and
// erases what is below: the tree does that next. It stays in column 0.
func (w *Window) up(n int) {
	rows := 1
	for i := len(w.lines) - 1; i > 0 && n > 0 && rows < w.rows; i-- {
		above := w.height(w.lines[i-1])
		if above > n { // into the middle of a wrapped line
			w.lines[i-1] = string([]rune(w.lines[i-1])[:(above-n)*w.columns])
			w.lines = append(w.lines[:i], "")
			return
		}
		n, rows = n-above, rows+above
		w.lines = append(w.lines[:i-1], "")
	}
}

// height is the number of rows that a line takes.
func (w *Window) height(line string) int {
	return 1 + max(len([]rune(line))-1, 0)/w.columns
}

// String returns the window's lines, those above its top included.
func (w *Window) String() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return strings.Join(w.lines, "\n")
}

// New returns an empty window.
func New(columns, rows int) *Window { return &Window{columns: columns, rows: rows} }

// Unknown is what the window was sent and does not know.
func (w *Window) Unknown() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.unknown
}
