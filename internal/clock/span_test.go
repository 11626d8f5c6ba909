package clock_test

import (
	"testing"
	"time"

	"github.com/berthdev/berth/internal/clock"
)

func TestDurationsForPeople(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		d             time.Duration
		span, roughly string
	}{
		{-time.Second, "0s", "-1s"},
		{0, "0.0s", "0s"},
		{400 * time.Millisecond, "0.4s", "0s"},
		{41 * time.Second, "41s", "41s"},
		{2 * time.Minute, "2m00s", "2m"},
		{125 * time.Second, "2m05s", "2m05s"},
		{12*time.Minute + 34*time.Second, "12m34s", "13m"},
		{90 * time.Minute, "90m00s", "90m"},
	} {
		if got := clock.Span(c.d); got != c.span {
			t.Errorf("Span(%s) is %s, want %s", c.d, got, c.span)
		}
		if got := clock.Roughly(c.d); got != c.roughly {
			t.Errorf("Roughly(%s) is %s, want %s", c.d, got, c.roughly)
		}
	}
}
