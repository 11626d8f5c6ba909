package command

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/berthdev/berth/internal/aws/ssm"
	"github.com/berthdev/berth/internal/project"
)

func newSecretImport(g *globals) *cobra.Command {
	var adopt bool
	c := &cobra.Command{
		Use:   "import FILE",
		Short: "Set secrets from a file of NAME=VALUE lines",
		Long: `import reads a file of NAME=VALUE lines and sets each as a secret. It takes values
literally, as docker's --env-file does: $, # and spaces belong to the value, and
one pair of quotes around all of it, over several lines too, does not. A line that
could be meant in two ways, or is no text, is refused with its number before
anything is set. It tells names only. Values that are the present ones change
nothing.`,
		Example: `  berth secret import .env.secrets
  berth -e prod secret import prod.env`,
		Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error { return g.secretImport(c.Context(), args[0], adopt) },
	}
	c.Flags().BoolVar(&adopt, "adopt", false, "take over parameters that berth did not make")
	return c
}

func (g *globals) secretImport(ctx context.Context, file string, adopt bool) error {
	path := file
	if !filepath.IsAbs(path) {
		path = filepath.Join(g.dir, path)
	}
	list, err := readSecrets(path, file)
	if err != nil {
		return err
	}
	s, store, err := g.secrets(ctx)
	if err != nil {
		return err
	}
	g.say("%s", s.header())
	g.sayReadable(path, file)
	save := s.saving()
	var changed []string
	var errs []error
	for _, a := range list {
		if a.Value == "" {
			g.say("%s is empty in the file: not set", a.Name)
			continue
		}
		if strings.TrimSpace(a.Value) != a.Value {
			g.say("%s begins or ends with white space in the file, which belongs to it", a.Name)
		}
		set, err := g.setSecret(ctx, store, a.Name, a.Value, adopt)
		if set {
			changed = append(changed, a.Name)
		}
		errs = append(errs, err)
	}
	g.sayUsers(s.App, changed)
	return errors.Join(errors.Join(errs...), save())
}

// readSecrets reads a file of secrets and refuses all of it for one line that
// cannot be set.
func readSecrets(path, file string) ([]project.Assignment, error) {
	list, err := project.ReadAssignments(path)
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", file, err)
	}
	if len(list) == 0 {
		return nil, &remedyError{err: fmt.Errorf("%s has no variables", file), remedy: "write one NAME=VALUE on each line"}
	}
	names := make([]string, len(list))
	for i, a := range list {
		names[i] = a.Name
		if err := ssm.CheckValue(a.Name, a.Value); err != nil {
			return nil, fmt.Errorf("reading %s: line %d: %w", file, a.Line, err)
		}
	}
	return list, checkSecretNames(names)
}

// sayReadable advises on a file of secrets that others can read.
func (g *globals) sayReadable(path, file string) {
	const others fs.FileMode = 0o077
	if info, err := os.Stat(path); err == nil && info.Mode().Perm()&others != 0 {
		g.say("others on this computer can read %s: `chmod 600 %[1]s`", file)
	}
}
