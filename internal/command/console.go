package command

import (
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/spf13/pflag"
	"golang.org/x/term"

	"github.com/berthdev/berth/internal/app"
	"github.com/berthdev/berth/internal/progress"
	"github.com/berthdev/berth/internal/project"
	"github.com/berthdev/berth/internal/terminal"
)

// console holds the streams that a verb reads from and writes to, and the flags about them.
type console struct {
	streams Streams

	json    bool
	yes     bool
	noColor bool
	debug   bool

	// unwritten is why data could not be written, for example a full disk.
	unwritten error

	stopping
}

func (c *console) register(f *pflag.FlagSet) {
	f.BoolVar(&c.json, "json", false, "print JSON")
	f.BoolVarP(&c.yes, "yes", "y", false, "do not ask")
	f.BoolVar(&c.noColor, "no-color", false, "no colours (also NO_COLOR)")
	f.BoolVar(&c.debug, "debug", false, "print every AWS call")
}

// interactive reports whether there is a terminal to answer a question on.
func (c *console) interactive() bool { return isTerminal(c.streams.In) && isTerminal(c.streams.Err) }

// live reports whether progress can be redrawn in place.
func (c *console) live() bool {
	return isTerminal(c.streams.Err) && os.Getenv("TERM") != "dumb" && !c.json
}

// color reports whether w shows colours.
func (c *console) color(w any) bool {
	return isTerminal(w) && !c.noColor && os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb"
}

// size returns the terminal's columns and rows, or 80 by 24.
func (c *console) size() (columns, rows int) {
	if f, ok := terminal.Raw(c.streams.Err).(*os.File); ok {
		if columns, rows, err := term.GetSize(int(f.Fd())); err == nil && columns > 0 && rows > 0 {
			return columns, rows
		}
	}
	return 80, 24
}

func isTerminal(stream any) bool {
	if w, ok := stream.(io.Writer); ok {
		stream = terminal.Raw(w)
	}
	f, ok := stream.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}

// say writes a line of talk: above the progress, if that is shown; with --json as
// one of its lines.
func (c *console) say(format string, args ...any) {
	if show := c.shown(); show != nil {
		show.Say(fmt.Sprintf(format, args...))
		return
	}
	if c.json {
		progress.New(progress.Options{Out: c.streams.Err, Mode: progress.JSON}).Say(fmt.Sprintf(format, args...))
		return
	}
	text := fmt.Sprintf(format, args...)
	if isTerminal(c.streams.Err) {
		columns, _ := c.size()
		text = terminal.Wrap(text, columns)
	}
	_, _ = fmt.Fprintln(c.streams.Err, text)
}

// print writes a line of data.
func (c *console) print(format string, args ...any) {
	if _, err := fmt.Fprintf(c.streams.Out, format+"\n", args...); err != nil && c.unwritten == nil {
		c.unwritten = fmt.Errorf("writing the output: %w", err)
	}
}

// printNotices writes notices, sorted by their place in the files.
func (c *console) printNotices(list []app.Notice) {
	list = slices.Clone(list)
	for _, n := range project.SortNotices(list) {
		c.say("note: %s", terminal.Line(n.String()))
	}
}

// confirm asks a question; without a terminal it tells the user to pass --yes.
func (c *console) confirm(question string) error {
	if c.yes {
		return nil
	}
	if !c.interactive() {
		return &remedyError{err: errors.New("this question needs an answer, and there is no terminal to ask on: " + question), remedy: "pass --yes"}
	}
	answer, err := c.ask(question + " [y/N] ")
	if err != nil {
		return err
	}
	if a := strings.ToLower(answer); a != "y" && a != "yes" {
		return &exitError{code: exitFailed, err: errors.New("nothing was changed")}
	}
	return nil
}

// askName asks until the end of the line, and accepts the name only.
func (c *console) askName(question, name string) error {
	answer, err := c.ask(question)
	if err != nil {
		return err
	}
	if answer != name {
		return &exitError{code: exitFailed, err: errors.New("nothing was changed")}
	}
	return nil
}

// ask asks a question and returns the line of its answer, without blanks around
// it.
func (c *console) ask(question string) (string, error) {
	_, _ = fmt.Fprint(c.streams.Err, question)
	answer, err := c.uninterrupted(func() (string, error) {
		line, ended, err := readLine(c.streams.In)
		if !ended && err == nil {
			_, _ = fmt.Fprintln(c.streams.Err) // after Ctrl-D the cursor is still behind the question
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
