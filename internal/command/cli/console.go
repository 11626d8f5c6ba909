package cli

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/pflag"
	"golang.org/x/term"

	"github.com/berthdev/berth/internal/progress"
	"github.com/berthdev/berth/internal/terminal"
)

// Console holds the streams that a verb reads from and writes to, and the flags about them.
type Console struct {
	Streams Streams

	JSON    bool
	Yes     bool
	noColor bool
	Debug   bool

	// Unwritten is why data could not be written, for example a full disk.
	Unwritten error

	// flags are those that every verb has; nil before they are registered.
	flags *pflag.FlagSet

	stopping
	noticed
}

func (c *Console) register(f *pflag.FlagSet) {
	f.BoolVar(&c.JSON, "json", false, "print JSON")
	f.BoolVarP(&c.Yes, "yes", "y", false, "do not ask")
	f.BoolVar(&c.noColor, "no-color", false, "no colours (also NO_COLOR)")
	f.BoolVar(&c.Debug, "debug", false, "print every AWS call")
}

// Interactive reports whether there is a terminal to answer a question on.
func (c *Console) Interactive() bool { return IsTerminal(c.Streams.In) && IsTerminal(c.Streams.Err) }

// live reports whether progress can be redrawn in place.
func (c *Console) live() bool {
	return IsTerminal(c.Streams.Err) && os.Getenv("TERM") != "dumb" && !c.JSON
}

// Color reports whether w shows colours.
func (c *Console) Color(w any) bool {
	return IsTerminal(w) && !c.noColor && os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb"
}

// Size returns the terminal's columns and rows, or 80 by 24.
func (c *Console) Size() (columns, rows int) { return sizeOf(c.Streams.Err) }

// Columns is the width of a stream if it is a terminal, or 80.
func Columns(w io.Writer) int {
	columns, _ := sizeOf(w)
	return columns
}

func sizeOf(w io.Writer) (columns, rows int) {
	if f, ok := terminal.Raw(w).(*os.File); ok {
		if columns, rows, err := term.GetSize(int(f.Fd())); err == nil && columns > 0 && rows > 0 {
			return columns, rows
		}
	}
	return 80, 24
}

// IsTerminal reports whether a stream, cleaned or not, is a terminal.
func IsTerminal(stream any) bool {
	if w, ok := stream.(io.Writer); ok {
		stream = terminal.Raw(w)
	}
	f, ok := stream.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}

// Say writes a line of talk: above the progress, if that is shown; with --json as
// one of its lines.
func (c *Console) Say(format string, args ...any) {
	text := c.InFull(fmt.Sprintf(format, args...))
	if show := c.shown(); show != nil {
		show.Say(text)
		return
	}
	if c.JSON {
		progress.New(progress.Options{Out: c.Streams.Err, Mode: progress.JSON}).Say(text)
		return
	}
	if IsTerminal(c.Streams.Err) {
		columns, _ := c.Size()
		text = terminal.Wrap(text, columns)
	}
	_, _ = fmt.Fprintln(c.Streams.Err, text)
}

// Print writes a line of data.
func (c *Console) Print(format string, args ...any) {
	if _, err := fmt.Fprintf(c.Streams.Out, format+"\n", args...); err != nil && c.Unwritten == nil {
		c.Unwritten = fmt.Errorf("writing the output: %w", err)
	}
}

// confirm asks a question; without a terminal it tells the user to pass --yes.
func (c *Console) confirm(question string) error {
	if c.Yes {
		return nil
	}
	if !c.Interactive() {
		return &RemedyError{Err: errors.New("this question needs an answer, and there is no terminal to ask on: " + question), Advice: "pass --yes"}
	}
	answer, err := c.ask(question + " [y/N] ")
	if err != nil {
		return err
	}
	if a := strings.ToLower(answer); a != "y" && a != "yes" {
		return &ExitError{Code: ExitFailed, Err: errors.New("nothing was changed")}
	}
	return nil
}

// askName asks until the end of the line, and accepts the name only.
func askName(c *Console, question, name string) error {
	answer, err := c.ask(question)
	if err != nil {
		return err
	}
	switch answer {
	case name:
		return nil
	case "":
		return &ExitError{Code: ExitFailed, Err: errors.New("no name was typed: nothing was changed")}
	}
	return &ExitError{Code: ExitFailed, Err: fmt.Errorf("%q is not the name, which is %s: nothing was changed", answer, name)}
}

// ask asks a question and returns the line of its answer, without blanks around
// it.
func (c *Console) ask(question string) (string, error) {
	_, _ = fmt.Fprint(c.Streams.Err, question)
	answer, err := c.Uninterrupted(func() (string, error) {
		line, ended, err := readLine(c.Streams.In)
		if !ended && err == nil {
			_, _ = fmt.Fprintln(c.Streams.Err) // after Ctrl-D the cursor is still behind the question
		}
		return line, err
	})
	if err != nil {
		return "", fmt.Errorf("reading the answer: %w", err)
	}
	return strings.TrimSpace(answer), nil
}

// readLine reads a line byte by byte, so that what follows the line stays unread.
// ended is false if the input ended before the line did.
func readLine(r io.Reader) (text string, ended bool, err error) {
	var line []byte
	for b := make([]byte, 1); len(line) < 1024; {
		n, err := r.Read(b)
		if n == 1 && b[0] == '\n' {
			return string(line), true, nil
		}
		line = append(line, b[:n]...)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return "", false, err
		}
	}
	return string(line), false, nil
}
