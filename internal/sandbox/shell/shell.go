package shell

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"mvdan.cc/sh/v3/expand"
	"mvdan.cc/sh/v3/interp"
	"mvdan.cc/sh/v3/shell"
	"mvdan.cc/sh/v3/syntax"

	"github.com/berthdev/berth/internal/concurrent"
)

// Container is where a command runs.
type Container struct {
	// Host is its host name, Variables its environment as NAME=VALUE.
	Host      string
	Variables []string
	Files     *Files
	// Bare says that the image has no shell and no programs besides its own.
	Bare bool
}

// Console is the terminal of a session: what is typed and what is shown.
type Console interface {
	io.Reader
	io.Writer
	Size() (columns, rows int)
}

// StartError says that a command could not be started, as the agent of ECS Exec says
// it: https://github.com/aws/containers-roadmap/issues/1359 has such outputs.
type StartError struct{ Program, Why string }

func (e *StartError) Error() string {
	return fmt.Sprintf("----------ERROR-------\nUnable to start command: Failed to start pty: fork/exec %s: %s", e.Program, e.Why)
}

// Run runs a command in a container until it ends. As in ECS Exec, its exit code is
// shown to nobody. The error says that it could not be started.
func Run(ctx context.Context, c Container, command string, console Console) error {
	words, err := shell.Fields(command, func(string) string { return "" })
	if err != nil || len(words) == 0 {
		return &StartError{command, "no such file or directory"}
	}
	if c.Bare || !isShell(words[0]) && programNamed(base(words[0])) == nil {
		return &StartError{words[0], "no such file or directory"}
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	p := &process{c: c, tty: newTerminal(console, cancel)}
	go func() { _ = concurrent.Safely(func() error { p.tty.read(); return nil }) }()
	_, err = p.start(ctx, words, p.tty, p.tty, p.tty)
	return err
}

// process is what runs on one terminal.
type process struct {
	c   Container
	tty *terminal
}

func isShell(program string) bool {
	return slices.Contains([]string{"sh", "bash", "ash", "dash"}, base(program))
}

// start runs a program and returns its exit code.
func (p *process) start(ctx context.Context, words []string, in io.Reader, out, errs io.Writer) (int, error) {
	if !isShell(words[0]) {
		return p.program(ctx, words, in, out, errs)
	}
	args := words[1:]
	for len(args) > 0 && strings.HasPrefix(args[0], "-") && args[0] != "-c" {
		args = args[1:]
	}
	switch {
	case len(args) >= 2 && args[0] == "-c":
		name := "sh"
		if len(args) > 2 {
			name = args[2]
		}
		return p.script(ctx, args[1], name, args[min(3, len(args)):], in, out, errs)
	case in == io.Reader(p.tty):
		return p.talk(ctx)
	}
	text, err := io.ReadAll(in)
	if err != nil {
		return 1, err
	}
	return p.script(ctx, string(text), "sh", nil, in, out, errs)
}

// script runs the text of a script.
func (p *process) script(ctx context.Context, text, name string, params []string, in io.Reader, out, errs io.Writer) (int, error) {
	parsed, err := syntax.NewParser(syntax.Variant(syntax.LangPOSIX)).Parse(strings.NewReader(text), name)
	if err != nil {
		_, _ = fmt.Fprintln(errs, err) // what the terminal does not take is lost
		return 2, nil
	}
	if in == io.Reader(p.tty) && !reads(parsed) {
		in = nil
	}
	r, err := p.runner(in, out, errs, params)
	if err != nil {
		return 1, err
	}
	return code(r.Run(ctx, parsed)), nil
}

// reads says whether a script itself reads its input. The interpreter takes all of the
// input that it is given, which the programs of the script would then miss: they have the
// terminal instead.
func reads(script *syntax.File) bool {
	found := false
	syntax.Walk(script, func(n syntax.Node) bool {
		if c, ok := n.(*syntax.CallExpr); ok && len(c.Args) > 0 && c.Args[0].Lit() == "read" {
			found = true
		}
		return !found
	})
	return found
}

// talk reads lines from the terminal and runs them.
func (p *process) talk(ctx context.Context) (int, error) {
	r, err := p.runner(nil, p.tty, p.tty, nil)
	if err != nil {
		return 1, err
	}
	last := 0
	for !r.Exited() && ctx.Err() == nil {
		_, _ = io.WriteString(p.tty, "# ")
		line, ok := p.tty.line()
		if !ok {
			break
		}
		parsed, err := syntax.NewParser(syntax.Variant(syntax.LangPOSIX)).Parse(strings.NewReader(line), "sh")
		if err != nil {
			_, _ = fmt.Fprintln(p.tty, err)
			continue
		}
		running, cancel := context.WithCancel(ctx)
		p.tty.interrupts(cancel)
		last = code(r.Run(running, parsed))
		p.tty.interrupts(nil)
		cancel()
	}
	return last, nil
}

func (p *process) runner(in io.Reader, out, errs io.Writer, params []string) (*interp.Runner, error) {
	r, err := interp.New(
		interp.Env(expand.ListEnviron(append([]string{"PATH=/bin", "HOME=/root", "TERM=xterm-256color"}, p.c.Variables...)...)),
		interp.Dir("/"),
		interp.StdIO(in, out, errs),
		interp.Params(append([]string{"--"}, params...)...),
		interp.ExecHandlers(func(interp.ExecHandlerFunc) interp.ExecHandlerFunc { return p.exec }),
		interp.OpenHandler(p.c.Files.open),
		interp.StatHandler(p.c.Files.stat),
		interp.ReadDirHandler2(p.c.Files.readDir),
		interp.AccessHandler(func(ctx context.Context, path string, _ interp.AccessMode) error {
			_, err := p.c.Files.stat(ctx, path, true)
			return err
		}),
	)
	if err != nil {
		return nil, fmt.Errorf("starting the sandbox's shell: %w", err)
	}
	return r, nil
}

// exec runs a program for a script.
func (p *process) exec(ctx context.Context, args []string) error {
	h := interp.HandlerCtx(ctx)
	in := h.Stdin
	if f, is := in.(*os.File); in == nil || is && f == nil {
		in = p.tty
	}
	status, err := p.start(ctx, args, in, h.Stdout, h.Stderr)
	if ctx.Err() != nil {
		return interp.ExitStatus(130)
	}
	if err != nil {
		_, _ = fmt.Fprintf(h.Stderr, "%s: %v\n", args[0], err)
		return interp.ExitStatus(1)
	}
	if status != 0 {
		return interp.ExitStatus(min(status, 255))
	}
	return nil
}

func code(err error) int {
	var status interp.ExitStatus
	switch {
	case err == nil:
		return 0
	case errors.As(err, &status):
		return int(status)
	case errors.Is(err, context.Canceled):
		return 130
	}
	return 1
}

func base(path string) string { return path[strings.LastIndexByte(path, '/')+1:] }
