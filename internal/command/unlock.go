package command

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/berthdev/berth/internal/deploy"
	"github.com/berthdev/berth/internal/engine"
	"github.com/berthdev/berth/internal/state"
)

func newUnlock(o *options) *cobra.Command {
	var force bool
	v := &unlockVerb{o.opener()}
	c := &cobra.Command{
		Use:   "unlock",
		Short: "Release a lock whose run is gone",
		Long: `A lock whose process is gone is taken over by the next run by itself. unlock is
for the case that somebody knows better: it releases the locks of the project
and its environment, after asking, even if their holder still gives signs of
life (--force). A lock record that is damaged is written anew by --force. Where no
release says either which source deployed the project, nothing of it is deleted
without --take-over then.`,
		Example: `  berth unlock
  berth unlock --force         also when the holder still gives signs of life`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error { return v.unlock(c.Context(), force) },
	}
	c.Flags().BoolVar(&force, "force", false, "also when the holder is alive")
	return c
}

// unlockVerb releases locks.
type unlockVerb struct{ *opener }

func (v *unlockVerb) unlock(ctx context.Context, force bool) error {
	s, err := v.open(ctx)
	if err != nil {
		return err
	}
	tell := v.observer()
	ctx = state.TellWaits(ctx, func(reason string) { tell(deploy.Waiting{Time: s.Target.Clock.Now(), Reason: reason}) })
	for _, o := range []engine.Owner{s.Environment(), s.Stack()} {
		if err := v.unlockOwner(ctx, s, o, force); err != nil {
			return err
		}
	}
	return nil
}

func (v *unlockVerb) unlockOwner(ctx context.Context, s *session, o engine.Owner, force bool) error {
	if !force {
		seen, err := s.Locker().Observe(ctx, o)
		var held *state.HeldError
		if errors.As(err, &held) {
			return &remedyError{err: err, remedy: "stop that run, or pass --force if you are sure that it is gone"}
		}
		if err != nil {
			return err
		}
		if seen.Record.Holder == nil {
			v.say("%s is not locked", o)
			return nil
		}
	}
	if err := v.confirm(fmt.Sprintf("Release the lock of %s?", o)); err != nil {
		return err
	}
	was, err := s.Locker().Break(ctx, o)
	switch {
	case err != nil:
		return err
	case was.Damage != nil:
		v.say("wrote a new lock record of %s: %v", o, was.Damage)
		return sayLost(ctx, v.console, s, o)
	case was.Holder == nil:
		v.say("%s is not locked", o)
	default:
		v.say("released the lock of %s, held by %s", o, was.Holder)
	}
	return nil
}

// sayLost says that with the record it is lost whose a stack is, where no release
// says it either.
func sayLost(ctx context.Context, c *console, s *session, o engine.Owner) error {
	if o.IsEnvironment() {
		return nil
	}
	last, _, err := s.Releases().Latest(ctx, o, 1)
	if err != nil {
		return err
	}
	if len(last) > 0 && last[0].Source != "" {
		c.say("%s still belongs to %s: its last release says so", o, last[0].Source)
		return nil
	}
	c.say("no record says any more which source deployed %s: nothing of it is deleted\nuntil `berth up --take-over` or `berth down --take-over` says whose it is", o)
	return nil
}
