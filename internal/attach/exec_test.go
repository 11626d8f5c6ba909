package attach

import (
	"bytes"
	"errors"
	"io"
	"testing"
)

// errLost is the end of a session whose connection broke.
var errLost = errors.New("the session has timed out")

// TestTheEndOfACommandCounts: once it is known, the end of the session is no failure,
// whatever that is; before, it is.
func TestTheEndOfACommandCounts(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		output string
		err    error
		end    End
		want   error
	}{
		"closed":                 {"out\x1eberth w 3\x1e", io.EOF, End{3, true}, nil},
		"lost after the end":     {"out\x1eberth w 0\x1e", errLost, End{0, true}, nil},
		"lost before the end":    {"out", errLost, End{}, errLost},
		"closed before the end":  {"out", io.EOF, End{}, nil},
		"lost within the mark":   {"out\x1eberth w 0", errLost, End{}, errLost},
		"another word's mark":    {"out\x1eberth v 0\x1e", errLost, End{}, errLost},
		"more after a known end": {"out\x1eberth w 0\x1e", io.ErrUnexpectedEOF, End{0, true}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var out bytes.Buffer
			r := &run{Command: Command{Out: &out}, ready: make(chan struct{}), ended: make(chan struct{})}
			r.marks = marks{word: "w", found: r.mark}
			err := r.copy(&lastly{tt.output, tt.err}, func() {})
			if !errors.Is(err, tt.want) || tt.want == nil && err != nil || r.end != tt.end {
				t.Errorf("end %+v, error %v; want %+v, %v", r.end, err, tt.end, tt.want)
			}
			if !bytes.HasPrefix(out.Bytes(), []byte("out")) {
				t.Errorf("the output is %q", out.String())
			}
		})
	}
}

// lastly reads a text, and then an error.
type lastly struct {
	text string
	err  error
}

func (l *lastly) Read(p []byte) (int, error) {
	if l.text == "" {
		return 0, l.err
	}
	n := copy(p, l.text)
	l.text = l.text[n:]
	return n, nil
}
