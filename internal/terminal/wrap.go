package terminal

import (
	"io"
	"strings"

	"github.com/charmbracelet/x/ansi"
)

// leastColumns is the narrowest terminal that text is wrapped for.
const leastColumns = 30

// Wrap breaks the lines of a text between words, so that they fit into a terminal of
// that many columns. What continues a line is indented by two columns more than the
// line. A word that is longer than a line, such as a URL, stays whole.
func Wrap(text string, columns int) string {
	if columns < leastColumns {
		return text
	}
	var out strings.Builder
	for line := range strings.Lines(text) {
		body := strings.TrimSuffix(line, "\n")
		if ansi.StringWidth(body) > columns {
			words := strings.TrimLeft(body, " ")
			indent := body[:len(body)-len(words)]
			body = indent + strings.Join(Fold(words, columns-len(indent)-2), "\n  "+indent)
		}
		out.WriteString(body)
		if strings.HasSuffix(line, "\n") {
			out.WriteByte('\n')
		}
	}
	return out.String()
}

// Fold breaks a line between words into lines of at most that many columns. A hyphen is
// a part of its word, which may be a name; a word that is too long has a line of its own.
func Fold(line string, columns int) []string {
	var lines []string
	for i, word := range strings.Split(line, " ") {
		last := len(lines) - 1
		if i > 0 && ansi.StringWidth(lines[last])+1+ansi.StringWidth(word) <= columns {
			lines[last] += " " + word
		} else {
			lines = append(lines, word)
		}
	}
	return lines
}

// Wrapping returns a writer that wraps every text that it is given.
func Wrapping(w io.Writer, columns int) io.Writer { return wrapping{w, columns} }

type wrapping struct {
	out     io.Writer
	columns int
}

// Write implements io.Writer.
func (w wrapping) Write(p []byte) (int, error) {
	if _, err := io.WriteString(w.out, Wrap(string(p), w.columns)); err != nil {
		return 0, err
	}
	return len(p), nil
}
