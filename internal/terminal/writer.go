package terminal

import (
	"io"
	"slices"
	"sync"
	"unicode/utf8"
)

// Writer cleans what is written to it and passes it on. It is safe for
// concurrent use if what it writes to is.
type Writer struct {
	out io.Writer
	mu  sync.Mutex
	// rest is the beginning of a character whose end has not been written yet.
	rest []byte
	// failed is the first error of a write.
	failed error
}

// NewWriter returns a Writer to out.
func NewWriter(out io.Writer) *Writer { return &Writer{out: out} }

// Raw is what the Writer writes to, for output that draws.
func (w *Writer) Raw() io.Writer { return w.out }

// Write implements io.Writer. It reports all of p as written unless the write
// fails: what comes out may be longer.
func (w *Writer) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	text := slices.Concat(w.rest, p)
	cut := unfinished(text)
	w.rest = text[cut:]
	if _, err := io.WriteString(w.out, Clean(string(text[:cut]))); err != nil {
		if w.failed == nil {
			w.failed = err
		}
		return 0, err
	}
	return len(p), nil
}

// Err is the first error of a write; many callers, such as those that print a help,
// do not look at it.
func (w *Writer) Err() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.failed
}

// Raw is what a stream writes to: behind a Writer, or the stream itself.
func Raw(stream io.Writer) io.Writer {
	if w, ok := stream.(*Writer); ok {
		return w.Raw()
	}
	return stream
}

// unfinished is where an incomplete character at the end of the text begins; the
// text's length if the last one is complete.
func unfinished(text []byte) int {
	for i := len(text) - 1; i >= 0 && i >= len(text)-utf8.UTFMax; i-- {
		if utf8.RuneStart(text[i]) {
			if !utf8.FullRune(text[i:]) {
				return i
			}
			break
		}
	}
	return len(text)
}
