package cron

import (
	"strconv"
	"strings"
	"time"
)

// fields are the six fields of a cron expression, in AWS's order.
type fields struct{ minute, hour, day, month, weekday, year field }

// String is the text between AWS's parentheses.
func (f fields) String() string {
	return strings.Join([]string{
		f.minute.text(nil), f.hour.text(nil), f.day.text(nil), f.month.text(nil), f.weekday.text(weekdays), f.year.text(nil),
	}, " ")
}

// read reads the fields that are the same in both forms.
func read(words []string, weekday rule) (f fields, err error) {
	if f.minute, err = minuteRule.parse(words[0]); err != nil {
		return f, err
	}
	if f.hour, err = hourRule.parse(words[1]); err != nil {
		return f, err
	}
	if f.day, err = parseDay(words[2]); err != nil {
		return f, err
	}
	if f.month, err = monthRule.parse(words[3]); err != nil {
		return f, err
	}
	f.weekday, err = parseWeekday(words[4], weekday)
	return f, err
}

// parseUnix translates Unix's five fields. One of AWS's two fields for days must be
// "?", so both cannot be restricted: Unix then runs on days that match either.
func parseUnix(words []string) (fields, error) {
	f, err := read(words, unixWeekdays)
	if err != nil {
		return f, err
	}
	if !f.day.open() && !f.weekday.open() {
		return f, refuse("leave one of them *; for both, define two services with a schedule each",
			"day of month and day of week are both restricted, which AWS cannot express: Unix's cron runs on a day that matches either")
	}
	f.year = field{all: true}
	if f.weekday.open() {
		f.weekday = field{none: true}
		if f.day.none {
			f.day = field{all: true}
		}
	} else {
		f.day = field{none: true}
	}
	return f, nil
}

// open says that the field for days restricts nothing.
func (f field) open() bool { return f.all || f.none }

// parseAWS reads AWS's six fields.
// https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html#cron-based
func parseAWS(words []string) (fields, error) {
	if words[5] == "?" {
		return fields{}, refuse("leave out the seconds, and end with the year: cron(0 3 * * ? *)",
			"the sixth field is the year and cannot be ?: AWS has no field for seconds")
	}
	f, err := read(words, weekdayRule)
	if err != nil {
		return f, err
	}
	if f.year, err = yearRule.parse(words[5]); err != nil {
		return f, err
	}
	if f.day.none == f.weekday.none {
		return f, refuse("write ? for the day of month or the day of week, as in cron(0 3 * * ? *)",
			"exactly one of day of month and day of week must be ?")
	}
	return f, nil
}

// parseDay reads the day of month.
func parseDay(text string) (field, error) {
	upper := strings.ToUpper(text)
	switch {
	case text == "?":
		return field{none: true}, nil
	case upper == "L":
		return field{lastDay: true}, nil
	case upper == "LW":
		return field{}, refuse("use L, or the day of week as in FRIL", "day of month: LW is not one of AWS's forms")
	}
	if n, ok := strings.CutSuffix(upper, "W"); ok {
		day, err := dayRule.number(n)
		return field{nearest: day}, err
	}
	return dayRule.parse(text)
}

// parseWeekday reads the day of week, in the numbers of the form that it is in.
func parseWeekday(text string, r rule) (field, error) {
	upper := strings.ToUpper(text)
	switch {
	case text == "?":
		return field{none: true}, nil
	case upper == "L":
		return field{values: []int{7}}, nil // AWS's week ends with Saturday
	}
	if day, nth, ok := strings.Cut(upper, "#"); ok {
		n, err := r.number(day)
		if err != nil {
			return field{}, err
		}
		k, err := strconv.Atoi(nth)
		if err != nil || k < 1 || k > 5 || strings.ContainsAny(nth, "+-") {
			return field{}, refuse("write for example MON#2, alone in the field", "day of week: %q after # is not a number from 1 to 5", nth)
		}
		return field{last: r.toAWS(n), nth: k}, nil
	}
	if day, ok := strings.CutSuffix(upper, "L"); ok {
		n, err := r.number(day)
		return field{last: r.toAWS(n)}, err
	}
	if r.shift == 0 && strings.Contains(text, "/") {
		return r.list(text) // AWS documents no steps here
	}
	return r.parse(text)
}

// matches says whether a date matches the fields for days.
func (f fields) matches(year int, month time.Month, day int) bool {
	if !f.year.has(year) || !f.month.has(int(month)) {
		return false
	}
	last := daysIn(year, month)
	weekday := int(time.Date(year, month, day, 0, 0, 0, 0, time.UTC).Weekday()) + 1
	switch {
	case f.day.lastDay:
		return day == last
	case f.day.nearest > 0:
		return day == nearestWeekday(year, month, min(f.day.nearest, last), last)
	case !f.day.none:
		return f.day.has(day)
	case f.weekday.nth > 0:
		return weekday == f.weekday.last && (day-1)/7+1 == f.weekday.nth
	case f.weekday.last > 0:
		return weekday == f.weekday.last && day > last-7
	}
	return f.weekday.has(weekday)
}

func daysIn(year int, month time.Month) int {
	return time.Date(year, month+1, 0, 0, 0, 0, 0, time.UTC).Day()
}

// nearestWeekday is the day from Monday to Friday that is nearest to a day, in the same
// month.
func nearestWeekday(year int, month time.Month, day, last int) int {
	switch time.Date(year, month, day, 0, 0, 0, 0, time.UTC).Weekday() {
	case time.Saturday:
		if day == 1 {
			return 3
		}
		return day - 1
	case time.Sunday:
		if day == last {
			return day - 2
		}
		return day + 1
	}
	return day
}

// ever says whether any date matches. The calendar repeats after 28 years, except
// around a century that is no leap year.
func (f fields) ever() bool {
	for year := firstYear; year <= lastYear; year++ {
		if !f.year.has(year) {
			continue
		}
		for month := time.January; month <= time.December; month++ {
			for day := 1; f.month.has(int(month)) && day <= daysIn(year, month); day++ {
				if f.matches(year, month, day) {
					return true
				}
			}
		}
	}
	return false
}
