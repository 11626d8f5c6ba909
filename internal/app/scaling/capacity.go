package scaling

import (
	"errors"
	"fmt"
	"time"

	"github.com/berthdev/berth/internal/cron"
	"github.com/berthdev/berth/internal/project"
)

// Capacity is a range that holds from times of the clock on, until another's.
type Capacity struct {
	// Expression is when it begins, in the time of Zone, an IANA name.
	Expression cron.Expression
	Zone       string
	Min, Max   int
}

// Bounds are the fewest and the most tasks.
type Bounds struct{ Min, Max int }

// At is the range that is to hold at a time: that of the entry of the schedule whose time
// came last within a year, else the service's own.
func (s Scaling) At(now time.Time) Bounds {
	bounds := Bounds{s.Min, s.Max}
	const day = 24 * time.Hour
	for _, back := range []time.Duration{day, 8 * day, 32 * day, 367 * day} {
		var latest time.Time
		for _, c := range s.Schedule {
			if at := c.last(now.Add(-back), now); at.After(latest) {
				latest, bounds = at, Bounds{c.Min, c.Max}
			}
		}
		if !latest.IsZero() {
			break
		}
	}
	return bounds
}

// last is the last time of an entry after a time and not after now; zero if there is none.
func (c Capacity) last(after, now time.Time) (last time.Time) {
	zone, err := cron.Zone(c.Zone)
	if err != nil {
		return last // the reader has refused it
	}
	for {
		at, ok := c.Expression.Next(after, after, zone)
		if !ok || at.After(now) {
			return last
		}
		last, after = at, at
	}
}

// String is the range and when it begins, as people read it: "no tasks at 19:00 UTC
// daily".
func (c Capacity) String() string { return Range(c.Min, c.Max) + " " + c.Expression.Words(c.Zone) }

// capacity reads an entry of the schedule. The keys of the refusals are below it.
func capacity(s Scaling, x project.XCapacity, f Facts) (Capacity, []Refusal) {
	c := Capacity{Zone: x.Timezone, Min: or(x.Min, s.Min), Max: or(x.Max, s.Max)}
	if x.Max == nil && x.Min != nil {
		c.Max = max(c.Max, c.Min)
	}
	if x.Min == nil && x.Max != nil {
		c.Min = min(c.Min, c.Max)
	}
	var out []Refusal
	e, err := cron.ParseCron(x.Cron)
	var bad *cron.Error
	if errors.As(err, &bad) {
		out = append(out, Refusal{".cron", fmt.Sprintf("%q is not a schedule", x.Cron), bad.What, bad.Remedy})
	}
	c.Expression = e
	if c.Zone == "" {
		c.Zone = "UTC"
	}
	if _, err := cron.Zone(c.Zone); err != nil {
		out = append(out, Refusal{".timezone", err.Error(), "zones have the names of the IANA database", "write for example Europe/Berlin, America/New_York or UTC"})
	}
	switch {
	case x.Min == nil && x.Max == nil:
		out = append(out, Refusal{"", "the entry changes nothing", "it has neither min nor max", "write one of them"})
	case c.Max < c.Min:
		out = append(out, Refusal{".max", fmt.Sprintf("max is %d and less than min, which is %d", c.Max, c.Min), "", "write a larger max or a smaller min"})
	}
	if f.OneWriter && c.Max > 1 {
		out = append(out, Refusal{".max", "several tasks would write the files of one database, which can destroy them", "", "write 1"})
	}
	return c, out
}
