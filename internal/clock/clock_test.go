package clock_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/berthdev/berth/internal/clock"
)

func TestFastNeverWakesUpEarly(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := clock.NewFast(time.Date(2026, 11, 21, 0, 0, 0, 0, time.UTC), 40)
		for _, d := range []time.Duration{1, 39, 40, 41, time.Second, 2500*time.Millisecond + 7} {
			before := c.Now()
			if err := c.Sleep(t.Context(), d); err != nil {
				t.Fatal(err)
			}
			if slept := c.Now().Sub(before); slept < d || slept > d+40 {
				t.Errorf("slept %d ns, want %d", slept, d)
			}
		}
	})
}

func TestFastIsNeverSlower(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := clock.NewFast(time.Now(), 0.1)
		before, wall := c.Now(), time.Now()
		time.Sleep(time.Second)
		if got, want := c.Now().Sub(before), time.Since(wall); got != want {
			t.Errorf("%s passed, want %s: a factor below 1 counts as 1", got, want)
		}
	})
}
