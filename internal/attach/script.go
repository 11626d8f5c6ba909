package attach

import (
	"bytes"
	"strings"
)

// ECS Exec gives no exit code, and everything runs on a terminal. A command therefore
// runs in a script that writes marks into its output: that the terminal is set, and the
// exit code. A mark is a text between two separators, with a word that no command knows.

// separator is the ASCII character for separating records.
const separator = '\x1e'

// longestMark bounds a mark: what is longer is output.
const longestMark = 128

// quote is a word for a shell.
func quote(word string) string { return "'" + strings.ReplaceAll(word, "'", `'\''`) + "'" }

// line is the command line that runs a script with arguments.
func line(script string, args ...string) string {
	words := []string{"sh", "-c", quote(script), "sh"}
	for _, a := range args {
		words = append(words, quote(a))
	}
	return strings.Join(words, " ")
}

// mark is a shell's command that writes a mark.
func mark(word, text string) string {
	return `printf '\036berth %s %s\036' ` + word + ` "` + text + `"`
}

// quietly sets the terminal so that what is sent is not shown, and lines end as they
// were written. An image without stty shows it, and berth leaves that out.
const quietly = `stty -echo -onlcr 2>/dev/null; `

// ours keeps the script alive after Ctrl-C, to say how the command ended.
const ours = `trap : INT QUIT 2>/dev/null; `

// wrapped is the command line that runs a command, and says its exit code.
func wrapped(word string, command []string, terminal bool) string {
	script := ours + mark(word, "ready") + `; "$@"; ` + mark(word, "$?")
	if !terminal {
		script = quietly + script
	}
	return line(script, command...)
}

// shell is what runs without a command: the best shell that the image has.
func shell() []string {
	return []string{"sh", "-c", "command -v bash >/dev/null 2>&1 && exec bash; exec sh"}
}

// marks takes the marks of a word out of a stream.
type marks struct {
	word string
	// held begins like a mark.
	held []byte
	// found is called for each mark.
	found func(text string)
}

// filter returns the output in a part of the stream.
func (m *marks) filter(part []byte) []byte {
	if len(m.held) == 0 && bytes.IndexByte(part, separator) < 0 {
		return part
	}
	var out []byte
	begin := []byte(string(separator) + "berth " + m.word + " ")
	for _, b := range part {
		if len(m.held) == 0 && b != separator {
			out = append(out, b)
			continue
		}
		m.held = append(m.held, b)
		n := min(len(m.held), len(begin))
		switch {
		case !bytes.Equal(m.held[:n], begin[:n]) || len(m.held) > longestMark:
			// It was output. Its last byte may begin a mark.
			out = append(out, m.held[:len(m.held)-1]...)
			m.held = m.held[:0]
			if b == separator {
				m.held = append(m.held, b)
			} else {
				out = append(out, b)
			}
		case b == separator && len(m.held) > len(begin):
			m.found(string(m.held[len(begin) : len(m.held)-1]))
			m.held = m.held[:0]
		}
	}
	return out
}

// rest is what was held back when the stream ended.
func (m *marks) rest() []byte { return m.held }
