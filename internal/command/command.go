package command

import (
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/spf13/cobra"

	"github.com/berthdev/berth/internal/command/habits"
	"github.com/berthdev/berth/internal/command/help"
	"github.com/berthdev/berth/internal/concurrent"
	"github.com/berthdev/berth/internal/interrupt"
	"github.com/berthdev/berth/internal/terminal"
)

// Streams are what a command reads and writes: data on Out, talk on Err. Main
// cleans both: a text from a file, from AWS or from the bucket cannot drive the
// terminal.
type Streams struct {
	In       io.Reader
	Out, Err io.Writer
}

// Build says what was built.
type Build struct{ Version, Commit, Date string }

// The exit codes; with interrupt.ExitCode these are all. docs/exit-codes.md explains
// them.
const (
	exitDone      = 0
	exitFailed    = 1
	exitChanges   = 2
	exitUnhealthy = 3
)

// exitError makes berth end with this exit code; without err nothing more is printed.
type exitError struct {
	code int
	err  error
}

func (e *exitError) Error() string {
	if e.err == nil {
		return fmt.Sprintf("exit code %d", e.code)
	}
	return e.err.Error()
}

func (e *exitError) Unwrap() error { return e.err }

// verbs are all commands, in the order of the help. Each is a file.
func verbs(o *options) []*cobra.Command {
	return []*cobra.Command{
		newUp(o), newPlan(o), newDown(o), newRestart(o), newPs(o), newLogs(o), newHistory(o), newOpen(o), newLs(o),
		newSecret(o), newInfra(o), newDNS(o), newConfig(o), newGraph(o), newAuth(o), newUnlock(o), newVersion(o),
		newOperator(o),
	}
}

// Main runs berth and returns the exit code.
func Main(args []string, s Streams, b Build) int {
	s.Out, s.Err = terminal.NewWriter(s.Out), terminal.NewWriter(s.Err)
	quietLibraries()
	o := newOptions(s, b)
	ctx, cancel := interrupt.Context(o.console.sayStopping)
	defer cancel()
	o.console.interrupted = ctx.Done()
	root := newRoot(o)
	root.SetArgs(habits.FollowLogs(args, root.PersistentFlags()))
	err := concurrent.Safely(func() error { return root.ExecuteContext(ctx) })
	var mistake *concurrent.PanicError
	if o.console.debug && errors.As(err, &mistake) {
		o.console.say("%s", mistake.Stack)
	}
	if err == nil {
		err = o.console.unwritten
	}
	if o.console.json || slices.Contains(args, "--json") { // a mistake before it keeps it from being read
		return reportJSON(s.Err, err)
	}
	errs := s.Err
	if isTerminal(errs) {
		columns, _ := o.console.size()
		errs = terminal.Wrapping(errs, columns)
	}
	return report(errs, err)
}

func newRoot(o *options) *cobra.Command {
	root := &cobra.Command{
		Use:   "berth",
		Short: "Run Compose files on AWS ECS and Fargate",
		Long: `berth runs the Compose file that you have on AWS ECS and Fargate,
in your own account: no hosted control plane, no CloudFormation, no state file.

  berth plan                what would change, and why
  berth up                  make these changes
  berth --sandbox up        the same on a modelled AWS, without an AWS account
  berth down                delete everything again

Exit codes: 0 done, 1 failed, 2 changes are pending (plan --exit-code),
3 a service did not become healthy or a job failed, 130 interrupted.
See docs/exit-codes.md.`,
		SilenceUsage: true, SilenceErrors: true,
		PersistentPreRunE: func(c *cobra.Command, _ []string) error { return o.check(c) },
	}
	o.register(root.PersistentFlags())
	root.SetIn(o.console.streams.In)
	root.SetOut(o.console.streams.Out)
	root.SetErr(o.console.streams.Err)
	root.AddCommand(verbs(o)...)
	root.AddCommand(newCompose(o))
	help.Group(root)
	root.SetUsageFunc(help.PrintUsage)
	habits.Accept(root)
	completeNames(o.source, root)
	completeFlags(o.source, root)
	root.CompletionOptions.HiddenDefaultCmd = false
	habits.RefuseUnknown(root)
	habits.RefuseUnknownHelp(root)
	root.SetFlagErrorFunc(func(c *cobra.Command, err error) error {
		return &remedyError{err: err, remedy: fmt.Sprintf("`%s --help` lists the flags", c.CommandPath())}
	})
	return root
}
