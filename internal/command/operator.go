package command

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/berthdev/berth/internal/command/cli"
	"github.com/berthdev/berth/internal/handover"
)

// operatorName is the program that `berth operator` starts. It carries
// Kubernetes' libraries, which would double the memory that every other verb
// takes.
const operatorName = "berth-operator"

func newOperator(o *cli.Options) *cobra.Command {
	v := &operatorVerb{Console: o.Console, build: o.Build}
	c := &cobra.Command{
		Use:   "operator [flags]",
		Short: "Run as a Kubernetes operator: AWSProvider and ECSCluster objects",
		Long: `operator starts berth-operator, a separate program. It watches AWSProvider and
ECSCluster objects and makes AWS match them. All flags are passed on to that
program; once it is installed, berth operator --help lists them.

docs/operator.md describes how to install it, and how to take over from
infra-operator.`,
		Example: `  berth operator --leader-elect
  berth operator --help`,
		DisableFlagParsing: true,
		RunE: func(c *cobra.Command, args []string) error {
			if slices.Contains(args, "--help") || slices.Contains(args, "-h") {
				return c.Help()
			}
			return v.operator(c.Context(), args)
		},
		ValidArgsFunction: v.completeOperator,
	}
	c.SetHelpFunc(func(c *cobra.Command, _ []string) {
		if err := v.operator(c.Root().Context(), []string{"--help"}); err != nil {
			v.Print("%s\n", c.Long)
			explain(v.Streams.Out, err.Error(), err)
		}
	})
	return c
}

// operatorVerb starts berth-operator.
type operatorVerb struct {
	*cli.Console
	build cli.Build
}

// operator replaces this process with berth-operator.
func (v *operatorVerb) operator(ctx context.Context, args []string) error {
	path, ok, err := v.findOperator(ctx)
	if err != nil {
		return err
	}
	if !ok {
		return v.noOperator()
	}
	code, err := handover.To(path, args)
	if err == nil && code != cli.ExitDone {
		err = &cli.ExitError{Code: code}
	}
	return err
}

// findOperator looks beside berth, then, in a development build inside a
// checkout, builds the checkout's, then looks in PATH.
func (v *operatorVerb) findOperator(ctx context.Context) (path string, ok bool, err error) {
	if path, ok = operatorBeside(); ok {
		return path, true, nil
	}
	if root, ok := checkout(); ok && v.build.Version == "dev" {
		path, err = v.buildOperator(ctx, root)
		return path, err == nil, err
	}
	path, err = exec.LookPath(operatorName)
	return path, err == nil, nil
}

// operatorBeside looks in the folder of this executable and, if that is a link, in
// the folder of its target.
func operatorBeside() (path string, ok bool) {
	self, err := os.Executable()
	if err != nil {
		return "", false
	}
	places := []string{self}
	if real, err := filepath.EvalSymlinks(self); err == nil {
		places = append(places, real)
	}
	for _, at := range places {
		// LookPath knows what an executable is, and its extension on Windows.
		if path, err := exec.LookPath(filepath.Join(filepath.Dir(at), operatorName)); err == nil {
			return path, true
		}
	}
	return "", false
}

func (v *operatorVerb) noOperator() error {
	beside := "berth"
	if self, err := os.Executable(); err == nil {
		beside = self
	}
	version := "latest"
	if v := v.build.Version; v != "dev" {
		version = "v" + strings.TrimPrefix(v, "v")
	}
	return &cli.RemedyError{
		Err: fmt.Errorf("%s is neither beside %s nor in PATH", operatorName, beside),
		Advice: "take it from berth's release archive, or use the image\n" +
			"  ghcr.io/berthdev/" + operatorName + ", or run\n" +
			"  go install " + module + "/cmd/" + operatorName + "@" + version,
	}
}

// completeOperator asks berth-operator for completions, if it is installed.
func (v *operatorVerb) completeOperator(c *cobra.Command, args []string, word string) ([]string, cobra.ShellCompDirective) {
	path, ok := operatorBeside()
	if !ok {
		var err error
		if path, err = exec.LookPath(operatorName); err != nil {
			return nil, cobra.ShellCompDirectiveNoFileComp
		}
	}
	ask := append([]string{cobra.ShellCompRequestCmd}, append(slices.Clone(args), word)...)
	out, err := exec.CommandContext(c.Context(), path, ask...).Output()
	if err != nil {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	// Lines of WORD, TAB, description; then ":" and what the shell is to do.
	text, directive, _ := strings.Cut(strings.TrimSpace(string(out)), "\n:")
	n := cobra.ShellCompDirectiveNoFileComp
	if _, err := fmt.Sscan(strings.TrimPrefix(directive, ":"), &n); err != nil {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	return strings.Split(text, "\n"), n
}
