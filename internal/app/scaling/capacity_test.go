package scaling_test

import (
	"testing"
	"time"

	"github.com/berthdev/berth/internal/app/scaling"
	"github.com/berthdev/berth/internal/cron"
)

// TestAt: the range of the entry whose time came last holds, also over a weekend, a month
// and the change of the clock.
func TestAt(t *testing.T) {
	t.Parallel()
	entry := func(text, zone string, low, high int) scaling.Capacity {
		e, err := cron.ParseCron(text)
		if err != nil {
			t.Fatal(err)
		}
		return scaling.Capacity{Expression: e, Zone: zone, Min: low, Max: high}
	}
	week := []scaling.Capacity{entry("0 19 * * 1-5", "Europe/Berlin", 0, 0), entry("0 7 * * 1-5", "Europe/Berlin", 2, 6)}
	for _, tt := range []struct {
		name     string
		schedule []scaling.Capacity
		at       string
		want     scaling.Bounds
	}{
		{"no schedule", nil, "2026-11-30T12:00:00Z", scaling.Bounds{Min: 1, Max: 4}},
		{"by day", week, "2026-11-30T12:00:00Z", scaling.Bounds{Min: 2, Max: 6}},
		{"at night", week, "2026-11-30T18:30:00Z", scaling.Bounds{}},
		{"at the time itself", week, "2026-11-30T18:00:00Z", scaling.Bounds{}},
		{"a minute before", week, "2026-11-30T17:59:00Z", scaling.Bounds{Min: 2, Max: 6}},
		{"on a Sunday", week, "2026-11-29T12:00:00Z", scaling.Bounds{}},
		{"in summer, two hours before UTC", week, "2026-07-01T05:30:00Z", scaling.Bounds{Min: 2, Max: 6}},
		{"three weeks after", []scaling.Capacity{entry("0 0 1 * *", "UTC", 3, 3)}, "2026-11-22T00:00:00Z", scaling.Bounds{Min: 3, Max: 3}},
		{"months after", []scaling.Capacity{entry("0 0 1 1 *", "UTC", 5, 5)}, "2026-11-30T00:00:00Z", scaling.Bounds{Min: 5, Max: 5}},
	} {
		now, err := time.Parse(time.RFC3339, tt.at)
		if err != nil {
			t.Fatal(err)
		}
		if got := (scaling.Scaling{Min: 1, Max: 4, Schedule: tt.schedule}).At(now); got != tt.want {
			t.Errorf("%s: the range is %+v, want %+v", tt.name, got, tt.want)
		}
	}
}
