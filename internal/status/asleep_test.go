package status_test

import (
	"testing"
	"time"

	"github.com/berthdev/berth/internal/aws/autoscaling"
	"github.com/berthdev/berth/internal/status"
)

// TestAwake: the next action that gives tasks, at the hour of its zone on both sides of a
// change of the clock.
func TestAwake(t *testing.T) {
	t.Parallel()
	night := autoscaling.ScheduledAction{Expression: "cron(0 19 ? * MON-FRI *)", Zone: "Europe/Berlin"}
	day := autoscaling.ScheduledAction{Expression: "cron(0 7 ? * MON-FRI *)", Zone: "Europe/Berlin", Min: 1, Max: 3}
	early := autoscaling.ScheduledAction{Expression: "cron(0 4 * * ? *)", Max: 1}
	odd := autoscaling.ScheduledAction{Expression: "cron(", Zone: "Europe/Berlin", Max: 1}
	lost := autoscaling.ScheduledAction{Expression: "rate(1 day)", Zone: "Mars/Base", Max: 1}
	for name, want := range map[string]struct {
		now     string
		actions []autoscaling.ScheduledAction
		want    string
	}{
		"an evening":             {"2026-12-01T20:00:00Z", []autoscaling.ScheduledAction{night, day}, "Wed 2026-12-02 07:00 CET"},
		"a weekend":              {"2026-12-04T20:00:00Z", []autoscaling.ScheduledAction{day, night}, "Mon 2026-12-07 07:00 CET"},
		"summer begins":          {"2026-03-28T20:00:00Z", []autoscaling.ScheduledAction{night, day}, "Mon 2026-03-30 07:00 CEST"},
		"summer ends":            {"2026-10-24T20:00:00Z", []autoscaling.ScheduledAction{night, day}, "Mon 2026-10-26 07:00 CET"},
		"the first of two":       {"2026-12-01T20:00:00Z", []autoscaling.ScheduledAction{day, early}, "Wed 2026-12-02 04:00 UTC"},
		"nothing gives tasks":    {"2026-12-01T20:00:00Z", []autoscaling.ScheduledAction{night}, ""},
		"what cannot be read":    {"2026-12-01T20:00:00Z", []autoscaling.ScheduledAction{odd, lost}, ""},
		"no action at all":       {"2026-12-01T20:00:00Z", nil, ""},
		"the minute of the wake": {"2026-12-02T06:00:00Z", []autoscaling.ScheduledAction{day}, "Thu 2026-12-03 07:00 CET"},
	} {
		now, err := time.Parse(time.RFC3339, want.now)
		if err != nil {
			t.Fatal(err)
		}
		got := ""
		if at := status.Awake(want.actions, now); !at.IsZero() {
			got = at.Format(status.UntilLayout)
		}
		if got != want.want {
			t.Errorf("%s: %q, want %q", name, got, want.want)
		}
	}
}
