package command

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"github.com/spf13/cobra"

	"github.com/berthdev/berth/internal/project"
)

func newSecretImport(g *globals) *cobra.Command {
	var adopt bool
	c := &cobra.Command{
		Use:   "import FILE",
		Short: "Set secrets from a file of NAME=VALUE lines",
		Long: `import reads a file as Compose reads .env files and sets each variable as a
secret. It tells names only. Values that are the present ones change nothing.`,
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
	values, err := project.ReadVariables(path)
	if err != nil {
		return fmt.Errorf("reading %s: %w", file, err)
	}
	names := slices.Sorted(maps.Keys(values))
	if err := checkSecretNames(names); err != nil {
		return err
	}
	if len(names) == 0 {
		return &remedyError{err: fmt.Errorf("%s has no variables", file), remedy: "write one NAME=VALUE on each line"}
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
	for _, name := range names {
		if values[name] == "" {
			g.say("%s is empty in the file: not set", name)
			continue
		}
		set, err := g.setSecret(ctx, store, name, values[name], adopt)
		if set {
			changed = append(changed, name)
		}
		errs = append(errs, err)
	}
	g.sayUsers(s.App, changed)
	return errors.Join(errors.Join(errs...), save())
}

// sayReadable advises on a file of secrets that others can read.
func (g *globals) sayReadable(path, file string) {
	const others fs.FileMode = 0o077
	if info, err := os.Stat(path); err == nil && info.Mode().Perm()&others != 0 {
		g.say("others on this computer can read %s: `chmod 600 %[1]s`", file)
	}
}
