package command

import (
	"context"
	"errors"
	"fmt"
	"os"
	"regexp"
	"strings"
	"time"

	"github.com/docker/go-units"
	"github.com/spf13/cobra"

	"github.com/berthdev/berth/internal/app/capacity"
	"github.com/berthdev/berth/internal/command/cli"
	"github.com/berthdev/berth/internal/command/render"
	"github.com/berthdev/berth/internal/interrupt"
	"github.com/berthdev/berth/internal/oneoff"
	"github.com/berthdev/berth/internal/status"
	"github.com/berthdev/berth/internal/terminal"
)

func newRun(o *cli.Options) *cobra.Command {
	v := &runVerb{Opener: o.Opener()}
	c := &cobra.Command{
		Use:   "run [flags] SERVICE [-- COMMAND...]",
		Short: "Run a one-off task of a service or job, and show its output",
		Long: `run starts a task with the task definition, network and roles of a service or
job as they are deployed, and shows its output until it ends; berth ends with
the exit code of the command. The service's other tasks are not touched, and no
traffic goes to the new one. COMMAND replaces the image's command; the entry
point stays. Ctrl-C stops the task. Do not pass credentials with --var: AWS
shows the variables of a task to everyone who may describe it.`,
		Example: `  berth run web -- python manage.py migrate
  berth -e prod run --cpu 2 --memory 8g --var BATCH=7 worker -- ./import
  berth run --detach --count 3 worker`,
		Args: cobra.MinimumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			command, err := commandAfter(args[1:])
			if err != nil {
				return err
			}
			v.timeout = o.Timeout
			return v.run(c.Context(), args[0], command)
		},
	}
	f := c.Flags()
	f.SetInterspersed(false) // what follows SERVICE belongs to the command
	f.StringArrayVar(&v.vars, "var", nil, "variable of the task: NAME=VALUE, or NAME as it is in the shell; can be repeated")
	f.Float64Var(&v.cpu, "cpu", 0, "vCPU of the task (default the service's)")
	f.StringVar(&v.memory, "memory", "", "memory of the task, such as 512m or 4g (default the service's)")
	f.StringVar(&v.launch, "launch-type", "fargate", "fargate, or spot, which AWS may end at any time")
	f.IntVar(&v.count, "count", 1, "how many tasks to start, at most 10")
	f.BoolVarP(&v.detach, "detach", "d", false, "start the task and leave it running")
	complete(c, "launch-type", "fargate", "spot")
	return c
}

// commandAfter is the command in the arguments behind the service's name.
func commandAfter(args []string) ([]string, error) {
	switch {
	case len(args) == 0:
		return nil, nil
	case args[0] == "--" && len(args) == 1:
		return nil, errors.New("the command behind -- is missing")
	case args[0] == "--":
		return args[1:], nil
	case strings.HasPrefix(args[0], "-"):
		return nil, &cli.RemedyError{
			Err:    fmt.Errorf("%s stands behind the service's name", args[0]),
			Advice: "write flags of berth before the name, and -- before a command that begins with a dash",
		}
	}
	return args, nil
}

// runVerb runs one-off tasks.
type runVerb struct {
	*cli.Opener
	vars           []string
	cpu            float64
	memory, launch string
	count          int
	detach         bool
	timeout        time.Duration
}

// runOutput is run --json.
type runOutput struct {
	cli.Place
	// Definition is the revision of the task definition that ran.
	Definition string    `json:"task_definition"`
	Tasks      []runTask `json:"tasks"`
}

// runTask is one task in run --json; with --detach only its id is known.
type runTask struct {
	ID string `json:"id"`
	// ExitCode is missing if the container did not start.
	ExitCode *int      `json:"exit_code,omitempty"`
	Reason   string    `json:"reason,omitempty"`
	Started  time.Time `json:"started,omitzero"`
	Ended    time.Time `json:"ended,omitzero"`
}

func (v *runVerb) run(ctx context.Context, name string, command []string) error {
	req, err := v.request(name, command)
	if err != nil {
		return err
	}
	s, err := v.Open(ctx)
	if err != nil {
		return err
	}
	save := s.Saving()
	err = v.start(ctx, s, req)
	return errors.Join(err, save())
}

func (v *runVerb) start(ctx context.Context, s *cli.Session, req oneoff.Request) error {
	r, err := oneoff.Start(ctx, s.Project, req, v.Observer())
	if err != nil {
		return err
	}
	for _, id := range r.Tasks {
		v.Say("%s: task %s of %s", req.Name, render.ShortID(id), r.Definition)
	}
	for _, why := range r.Refused {
		v.Say("ECS did not start one of the tasks: %s", why)
	}
	out := runOutput{Place: s.Place(), Definition: r.Definition}
	if v.detach {
		for _, id := range r.Tasks {
			out.Tasks = append(out.Tasks, runTask{ID: id})
		}
		if v.JSON {
			return v.PrintJSON(out)
		}
		for _, id := range r.Tasks {
			v.Print("%s", id)
		}
		v.Say("`berth logs -f %s` shows the output, `berth stop %s` stops it", req.Name, render.ShortID(r.Tasks[0]))
		return nil
	}
	var ends []oneoff.End
	v.Quietly(func() { ends, err = r.Wait(ctx, v.timeout, v.printer(len(r.Tasks) > 1), v.progress) })
	if errors.Is(err, interrupt.Err) || errors.Is(err, context.Canceled) {
		return v.interrupted(ctx, r)
	}
	if err != nil {
		return err
	}
	return v.ended(out, ends)
}

// request is what the flags ask for.
func (v *runVerb) request(name string, command []string) (oneoff.Request, error) {
	req := oneoff.Request{Name: name, Command: command, Count: v.count}
	var bytes int64
	if v.memory != "" {
		var err error
		if bytes, err = units.RAMInBytes(v.memory); err != nil || bytes <= 0 {
			return req, fmt.Errorf("--memory %q is not a size such as 512m or 4g", v.memory)
		}
	}
	if v.cpu < 0 || v.count < 1 {
		return req, errors.New("--cpu and --count must be above zero")
	}
	req.Size = capacity.Of(v.cpu, bytes)
	switch v.launch {
	case "fargate":
	case "spot":
		req.Spot = true
	default:
		return req, fmt.Errorf("--launch-type %s is not possible: write fargate or spot", v.launch)
	}
	var err error
	req.Variables, err = variables(v.vars)
	return req, err
}

// variables reads NAME=VALUE, and takes the value of a NAME alone from the shell.
func variables(list []string) (map[string]string, error) {
	form := regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_.-]*$`)
	out := map[string]string{}
	for _, text := range list {
		name, value, given := strings.Cut(text, "=")
		if !form.MatchString(name) {
			return nil, fmt.Errorf("--var: %q is not the name of a variable", name)
		}
		if !given {
			if value, given = os.LookupEnv(name); !given {
				return nil, fmt.Errorf("--var %s: the shell has no such variable", name)
			}
		}
		out[name] = value
	}
	return out, nil
}

// printer writes the lines of the tasks: as they are or, if there are several tasks,
// with the task's id. With --json they are talk.
func (v *runVerb) printer(several bool) func(status.Line) error {
	out := terminal.Raw(v.Streams.Out)
	if v.JSON {
		out = terminal.Raw(v.Streams.Err)
	}
	return func(l status.Line) error {
		prefix := ""
		if several {
			prefix = render.ShortID(l.Task) + " | "
		}
		_, err := fmt.Fprintf(out, "%s%s\n", prefix, terminal.Clean(printable(l.Text)))
		return err
	}
}

// progress says on a terminal what a task is waiting for before it runs.
func (v *runVerb) progress(task, state string) {
	if cli.IsTerminal(v.Streams.Err) && !v.JSON && state != "stopped" {
		v.Say("task %s is %s", render.ShortID(task), state)
	}
}

// interrupted stops the tasks after Ctrl-C.
func (v *runVerb) interrupted(ctx context.Context, r *oneoff.Run) error {
	if err := r.Stop(ctx, "stopped by Ctrl-C in berth run"); err != nil {
		return fmt.Errorf("interrupted; the task may still run: %w", err)
	}
	short := make([]string, len(r.Tasks))
	for i, id := range r.Tasks {
		short[i] = render.ShortID(id)
	}
	return &cli.InterruptedError{Says: "interrupted: stopping task " + strings.Join(short, ", ")}
}

// ended says how the tasks ended, and ends with the command's exit code: the first
// that is not 0.
func (v *runVerb) ended(out runOutput, ends []oneoff.End) error {
	code := 0
	var failed []string
	for _, e := range ends {
		task := runTask{ID: e.Task, Reason: e.Why, Started: e.Began, Ended: e.Exited}
		if e.Known {
			task.ExitCode = &e.Code
		}
		out.Tasks = append(out.Tasks, task)
		switch {
		case !e.Known:
			failed = append(failed, fmt.Sprintf("task %s: %s", render.ShortID(e.Task), e.Why))
		case code == 0:
			code = e.Code
		}
	}
	if v.JSON {
		if err := v.PrintJSON(out); err != nil {
			return err
		}
	}
	if len(failed) > 0 {
		return &cli.ExitError{Code: cli.ExitUnhealthy, Err: errors.New(strings.Join(failed, "\n"))}
	}
	if code != 0 {
		return &cli.ExitError{Code: code}
	}
	return nil
}
