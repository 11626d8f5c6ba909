package command

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/berthdev/berth/internal/command/cli"
	"github.com/berthdev/berth/internal/deploy"
	"github.com/berthdev/berth/internal/engine"
	"github.com/berthdev/berth/internal/state"
)

func newUnlock(o *cli.Options) *cobra.Command {
	var force bool
	v := &unlockVerb{o.Opener()}
	c := &cobra.Command{
		Use:   "unlock",
		Short: "Release a lock whose run is gone",
		Long: `The next run takes over a lock when its process is gone. unlock is for a lock
that you know to be abandoned: it asks, then releases the locks of the project
and its environment. With --force it also releases a lock that its holder still
renews, and replaces a damaged lock record. A damaged record no longer says
which source deployed the project: unless the last release says it, up and down
then delete nothing of the project without --take-over.`,
		Example: `  berth unlock
  berth unlock --force         also if the holder still renews the lock`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error { return v.unlock(c.Context(), force) },
	}
	c.Flags().BoolVar(&force, "force", false, "also release locks that their holder still renews")
	return c
}

// unlockVerb releases locks.
type unlockVerb struct{ *cli.Opener }

func (v *unlockVerb) unlock(ctx context.Context, force bool) error {
	s, err := v.Open(ctx)
	if err != nil {
		return err
	}
	tell := v.Observer()
	ctx = state.TellWaits(ctx, func(reason string) { tell(deploy.Waiting{Time: s.Target.Clock.Now(), Reason: reason}) })
	for _, o := range []engine.Owner{s.Environment(), s.Stack()} {
		if err := v.unlockOwner(ctx, s, o, force); err != nil {
			return err
		}
	}
	return nil
}

func (v *unlockVerb) unlockOwner(ctx context.Context, s *cli.Session, o engine.Owner, force bool) error {
	if !force {
		seen, err := s.Locker().Observe(ctx, o)
		var held *state.HeldError
		if errors.As(err, &held) {
			return &cli.RemedyError{Err: err, Advice: "stop that run, or pass --force if you are sure that it is gone"}
		}
		if err != nil {
			return err
		}
		if seen.Record.Holder == nil {
			v.Say("%s is not locked", o)
			return nil
		}
	}
	if err := v.Agree(s, fmt.Sprintf("Release the lock of %s?", o)); err != nil {
		return err
	}
	was, err := s.Locker().Break(ctx, o)
	switch {
	case err != nil:
		return err
	case was.Damage != nil:
		v.Say("wrote a new lock record for %s: %v", o, was.Damage)
		return sayLost(ctx, v.Console, s, o)
	case was.Holder == nil:
		v.Say("%s is not locked", o)
	default:
		v.Say("released the lock of %s, held by %s", o, was.Holder)
	}
	return nil
}

// sayLost says that the source of a stack is unknown now that its lock record is
// lost, unless a release names the source.
func sayLost(ctx context.Context, c *cli.Console, s *cli.Session, o engine.Owner) error {
	if o.IsEnvironment() {
		return nil
	}
	last, _, err := s.Releases().Latest(ctx, o, 1)
	if err != nil {
		return err
	}
	if len(last) > 0 && last[0].Source != "" {
		c.Say("%s still belongs to %s, as its last release says", o, last[0].Source)
		return nil
	}
	c.Say("no record says which source deployed %s any more: berth deletes nothing of it\nuntil you run `berth up --take-over` or `berth down --take-over`", o)
	return nil
}
