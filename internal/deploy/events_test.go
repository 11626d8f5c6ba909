package deploy_test

import (
	"slices"
	"sync/atomic"
	"testing"

	"github.com/berthdev/berth/internal/deploy"
	"github.com/berthdev/berth/internal/engine"
	"github.com/berthdev/berth/test/bed"
)

// told is what an observer was told, in words.
type told struct {
	words []string
	busy  atomic.Bool
	twice bool
}

func (o *told) observe(e deploy.Event) {
	o.twice = o.twice || !o.busy.CompareAndSwap(false, true)
	defer o.busy.Store(false)
	switch e := e.(type) {
	case deploy.Began:
		o.words = append(o.words, string(e.Stage))
	case deploy.Locked:
		o.words = append(o.words, "locked "+e.Owner.String())
	case deploy.Unlocked:
		o.words = append(o.words, "unlocked "+e.Owner.String())
	case deploy.Noticed:
		o.words = append(o.words, "noticed at "+string(e.Stage))
	case deploy.Waiting:
		o.words = append(o.words, "waiting")
	case deploy.Progress:
		if e.Kind == engine.Done && e.Address.String() == "ecs.service/web" {
			o.words = append(o.words, "web is done")
		}
	}
}

func TestEvents(t *testing.T) {
	t.Parallel()
	a := bed.App(t, pair)
	inSandbox(t, func(t *testing.T, b *bed.Bed) {
		p, err := b.Start(t.Context(), a)
		if err != nil {
			t.Fatal(err)
		}
		var o told
		plan, err := p.Project.Plan(t.Context(), deploy.Request{}, o.observe)
		if err != nil {
			t.Fatal(err)
		}
		if want := []string{"observe", "read", "decide", "noticed at decide"}; !slices.Equal(o.words, want) {
			t.Errorf("Plan told %q, want %q", o.words, want)
		}
		o.words = nil
		if _, err := p.Project.Apply(t.Context(), plan, o.observe); err != nil {
			t.Fatal(err)
		}
		want := []string{
			"lock", "waiting", // until S3 knows the bucket that was made for the lock
			"locked env/pair-dev", "locked stack/pair-dev/pair", "apply", "unlocked env/pair-dev", "web is done",
			"record", "unlocked stack/pair-dev/pair",
		}
		if !slices.Equal(o.words, want) {
			t.Errorf("Apply told %q, want %q", o.words, want)
		}
		if o.twice {
			t.Error("two events at once")
		}
	})
}
