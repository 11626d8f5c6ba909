package outline

import (
	"strconv"
	"time"

	"github.com/berthdev/berth/internal/app"
	"github.com/berthdev/berth/internal/app/schedule"
	"github.com/berthdev/berth/internal/aws/scheduler"
	"github.com/berthdev/berth/internal/cron"
	"github.com/berthdev/berth/internal/engine"
	"github.com/berthdev/berth/internal/plantext"
)

var typeSchedule = scheduler.Schedule{}.Type()

// whenSet are the attributes of a schedule that say when it runs.
var whenSet = []string{"expression", "zone", "jitter", "state"}

// runs says when a job with a schedule runs, if the plan makes or changes that.
func runs(j app.Job, part *plantext.Part, now time.Time) {
	s := j.Trigger.Schedule
	if s == nil || part.Main == nil || part.Main.Type != typeSchedule {
		return
	}
	part.Scheduled = true
	if part.Main.Verb != engine.VerbCreate && !changes(part.Main, whenSet...) {
		return
	}
	part.Changes = append(part.Changes, plantext.Change{Text: When(*s, now)})
}

// changes says whether an action changes one of some attributes.
func changes(a *engine.Action, attrs ...string) bool {
	for _, r := range a.Reasons {
		for _, attr := range attrs {
			if root(r.Attr) == attr {
				return true
			}
		}
	}
	return false
}

// TimeLayout is how moments of runs are shown, with their zone.
const TimeLayout = "Mon 2006-01-02 15:04 MST"

// When says in words when a schedule runs, and when the next time.
func When(s schedule.Schedule, now time.Time) string {
	text := "runs " + s.Expression.Words(s.Zone)
	if !s.Enabled {
		return text + ", but enabled is false"
	}
	if s.Expression.Kind() == cron.Rate {
		return text + "; first: at once"
	}
	loc, err := cron.Zone(s.Zone)
	if err != nil {
		return text
	}
	next, ok := s.Expression.Next(now, now, loc)
	if !ok {
		return text + "; never: that time is over"
	}
	return text + "; next: " + next.Format(TimeLayout)
}

// enabled is the value of enabled for a state of AWS's.
func enabled(state string) string {
	if state == scheduler.Disabled {
		return "false"
	}
	return "true"
}

// minutes are seconds as minutes.
func minutes(seconds string) string { return strconv.Itoa(number(seconds) / 60) }
