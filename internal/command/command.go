package command

import (
	"errors"
	"fmt"
	"slices"

	"github.com/spf13/cobra"

	"github.com/berthdev/berth/internal/command/approve"
	"github.com/berthdev/berth/internal/command/cli"
	"github.com/berthdev/berth/internal/command/habits"
	"github.com/berthdev/berth/internal/command/help"
	"github.com/berthdev/berth/internal/command/secret"
	"github.com/berthdev/berth/internal/concurrent"
	"github.com/berthdev/berth/internal/interrupt"
	"github.com/berthdev/berth/internal/terminal"
)

// verbs are all commands, in the order of the help. Each is a file.
func verbs(o *cli.Options) []*cobra.Command {
	return []*cobra.Command{
		newUp(o), newPlan(o), newDown(o), newRollback(o), newRestart(o), newScale(o), newPause(o), newResume(o), newRun(o), newStop(o), newExec(o), newPortForward(o), newCp(o),
		newPs(o), newWhy(o), newLogs(o), newEvents(o), newTop(o), newHistory(o), newOpen(o), newLs(o),
		approve.New(o), approve.NewReject(o),
		secret.New(o), newSchedule(o), newInfra(o), newDNS(o), newConfig(o), newGraph(o), newAuth(o), newUnlock(o), newVersion(o),
		newOperator(o),
	}
}

// Main runs berth and returns the exit code.
func Main(args []string, s cli.Streams, b cli.Build) int {
	out := terminal.NewWriter(s.Out)
	s.Out, s.Err = out, terminal.NewWriter(s.Err)
	quietLibraries()
	o := cli.NewOptions(s, b)
	ctx, cancel := interrupt.Context(o.Console.SayStopping)
	defer cancel()
	o.Console.Interrupted = ctx.Done()
	root := newRoot(o)
	root.SetArgs(habits.FollowLogs(args, root.PersistentFlags()))
	err := concurrent.Safely(func() error { return root.ExecuteContext(ctx) })
	var mistake *concurrent.PanicError
	if o.Console.Debug && errors.As(err, &mistake) {
		o.Console.Say("%s", mistake.Stack)
	}
	err = withUnwritten(err, o.Console.Unwritten, out.Err())
	if o.Console.JSON || slices.Contains(args, "--json") { // a mistake before it keeps it from being read
		return reportJSON(s.Err, err)
	}
	errs := s.Err
	if cli.IsTerminal(errs) {
		columns, _ := o.Console.Size()
		errs = terminal.Wrapping(errs, columns)
	}
	return report(cli.Typed(o.Console, errs), err)
}

// withUnwritten is the error of a verb, or that its output could not be written: a
// script must not take what it got for the whole. With both, the verb's own counts.
func withUnwritten(err, unwritten, failed error) error {
	var exit *cli.ExitError
	if unwritten == nil && failed != nil {
		unwritten = fmt.Errorf("writing the output: %w", failed)
	}
	if unwritten == nil || err != nil && (!errors.As(err, &exit) || exit.Err != nil) {
		return err
	}
	return unwritten
}

func newRoot(o *cli.Options) *cobra.Command {
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
		PersistentPreRunE: func(c *cobra.Command, _ []string) error { return o.Check(c) },
	}
	o.Register(root.PersistentFlags())
	root.SetIn(o.Console.Streams.In)
	root.SetOut(o.Console.Streams.Out)
	root.SetErr(o.Console.Streams.Err)
	root.AddCommand(verbs(o)...)
	root.AddCommand(newCompose(o))
	help.Group(root)
	root.SetUsageFunc(help.PrintUsage)
	habits.Accept(root)
	completeNames(o.Source, root)
	completeFlags(o.Source, root)
	root.CompletionOptions.HiddenDefaultCmd = false
	habits.RefuseUnknown(root)
	habits.RefuseUnknownHelp(root)
	root.SetFlagErrorFunc(habits.FlagError)
	return root
}
