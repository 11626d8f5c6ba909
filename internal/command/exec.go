package command

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"github.com/berthdev/berth/internal/attach"
	"github.com/berthdev/berth/internal/command/cli"
	"github.com/berthdev/berth/internal/command/render"
	"github.com/berthdev/berth/internal/interrupt"
	"github.com/berthdev/berth/internal/terminal"
)

func newExec(o *cli.Options) *cobra.Command {
	v := &execVerb{Opener: o.Opener()}
	c := &cobra.Command{
		Use:        "exec [flags] SERVICE [-- COMMAND...]",
		SuggestFor: []string{"ssh", "shell", "attach", "enter"},
		Short:      "Run a command in a container that runs",
		Long: `exec runs a command in a container of a service or job, or of a task by its id,
with ECS Exec; berth ends with the exit code of the command. Without COMMAND it
is a shell. What is needed is in docs/exec.md: x-berth: {exec: true}, and tasks
that were started since. The session-manager-plugin is not needed. On a
terminal, keys and the terminal's size go to the command; otherwise standard
input does, and the command's output and errors come out as one stream.`,
		Example: `  berth exec web
  berth exec web -- python manage.py shell
  berth -e prod exec --container proxy 3f9a61c2 -- cat /etc/nginx/nginx.conf`,
		Args: cobra.MinimumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			command, err := commandAfter(args[1:])
			if err != nil {
				return err
			}
			return v.exec(c.Context(), args[0], command)
		},
	}
	f := c.Flags()
	f.SetInterspersed(false) // what follows SERVICE belongs to the command
	f.StringVar(&v.container, "container", "", "another container of the task: a sidecar's name")
	f.BoolVar(&v.plain, "plain", false, "run COMMAND without a shell in the image; its exit code is then unknown")
	return c
}

// execVerb runs commands in containers.
type execVerb struct {
	*cli.Opener
	container string
	plain     bool
}

// execOutput is exec --json.
type execOutput struct {
	cli.Place
	Task      string `json:"task"`
	Container string `json:"container"`
	// ExitCode is missing if it is not known.
	ExitCode *int `json:"exit_code,omitempty"`
}

func (v *execVerb) exec(ctx context.Context, name string, command []string) error {
	if v.plain && len(command) == 0 {
		return errors.New("--plain needs a command: an image without a shell has none to start")
	}
	s, err := v.Open(ctx)
	if err != nil {
		return err
	}
	save := s.Saving()
	err = v.run(ctx, s, name, command)
	return errors.Join(err, save())
}

func (v *execVerb) run(ctx context.Context, s *cli.Session, name string, command []string) error {
	t, err := attach.Find(ctx, s.Project, name, v.container)
	if err != nil {
		return err
	}
	c := attach.Command{Words: command, Plain: v.plain, In: v.Streams.In, Out: terminal.Raw(v.Streams.Out), Lost: v.lost}
	if v.JSON {
		c.Out = terminal.Raw(v.Streams.Err)
	}
	restore, err := v.raw(&c)
	if err != nil {
		return err
	}
	var end attach.End
	v.Quietly(func() { end, err = attach.Exec(ctx, s.Project, t, c) })
	restore()
	if errors.Is(err, interrupt.Err) {
		return &cli.InterruptedError{Says: fmt.Sprintf("interrupted: the command in task %s got Ctrl-C", render.ShortID(t.Task))}
	}
	if err != nil {
		return err
	}
	return v.ended(execOutput{Place: s.Place(), Task: t.Task, Container: t.Container}, end)
}

// raw passes keys on as they are typed, if there is a terminal. The returned function
// gives it back.
func (v *execVerb) raw(c *attach.Command) (restore func(), err error) {
	in, ok := v.Streams.In.(*os.File)
	if !ok || v.JSON || !cli.IsTerminal(in) || !cli.IsTerminal(v.Streams.Out) {
		return func() {}, nil
	}
	c.Size = v.Size
	was, err := term.MakeRaw(int(in.Fd()))
	if err != nil {
		return nil, fmt.Errorf("setting the terminal: %w", err)
	}
	return func() {
		_ = term.Restore(int(in.Fd()), was) // there is nothing else to do about it
		_, _ = io.WriteString(c.Out, "\r")
	}, nil
}

func (v *execVerb) lost(err error) { sayBroken(v.Console, err, "\r") }

// sayBroken says that a session's connection broke or, without an error, that it is back.
func sayBroken(c *cli.Console, err error, end string) {
	if err != nil {
		c.Say("the connection broke: %v; connecting again%s", err, end)
		return
	}
	c.Say("connected again%s", end)
}

// ended ends with the command's exit code.
func (v *execVerb) ended(out execOutput, end attach.End) error {
	if end.Known {
		out.ExitCode = &end.Code
	}
	if v.JSON {
		if err := v.PrintJSON(out); err != nil {
			return err
		}
	}
	switch {
	case !end.Known && !v.plain:
		return &cli.ExitError{Code: cli.ExitFailed, Err: errors.New("the session ended before the command said how it did: its exit code is unknown")}
	case end.Code != 0:
		return &cli.ExitError{Code: end.Code}
	}
	return nil
}
