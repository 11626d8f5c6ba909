package engine

import (
	"context"
	"fmt"
	"time"
)

// idleAtMost is how often an object is made if it fails before it has done
// anything; the pauses in between are idlePause and four times that.
const (
	idleAtMost = 3
	idlePause  = 5 * time.Second
)

// onceMore makes an object again that has failed before it did anything. After
// idleAtMost attempts it returns failure.
func (t *task) onceMore(failed Object, idle int, failure error) (Object, error) {
	if idle >= idleAtMost || t.desired.Want == nil {
		failed.Idle = false
		return failed, failure
	}
	wait := idlePause << (2 * (idle - 1))
	t.note(Retrying, fmt.Sprintf("it failed before it did anything and is tried again in %s (%d of %d): %s",
		wait, idle+1, idleAtMost, failed.Detail))
	if err := t.rest(wait); err != nil {
		return failed, failure
	}
	t.desired.Token = tokenAfter(t.desired.Token, failed.ID)
	return t.make(func(ctx context.Context) (Object, error) { return t.s.typ.Create(ctx, t.desired) })
}

// settle waits for Spec.SettleIn: the provider does not show when a new object
// can be used.
func (t *task) settle() error {
	spec := t.s.typ.Spec()
	if spec.SettleIn == 0 || !t.s.action.settles || t.s.kind == stepRecord {
		return nil
	}
	t.note(Waiting, spec.Settling)
	t.release()
	if t.n.Clock.Sleep(t.n.watching, spec.SettleIn) != nil {
		return errStopped
	}
	return nil
}
