package scaling

import (
	"fmt"
	"strings"
	"time"

	"github.com/berthdev/berth/internal/cron"
)

// Sleep is when an environment has no tasks: from Begin to End, in the time of Zone, an
// IANA name.
type Sleep struct {
	Begin, End cron.Expression
	Zone       string

	// days are the days as Unix's cron has them; from and to are minutes of a day.
	days     string
	from, to int
}

// SleepRemedy shows the form of x-berth.sleep.
const SleepRemedy = `write for example "weekdays 19:00-07:00 Europe/Berlin": asleep in the evenings and at weekends; the days are daily, weekdays or a range such as mon-sat`

// SleepError says why a text is no Sleep.
type SleepError struct{ What string }

func (e *SleepError) Error() string { return e.What }

// ParseSleep reads DAYS FROM-TO ZONE. On each of the days the tasks end at FROM and start
// at TO, so that on other days nothing starts. Without a zone it is UTC. The error is a
// *SleepError.
func ParseSleep(text string) (Sleep, error) {
	words := strings.Fields(text)
	if len(words) < 2 || len(words) > 3 {
		return Sleep{}, &SleepError{fmt.Sprintf("%q is not when to sleep", text)}
	}
	out := Sleep{Zone: "UTC"}
	if len(words) == 3 {
		out.Zone = words[2]
	}
	if _, err := cron.Zone(out.Zone); err != nil {
		return Sleep{}, &SleepError{err.Error()}
	}
	days := strings.ToLower(words[0])
	switch days {
	case "daily":
		days = "*"
	case "weekdays":
		days = "mon-fri"
	}
	from, to, ok := strings.Cut(words[1], "-")
	if !ok || from == to {
		return Sleep{}, &SleepError{fmt.Sprintf("%q is not a time of sleep", words[1])}
	}
	out.days = days
	for _, at := range []struct {
		clock   string
		minutes *int
		when    *cron.Expression
	}{{from, &out.from, &out.Begin}, {to, &out.to, &out.End}} {
		clock, err := time.Parse("15:04", at.clock)
		if err != nil {
			return Sleep{}, &SleepError{fmt.Sprintf("%q is no time of day", at.clock)}
		}
		*at.minutes = clock.Hour()*60 + clock.Minute()
		if *at.when, err = daily(*at.minutes, days); err != nil {
			return Sleep{}, &SleepError{err.Error()}
		}
	}
	return out, nil
}

// daily is a minute of some days.
func daily(minutes int, days string) (cron.Expression, error) {
	return cron.ParseCron(fmt.Sprintf("%d %d * * %s", minutes%60, minutes/60, days)) //nolint:wrapcheck // the caller does
}

// With is the scaling of a service of an environment that sleeps: none of its tasks from
// the one time to the other. A service that its load does not scale has its replicas by
// day. scaled is nil for it, and stays nil without a task to end.
func (s Sleep) With(scaled *Scaling, replicas int, refuse Refuse) *Scaling {
	switch {
	case scaled == nil && replicas == 0:
		return nil
	case scaled == nil:
		scaled = &Scaling{Min: replicas, Max: replicas, Start: replicas, OutSeconds: DefaultSeconds, InSeconds: DefaultSeconds}
	case len(scaled.Schedule) > 0:
		refuse(key+".schedule", "the service has a schedule of its own, and the environment sleeps", "both set the number of tasks",
			"write the nights into the service's schedule, or remove x-berth.sleep")
	}
	scaled.Schedule = append(scaled.Schedule,
		Capacity{Expression: s.Begin, Zone: s.Zone}, Capacity{Expression: s.End, Zone: s.Zone, Min: scaled.Min, Max: scaled.Max})
	return scaled
}
