package secret

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/berthdev/berth/internal/aws/ssm"
	"github.com/berthdev/berth/internal/command/cli"
)

func newRemove(v *verb) *cobra.Command {
	var force bool
	c := &cobra.Command{
		Use:   "rm NAME...",
		Short: "Remove secrets with all their versions",
		Example: `  berth secret rm OLD_TOKEN
  berth secret rm --force DB_PASSWORD`,
		Args: cobra.MinimumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error { return v.secretRemove(c.Context(), args, force) },
	}
	c.Flags().BoolVar(&force, "force", false, "also remove secrets that services use")
	return c
}

func (v *verb) secretRemove(ctx context.Context, names []string, force bool) error {
	if err := checkSecretNames(names); err != nil {
		return err
	}
	s, store, err := v.secrets(ctx)
	if err != nil {
		return err
	}
	v.Say("%s", s.Header())
	var used []string
	by := users(s.Source.App)
	for _, name := range names {
		if len(by[name]) > 0 {
			used = append(used, name+" by "+strings.Join(by[name], ", "))
		}
	}
	if len(used) > 0 && !force {
		return &cli.RemedyError{
			Err:    fmt.Errorf("in use: %s; without it their next task cannot start", strings.Join(used, "; ")),
			Advice: "take it out of the Compose file and run `berth up` first; --force removes it now",
		}
	}
	if err := v.Agree(s, "Remove "+strings.Join(names, ", ")+" with all versions?"); err != nil {
		return err
	}
	save := s.Saving()
	unmarked, err := store.MarkEmpty(ctx, names, false)
	errs := []error{err}
	for _, name := range names {
		err := store.Remove(ctx, name)
		var none *ssm.NoSecretError
		if errors.As(err, &none) && slices.Contains(unmarked, name) {
			err = nil
		}
		if err != nil {
			errs = append(errs, err)
			continue
		}
		v.Say("removed %s", name)
	}
	return errors.Join(errors.Join(errs...), save())
}
