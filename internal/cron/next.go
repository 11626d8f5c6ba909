package cron

import (
	"fmt"
	"regexp"
	"time"
	_ "time/tzdata" // zones must not depend on the computer
)

var zoneName = regexp.MustCompile(`^[A-Z][A-Za-z0-9_+-]*(/[A-Z][A-Za-z0-9_+-]*)*$`)

// Zone is the time zone of an IANA name, such as Europe/Berlin.
func Zone(name string) (*time.Location, error) {
	if name == "Local" || len(name) > 50 || !zoneName.MatchString(name) {
		return nil, fmt.Errorf("%q is not the name of a time zone", name)
	}
	loc, err := time.LoadLocation(name)
	if err != nil {
		return nil, fmt.Errorf("there is no time zone %q", name)
	}
	return loc, nil
}

// Next is the first run after a moment, in a time zone; ok is false if there is none.
// A rate counts from anchor: its first run is at that moment.
func (e Expression) Next(after, anchor time.Time, loc *time.Location) (run time.Time, ok bool) {
	switch e.kind {
	case Rate:
		if e.every <= 0 {
			return time.Time{}, false
		}
		if anchor.After(after) {
			return anchor.In(loc), true
		}
		passed := after.Sub(anchor)/e.every + 1
		return anchor.Add(passed * e.every).In(loc), true
	case At:
		t, exists := wall(e.at.Year(), e.at.Month(), e.at.Day(), e.at.Hour(), e.at.Minute(), e.at.Second(), loc)
		return t, exists && t.After(after)
	}
	return e.fields.next(after, loc)
}

// Exists says whether the clock of a zone ever shows the moment of At; true for
// other kinds.
func (e Expression) Exists(loc *time.Location) bool {
	if e.kind != At {
		return true
	}
	_, ok := e.Next(time.Time{}, time.Time{}, loc)
	return ok
}

// next looks through the days from that of after on.
func (f fields) next(after time.Time, loc *time.Location) (time.Time, bool) {
	day := after.In(loc)
	y, m, d := day.Date()
	for date := time.Date(y, m, d, 0, 0, 0, 0, time.UTC); date.Year() <= lastYear; date = date.AddDate(0, 0, 1) {
		if !f.year.has(date.Year()) {
			date = time.Date(date.Year(), time.December, 31, 0, 0, 0, 0, time.UTC)
			continue
		}
		if !f.matches(date.Year(), date.Month(), date.Day()) {
			continue
		}
		if t, ok := f.on(date, after, loc); ok {
			return t, true
		}
	}
	return time.Time{}, false
}

// on is the first run on a date that is after a moment.
func (f fields) on(date, after time.Time, loc *time.Location) (time.Time, bool) {
	for hour := range 24 {
		if !f.hour.has(hour) {
			continue
		}
		for minute := range 60 {
			if !f.minute.has(minute) {
				continue
			}
			t, exists := wall(date.Year(), date.Month(), date.Day(), hour, minute, 0, loc)
			if exists && t.After(after) {
				return t, true
			}
		}
	}
	return time.Time{}, false
}

// wall is the first moment at which the clock of a zone shows a time; ok is false if it
// never does, because the clock is put forward over it.
func wall(year int, month time.Month, day, hour, minute, second int, loc *time.Location) (first time.Time, ok bool) {
	shown := time.Date(year, month, day, hour, minute, second, 0, time.UTC)
	for _, near := range []time.Duration{-36 * time.Hour, 36 * time.Hour} {
		_, offset := shown.Add(near).In(loc).Zone()
		t := shown.Add(-time.Duration(offset) * time.Second).In(loc)
		same := t.Year() == year && t.Month() == month && t.Day() == day && t.Hour() == hour && t.Minute() == minute
		if same && (!ok || t.Before(first)) {
			first, ok = t, true
		}
	}
	return first, ok
}
