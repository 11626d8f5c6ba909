package secret

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"github.com/berthdev/berth/internal/aws/ssm"
	"github.com/berthdev/berth/internal/command/cli"
	"github.com/berthdev/berth/internal/project"
)

func newImport(v *verb) *cobra.Command {
	var adopt bool
	c := &cobra.Command{
		Use:   "import FILE|-",
		Short: "Set secrets from a file of NAME=VALUE lines",
		Long: `import reads a file of NAME=VALUE lines and sets each as a secret. It takes
values literally, as docker's --env-file does: $, # and spaces belong to the
value, and one pair of quotes around the value, which may span lines, does not.
A line that is ambiguous or not text is refused, with its number, before
anything is set. import shows names only. A value that the secret already has
changes nothing. With - in place of a file it reads standard input.`,
		Example: `  berth secret import .env.secrets
  berth -e prod secret import prod.env
  vault-of-yours export | berth secret import -`,
		Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error { return v.secretImport(c.Context(), args[0], adopt) },
	}
	c.Flags().BoolVar(&adopt, "adopt", false, "take over parameters that berth did not make")
	return c
}

func (v *verb) secretImport(ctx context.Context, file string, adopt bool) error {
	path := v.Source.Path(file)
	list, err := v.readSecrets(path, file)
	if err != nil {
		return err
	}
	s, store, err := v.secrets(ctx)
	if err != nil {
		return err
	}
	v.Say("%s", s.Header())
	cli.SayElsewhere(v.Console, s.LookElsewhere(ctx))
	if file != cli.Stdin {
		sayReadable(v.Console, path, file)
	}
	save := s.Saving()
	var changed []string
	var errs []error
	for _, a := range list {
		if a.Value == "" {
			v.Say("%s is empty in the file: not set", a.Name)
			continue
		}
		if strings.TrimSpace(a.Value) != a.Value {
			v.Say("%s begins or ends with white space in the file, and so does the secret", a.Name)
		}
		set, err := v.setSecret(ctx, store, a.Name, a.Value, adopt)
		if set {
			changed = append(changed, a.Name)
		}
		errs = append(errs, err)
	}
	sayUsers(ctx, v.Console, s, changed)
	return errors.Join(errors.Join(errs...), save())
}

// readSecrets reads a file of secrets. It refuses the whole file if one line cannot be set.
func (v *verb) readSecrets(path, file string) ([]project.Assignment, error) {
	shown := file
	if file == cli.Stdin {
		shown = "standard input"
	}
	list, err := v.assignments(path, file)
	if err != nil {
		return nil, err
	}
	if len(list) == 0 {
		return nil, &cli.RemedyError{Err: fmt.Errorf("%s has no variables", shown), Advice: "write one NAME=VALUE on each line"}
	}
	names := make([]string, len(list))
	for i, a := range list {
		names[i] = a.Name
		if err := ssm.CheckValue(a.Name, a.Value); err != nil {
			return nil, fmt.Errorf("reading %s: line %d: %w", shown, a.Line, err)
		}
	}
	return list, checkSecretNames(names)
}

// assignments are the lines of a file, or of standard input.
func (v *verb) assignments(path, file string) (list []project.Assignment, err error) {
	switch {
	case file != cli.Stdin:
		list, err = project.ReadAssignments(path)
	case cli.IsTerminal(v.Streams.In):
		return nil, &cli.RemedyError{
			Err:    errors.New("standard input is a terminal, which would show the secrets as you type"),
			Advice: "`berth secret import - < FILE`, or `berth secret set NAME`, which asks without showing it",
		}
	default:
		list, err = project.StreamAssignments(v.Streams.In)
		file = "standard input"
	}
	if err == nil {
		return list, nil
	}
	err = fmt.Errorf("reading %s: %w", file, err)
	var line *project.LineError
	if errors.As(err, &line) {
		return nil, err // which says what to do
	}
	return nil, &cli.RemedyError{Err: err, Advice: "name a file of NAME=VALUE lines, or - for standard input"}
}

// sayReadable warns of a file of secrets that other users can read.
func sayReadable(c *cli.Console, path, file string) {
	const others fs.FileMode = 0o077
	if info, err := os.Stat(path); err == nil && info.Mode().Perm()&others != 0 {
		c.Say("other users of this computer can read %s: run `chmod 600 %[1]s`", file)
	}
}
