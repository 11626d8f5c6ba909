package scaling

import (
	"strconv"
	"strings"
	"time"

	"github.com/berthdev/berth/internal/cron"
)

// Stops is when AWS stops a database of an environment that sleeps, and starts it again, in
// the time of Zone.
type Stops struct {
	Stop, Start cron.Expression
	Zone        string
}

// String says so in words: "stopped at 19:10 Europe/Berlin daily, started at 06:45
// Europe/Berlin daily".
func (s Stops) String() string {
	return "stopped " + s.Stop.Words(s.Zone) + ", started " + s.Start.Words(s.Zone)
}

// Until is when a database is started that is stopped at a moment.
func (s Stops) Until(now time.Time) time.Time {
	loc, err := cron.Zone(s.Zone)
	if err != nil {
		return time.Time{}
	}
	next, _ := s.Start.Next(now, now, loc)
	return next
}

// A database is stopped StopsAfter the tasks are told to end, so that their last data is
// written, and started StartsBefore they come back: "Starting a DB instance requires
// instance recovery and can take from minutes to hours."
// https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_StopInstance.html
const (
	StopsAfter   = 10 * time.Minute
	StartsBefore = 15 * time.Minute
)

// LeastStop is the shortest sleep in which databases are stopped. To stop and start one
// takes minutes each, and a call to stop it that AWS repeats for half an hour must not
// come after the start.
const LeastStop = 2 * time.Hour

// Databases is when the databases are stopped; nil if the sleep is too short. It cannot
// reach the seven days after which AWS starts a stopped database: each expression has a
// time on the same days of each week.
func (s Sleep) Databases() *Stops {
	if length := time.Duration((s.to-s.from+day)%day) * time.Minute; length < LeastStop {
		return nil
	}
	return &Stops{Stop: s.moved(s.from, StopsAfter), Start: s.moved(s.to, -StartsBefore), Zone: s.Zone}
}

// day is a day in minutes.
const day = 24 * 60

// moved is a minute of the days, so much later or earlier. It may be on the day after or
// before each of them.
func (s Sleep) moved(minutes int, by time.Duration) cron.Expression {
	minutes += int(by / time.Minute)
	days, shift := s.days, 0
	switch {
	case minutes < 0:
		shift = -1
	case minutes >= day:
		shift = 1
	}
	if shift != 0 && days != "*" {
		days = s.weekdays(shift)
	}
	out, _ := daily((minutes+day)%day, days) // the days were read before
	return out
}

// weekdays are the days of the sleep, so many days later, as Unix's cron has them.
func (s Sleep) weekdays(shift int) string {
	var out []string
	sunday := time.Date(2000, 1, 2, 0, 0, 0, 0, time.UTC)
	for after := sunday.Add(-time.Nanosecond); ; {
		next, ok := s.Begin.Next(after, after, time.UTC)
		if !ok || next.Sub(sunday) >= 7*24*time.Hour {
			return strings.Join(out, ",")
		}
		out = append(out, strconv.Itoa((int(next.Weekday())+shift+7)%7))
		after = next
	}
}
