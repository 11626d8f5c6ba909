package world

import (
	"testing"
	"time"
)

func TestEveryDurationHasASource(t *testing.T) {
	t.Parallel()
	for step, d := range Durations() {
		if d.Typical <= 0 || d.Slow < d.Typical || d.Source == "" {
			t.Errorf("%s: %+v", step, d)
		}
	}
	if got, want := Chain(Typical, NATAvailable, NATDeleted), 146*time.Second; got != want {
		t.Errorf("chain %v, want %v", got, want)
	}
}
