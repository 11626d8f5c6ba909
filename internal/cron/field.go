package cron

import (
	"slices"
	"strconv"
	"strings"
)

// The years that AWS takes.
const firstYear, lastYear = 1970, 2199

// rule is what one field may contain.
type rule struct {
	name      string
	low, high int
	// names stand for the numbers from low on.
	names []string
	// shift is added to the file's numbers to get AWS's; wrap is the number after
	// which AWS's begin again, 0 for none.
	shift, wrap int
}

var (
	months   = []string{"JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"}
	weekdays = []string{"SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"}

	minuteRule  = rule{name: "minute", low: 0, high: 59}
	hourRule    = rule{name: "hour", low: 0, high: 23}
	dayRule     = rule{name: "day of month", low: 1, high: 31}
	monthRule   = rule{name: "month", low: 1, high: 12, names: months}
	weekdayRule = rule{name: "day of week", low: 1, high: 7, names: weekdays}
	yearRule    = rule{name: "year", low: firstYear, high: lastYear}
	// unixWeekdays are Unix's numbers: Sunday is 0 and 7.
	unixWeekdays = rule{name: "day of week", low: 0, high: 7, names: weekdays, shift: 1, wrap: 7}
)

// field is one field, in AWS's numbers.
type field struct {
	// all says that every value matches, step that those from first on do.
	all         bool
	first, step int
	// values match, sorted.
	values []int
	// none is "?": the other field for days decides.
	none bool
	// lastDay is L in the day of month. nearest is N of NW: the weekday nearest to
	// the Nth.
	lastDay bool
	nearest int
	// last is N of NL: the last such weekday of the month. nth is the number after
	// '#', of the weekday in last.
	last, nth int
}

// number reads a number or a name of the field, in the field's own numbers.
func (r rule) number(text string) (int, error) {
	if i := slices.Index(r.names, strings.ToUpper(text)); i >= 0 {
		return r.low + i, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || strings.ContainsAny(text, "+-") {
		return 0, refuse(r.remedy(), "%s: %q is not a number%s", r.name, text, r.orName())
	}
	if n < r.low || n > r.high {
		return 0, refuse(r.remedy(), "%s %d is not between %d and %d", r.name, n, r.low, r.high)
	}
	return n, nil
}

func (r rule) orName() string {
	if len(r.names) == 0 {
		return ""
	}
	return " or a name such as " + r.names[1]
}

func (r rule) remedy() string {
	return "use numbers from " + strconv.Itoa(r.low) + " to " + strconv.Itoa(r.high) + r.orName() + ", lists (1,2), ranges (1-5) and steps (*/2)"
}

// toAWS is a number of the file as AWS counts.
func (r rule) toAWS(n int) int {
	n += r.shift
	if r.wrap > 0 && n > r.wrap {
		n -= r.wrap
	}
	return n
}

// parse reads a field that may have lists, ranges and steps.
func (r rule) parse(text string) (field, error) {
	if text == "*" {
		return field{all: true}, nil
	}
	if f, ok, err := r.step(text); ok || err != nil {
		return f, err
	}
	return r.list(text)
}

// list reads a field as the list of its values.
func (r rule) list(text string) (field, error) {
	var out field
	for part := range strings.SplitSeq(text, ",") {
		values, err := r.part(part)
		if err != nil {
			return field{}, err
		}
		out.values = append(out.values, values...)
	}
	slices.Sort(out.values)
	out.values = slices.Compact(out.values)
	return out, nil
}

// step reads a whole field of the form */N or FIRST/N, as AWS takes it.
func (r rule) step(text string) (f field, ok bool, err error) {
	begin, by, ok := strings.Cut(text, "/")
	if !ok || r.shift != 0 || strings.ContainsAny(text, ",-") {
		return field{}, false, nil
	}
	first := r.low
	if begin != "*" {
		if first, err = r.number(begin); err != nil {
			return field{}, true, err
		}
	}
	n, err := r.steps(by)
	if n == 1 && first == r.low {
		return field{all: true}, true, err
	}
	return field{first: first, step: n}, true, err
}

// steps reads the number after a slash.
func (r rule) steps(text string) (int, error) {
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 || strings.ContainsAny(text, "+-") {
		return 0, refuse("write a step such as */5", "%s: the step %q is not a number from 1 on", r.name, text)
	}
	if n > r.high-r.low {
		return 0, refuse("leave out the step, and write the one value that matches", "%s: the step %d is larger than the field's range, %d to %d", r.name, n, r.low, r.high)
	}
	return n, nil
}

// part reads one element of a list: a value, a range, or either with a step.
func (r rule) part(text string) ([]int, error) {
	span, by, stepped := strings.Cut(text, "/")
	step := 1
	var err error
	if stepped {
		if step, err = r.steps(by); err != nil {
			return nil, err
		}
	}
	low, high, ranged := strings.Cut(span, "-")
	var from, to int
	switch span {
	case "*":
		from, to = r.low, r.high
		if r.wrap > 0 {
			to = r.wrap - 1 // 0 and 7 are the same day
		}
	default:
		if from, err = r.number(low); err != nil {
			return nil, err
		}
		to = from
		if ranged {
			if to, err = r.number(high); err != nil {
				return nil, err
			}
			if r.names != nil && r.wrap > 0 && to == 0 && from > 0 {
				to = r.wrap // FRI-SUN
			}
		} else if stepped && r.shift == 0 {
			to = r.high // in a list
		}
		if to < from {
			return nil, refuse("write the smaller value first, or two ranges in a list", "%s: the range %s ends before it begins", r.name, span)
		}
	}
	var out []int
	for n := from; n <= to; n += step {
		out = append(out, r.toAWS(n))
	}
	return out, nil
}

// text is the field as AWS takes it.
func (f field) text(names []string) string {
	name := func(n int) string {
		if names != nil {
			return names[n-1]
		}
		return strconv.Itoa(n)
	}
	switch {
	case f.none:
		return "?"
	case f.all:
		return "*"
	case f.step > 0:
		return strconv.Itoa(f.first) + "/" + strconv.Itoa(f.step)
	case f.lastDay:
		return "L"
	case f.nearest > 0:
		return strconv.Itoa(f.nearest) + "W"
	case f.nth > 0:
		return strconv.Itoa(f.last) + "#" + strconv.Itoa(f.nth)
	case f.last > 0:
		return strconv.Itoa(f.last) + "L"
	}
	var parts []string
	for i := 0; i < len(f.values); {
		j := i
		for j+1 < len(f.values) && f.values[j+1] == f.values[j]+1 {
			j++
		}
		switch {
		case j >= i+2:
			parts = append(parts, name(f.values[i])+"-"+name(f.values[j]))
			i = j + 1
		default:
			parts = append(parts, name(f.values[i]))
			i++
		}
	}
	return strings.Join(parts, ",")
}

// has says whether a value matches; it is not for the days that need the calendar.
func (f field) has(n int) bool {
	switch {
	case f.all:
		return true
	case f.step > 0:
		return n >= f.first && (n-f.first)%f.step == 0
	}
	_, found := slices.BinarySearch(f.values, n)
	return found
}
