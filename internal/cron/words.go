package cron

import (
	"fmt"
	"slices"
	"strings"
)

// mostTimes is how many times of a day Words lists.
const mostTimes = 4

// Words says in words when the expression runs in a zone: "at 03:00 Europe/Berlin
// daily". What has no short form is AWS's text.
func (e Expression) Words(zone string) string {
	switch e.kind {
	case Rate:
		if e.count == 1 {
			return "every " + e.unit
		}
		return fmt.Sprintf("every %d %s", e.count, e.unit)
	case At:
		return "once, at " + e.at.Format("2006-01-02 15:04:05") + " " + zone
	}
	f := e.fields
	days, ok := f.days()
	if !ok || !f.month.all || !f.year.all {
		return "at " + e.String() + " " + zone
	}
	switch {
	case f.minute.all && f.hour.all && days == daily:
		return "every minute"
	case f.hour.all && days == daily && f.minute.step == 0 && len(f.minute.values) == 1:
		return fmt.Sprintf("every hour at minute %d %s", f.minute.values[0], zone)
	case f.hour.all && days == daily && f.minute.step > 0 && f.minute.first == 0 && 60%f.minute.step == 0:
		return fmt.Sprintf("every %d minutes", f.minute.step)
	case len(f.hour.values)*len(f.minute.values) == 0 || len(f.hour.values)*len(f.minute.values) > mostTimes:
		return "at " + e.String() + " " + zone
	}
	var times []string
	for _, hour := range f.hour.values {
		for _, minute := range f.minute.values {
			times = append(times, fmt.Sprintf("%02d:%02d", hour, minute))
		}
	}
	return "at " + strings.Join(times, ", ") + " " + zone + " " + days
}

const daily = "daily"

// days says in words on which days of a month the fields match.
func (f fields) days() (words string, ok bool) {
	if f.weekday.none {
		switch {
		case f.day.all:
			return daily, true
		case f.day.lastDay:
			return "on the last day of the month", true
		case len(f.day.values) == 1:
			return fmt.Sprintf("on day %d of the month", f.day.values[0]), true
		}
		return "", false
	}
	switch {
	case f.weekday.all:
		return daily, true
	case f.weekday.last > 0, len(f.weekday.values) == 0:
		return "", false
	case slices.Equal(f.weekday.values, []int{2, 3, 4, 5, 6}):
		return "Monday to Friday", true
	}
	var names []string
	for _, day := range f.weekday.values {
		name := weekdays[day-1]
		names = append(names, name[:1]+strings.ToLower(name[1:]))
	}
	return "on " + strings.Join(names, ", "), true
}
