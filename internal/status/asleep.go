package status

import (
	"cmp"
	"time"

	"github.com/berthdev/berth/internal/aws/autoscaling"
	"github.com/berthdev/berth/internal/cron"
)

// UntilLayout is how the end of a sleep is shown, with its zone.
const UntilLayout = "Mon 2006-01-02 15:04 MST"

// Awake is when the clock next gives a service tasks, by its scheduled actions, in their
// zone; zero for never.
func Awake(actions []autoscaling.ScheduledAction, now time.Time) (at time.Time) {
	for _, a := range actions {
		e, err := cron.Parse(a.Expression)
		if err != nil || a.Max == 0 {
			continue
		}
		zone, err := cron.Zone(cmp.Or(a.Zone, "UTC"))
		if err != nil {
			continue
		}
		if next, ok := e.Next(now, now, zone); ok && (at.IsZero() || next.Before(at)) {
			at = next
		}
	}
	return at
}

// Asleep says that the clock has set a range of no tasks, and that none runs.
func (s Service) Asleep() bool {
	return s.Scaling != nil && s.Scaling.Max == 0 && !s.Scaling.Suspended && s.Running == 0
}

// SleepWords says so in words: "asleep until Mon 2026-12-07 07:00 CET".
func (s Service) SleepWords() string {
	if s.AsleepUntil.IsZero() {
		return "asleep"
	}
	return "asleep until " + s.AsleepUntil.Format(UntilLayout)
}
